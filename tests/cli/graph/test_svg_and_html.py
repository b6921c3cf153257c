"""SVG and HTML hold everything they show, and nothing an author wrote can be more than text in them."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cli.graph.html import page
from cli.graph.model import Box, FlowPicture, Mark, StatePicture
from cli.graph.svg import svg
from tests.cli.graph.pictures import APPS, HARBOUR, SHOP, SVG, drawn, ids, inline_pictures, parsed
from writ.findings import Colour

HOSTILE = "</style></title>]]><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x00\u202e&amp;"
PICTURES = [picture for folder in APPS for picture in drawn(folder).whole().pictures]
NAMES = [picture.name for picture in PICTURES]


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def hostile() -> FlowPicture:
    mark = Mark("finding-1", "PAY001", HOSTILE, Colour.red, HOSTILE, HOSTILE, (HOSTILE,), HOSTILE)
    start = Box("start", "start", HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,), marks=(mark,))
    return FlowPicture("tool-x", HOSTILE, HOSTILE, start, (), (mark,), (HOSTILE,))


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_a_picture_is_well_formed_and_shows_every_box(picture: FlowPicture | StatePicture) -> None:
    root = parsed(svg(picture))
    wanted = (
        [box.id for box in picture.every_box()]
        if isinstance(picture, FlowPicture)
        else [state.id for state in picture.states]
    )
    found = ids(root)
    assert set(wanted) <= set(found)
    assert len(found) == len(set(found))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == picture.name
    assert picture.description in (description.text or "")


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_a_picture_asks_for_nothing_from_elsewhere(picture: FlowPicture | StatePicture) -> None:
    for text in (svg(picture), page(picture)):
        addresses = [one for one in re.findall(r"\w+://[^\s\"<]*", text) if one != "http://www.w3.org/2000/svg"]
        shown = re.sub(r"<title>.*?</title>|<text.*?</text>|<p.*?</p>|<li>.*?</li>", "", text, flags=re.DOTALL)
        assert [one for one in addresses if one in shown] == []
        assert "@import" not in text
        assert re.findall(r"url\((?!#)", text) == []


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_every_reference_in_a_page_leads_somewhere(picture: FlowPicture | StatePicture) -> None:
    elements = Elements(page(picture)).found
    known = {found["id"] for _, found in elements if "id" in found}
    links = [str(found["href"]) for _, found in elements if "href" in found]
    assert [link for link in links if link[0] != "#" or link[1:] not in known] == []
    boxes = [id for _, found in elements for id in str(found.get("data-boxes") or "").split()]
    assert set(boxes) <= known


def test_text_of_authors_stays_text() -> None:
    text = page(hostile())
    tags = [tag for tag, _ in Elements(text).found]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert [name for _, found in Elements(text).found for name in found if name.startswith("on")] == []
    assert "\u202e" not in text
    root = parsed(svg(hostile()))
    assert {one.tag for one in root.iter()}.isdisjoint({f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject"})


def test_a_page_allows_only_its_own_script_and_style() -> None:
    text = page(drawn(HARBOUR).tool("arrive"))
    (policy,) = [
        str(found["content"]) for tag, found in Elements(text).found if found.get("http-equiv") and tag == "meta"
    ]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert re.findall(r"<[^>]* style=", text) == [], "the policy would drop it"


def test_a_finding_colours_its_box_and_names_its_rule_there() -> None:
    root = parsed(svg(drawn(HARBOUR).tool("arrive")))
    (box,) = [one for one in root.iter() if one.get("class") == "approval red"]
    assert [one.text for one in box.iter(f"{SVG}text")][-1] == "AUT012"
    assert "people agree" in (box.findtext(f"{SVG}title") or "")


def test_a_box_with_findings_is_a_link_to_them_that_the_keyboard_reaches() -> None:
    (picture, _) = inline_pictures(page(drawn(HARBOUR).tool("arrive")))
    links = list(picture.iter(f"{SVG}a"))
    assert links
    assert all((one.get("href") or "").startswith("#finding-") and one.get("aria-label") for one in links)


def test_a_finding_is_told_with_message_witness_and_way_out() -> None:
    app = drawn(HARBOUR)
    text = page(app.tool("arrive"))
    plain = re.sub(r"</?code>", "`", text)
    for finding in (one for one in app.judgement.findings if one.rule == "AUT012"):
        assert finding.message in plain
        assert finding.help in plain
        assert all(sentence in plain for sentence in finding.witness)


def test_a_finding_has_its_name_what_fixes_it_and_when_yellow_its_fingerprint() -> None:
    mark = Mark("finding-1", "LIM001", "unbounded-read", Colour.yellow, "all rows", "", (), "a.yaml:1:1")
    start = Box("start", "start", "tool", "x", marks=(mark,))
    told = replace(mark, fingerprint="4f1c09d2a7b35e68", fix="add `limit: 100`")
    red = replace(told, id="finding-2", colour=Colour.red, fix="")
    text = page(FlowPicture("tool-x", "x", "", start, (), (told, red)))
    assert text.count("LIM001 unbounded-read</h4>") == 2
    assert text.count("<b>fix:</b> <code>writ check --fix</code> can add <code>limit: 100</code>") == 1
    assert text.count("fingerprint <code>4f1c09d2a7b35e68</code>") == 1


def test_a_mark_knows_the_fingerprint_of_its_finding() -> None:
    app = drawn(HARBOUR)
    marks = {mark.fingerprint for mark in app.whole().tools[0].marks}
    assert marks and marks <= {finding.fingerprint for finding in app.judgement.findings}


def test_a_green_tool_has_no_list_of_findings() -> None:
    assert "what was found" not in page(drawn(SHOP).tool("checkout"))


def test_the_page_of_an_app_leads_to_every_tool_and_entity() -> None:
    app = drawn(SHOP)
    text = page(app.whole())
    links = re.findall(r'<li><a href="#([\w-]+)">(\w+)</a>', text)
    assert [name for _, name in links] == [*sorted(app.app.tools), *sorted(app.app.entities)]
    assert all(f'<section class="drawn" id="{id}">' in text for id, _ in links)
    found = re.findall(r' id="([^"]*)"', text)
    assert len(found) == len(set(found))


def test_pictures_are_light_and_dark() -> None:
    text = svg(drawn(SHOP).tool("checkout"))
    assert "@media screen and (prefers-color-scheme:dark)" in text
