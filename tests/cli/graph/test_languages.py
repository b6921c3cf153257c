"""Mermaid and dot: what is written in them is what they read."""

from __future__ import annotations

import re

import pytest

from cli.graph.dot import dot, quoted
from cli.graph.links import links
from cli.graph.mermaid import escaped, mermaid
from cli.graph.model import FlowPicture, StatePicture
from tests.cli.graph.pictures import APPS, HARBOUR, SHOP, drawn

PICTURES = [picture for folder in APPS for picture in drawn(folder).whole().pictures]
NAMES = [picture.name for picture in PICTURES]
HOSTILE = 'a"b\\ end] --> x; %%{init}%% <script> `c`\nd #quot; {e} |f|'
_TOKEN = re.compile(r'\s*(?:("(?:[^"\\\n]|\\.)*")|([A-Za-z_][\w.]*|-?[\d.]+)|(->|[{}\[\]=;,]))', re.DOTALL)


def tokens(text: str) -> list[str]:
    """The tokens of a dot file; fails where one is none."""
    found, at = [], 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        assert token is not None, text[at : at + 40]
        found.append(token.group().strip())
        at = token.end()
    return found


def nodes_and_edges(text: str) -> tuple[set[str], set[str]]:
    """The ids that are declared in a dot file, and those that its edges name."""
    found = tokens(text)
    assert found[0] == "digraph"
    assert found.count("{") == found.count("}")
    assert found.count("[") == found.count("]")
    arrows = [at for at, token in enumerate(found) if token == "->"]
    ends = {found[at + step] for at in arrows for step in (-1, 1)}
    declared = {
        token
        for at, token in enumerate(found[:-1])
        if found[at + 1] == "[" and token[0] == '"' and found[at - 1] != "->"
    }
    return declared, ends


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_every_end_of_an_edge_in_dot_is_declared(picture: FlowPicture | StatePicture) -> None:
    declared, ends = nodes_and_edges(dot(picture))
    assert ends <= declared
    assert len(declared) > 0


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_every_end_of_an_edge_in_mermaid_is_declared(picture: FlowPicture | StatePicture) -> None:
    text = mermaid(picture)
    edges = re.findall(r'^  (\S+) (?:-->|-\.->)(?:\|"[^"]*"\|)? (\S+)(?: :.*)?$', text, re.MULTILINE)
    ends = {end for edge in edges for end in edge} - {"[*]"}
    assert ends <= set(re.findall(r"^ +(\w+)[\[({>]", text, re.MULTILINE)) | set(re.findall(r" as (\w+)$", text, re.M))
    assert text.count("subgraph ") == len(re.findall(r"^ +end$", text, re.MULTILINE))


def test_every_box_is_reached_from_the_start() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    following: dict[str, list[str]] = {}
    for link in links(picture):
        if link.kind != "undo":
            following.setdefault(link.start, []).append(link.end)
    reached, waiting = {picture.start.id}, [picture.start.id]
    while waiting:
        for one in following.get(waiting.pop(), []):
            if one not in reached:
                reached.add(one)
                waiting.append(one)
    missing = [
        box.title
        for box in picture.every_box()
        if box.role != "undo" and box.id not in reached and f"{box.id}-gate" not in reached
    ]
    assert missing == []


def test_a_repetition_leads_back_to_its_beginning() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    (each,) = (box for box in picture.every_box() if box.role == "each")
    labels = {link.label for link in links(picture) if f"{each.id}-gate" in (link.start, link.end)}
    assert {"next", "done"} <= labels


def test_a_compensation_is_a_dashed_way_back() -> None:
    assert "-.->" in mermaid(drawn(SHOP).tool("checkout"))
    assert "style=dashed" in dot(drawn(SHOP).tool("checkout"))


def test_a_move_that_no_tool_performs_is_dashed() -> None:
    text = dot(drawn(HARBOUR).entity("Berth"))
    assert re.search(r'label="no tool" style=dashed', text)


def test_names_cannot_break_out_of_mermaid() -> None:
    shown = escaped(HOSTILE)
    assert set(re.sub(r"#\d+;", "", shown)).isdisjoint('"[]{}<>|;#%`\\\n')
    back = re.sub(r"#(\d+);", lambda found: chr(int(found.group(1))), shown)
    assert back == " ".join(HOSTILE.split())


def test_names_cannot_break_out_of_dot() -> None:
    assert tokens(f"digraph {quoted(HOSTILE)} {{ {quoted('a')} [label={quoted(HOSTILE)}]; }}")[1] == quoted(HOSTILE)
    assert "\n" not in quoted(HOSTILE)


def test_findings_are_seen_in_both() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    assert "red AUT012" in mermaid(picture)
    assert re.search(r'red AUT012: people agree .*color="#c62828"', dot(picture))
