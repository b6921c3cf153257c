"""A page that holds everything it shows: pictures, and beside each what was found. It asks nothing of any network.

Its only script and style are named in its policy by their digests, so nothing that an author wrote can become one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

from cli.graph.colours import style_sheet
from cli.graph.model import AppPicture, FlowPicture, Mark, Picture, below, worst_of
from cli.graph.svg import inline_svg, legend_svg, text
from writ.findings import Colour

_CODE = re.compile(r"`([^`]+)`")


def page(picture: Picture | AppPicture) -> str:
    """The page of one tool, one entity, or all of an app."""
    if isinstance(picture, AppPicture):
        return _document(picture.name, _app(picture))
    return _document(picture.name, ['<main id="main">', *_section(picture, "h1"), *_legend([picture]), "</main>"])


def _document(title: str, body: Iterator[str] | Sequence[str]) -> str:
    style = f"{_resource('page.css')}\n{style_sheet()}"
    script = _resource("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{text(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#main">to the pictures</a>',
    ]
    return "\n".join([*head, *body, f"<script>{script}</script>", "</body>", "</html>"]) + "\n"


def _app(app: AppPicture) -> Iterator[str]:
    every = app.pictures
    marks = (*app.marks, *(mark for one in every for mark in one.marks))
    wrong = app.problems or any(one.problems for one in every)
    yield f"<header><h1>{text(app.name)} {_colour('red' if wrong else worst_of(marks))}</h1>"
    yield f'<p class="muted">{text(app.description)}</p></header>'
    yield '<nav aria-label="contents">'
    yield from _contents("tools", app.tools)
    yield from _contents("entities", app.entities)
    yield '</nav><main id="main">'
    yield from _problems(app.problems)
    if app.marks:
        yield '<section class="drawn"><h2>the app as a whole</h2><div class="beside">'
        yield from _findings(app.marks, {})
        yield "</div></section>"
    for picture in every:
        yield from _section(picture, "h2")
    yield from _legend(every)
    yield "</main>"


def _contents(what: str, pictures: Sequence[Picture]) -> Iterator[str]:
    if pictures:
        yield f"<div><h3>{what}</h3><ul>"
        for one in pictures:
            yield f'<li><a href="#{text(one.id)}">{text(one.name)}</a> {_colour(_worst(one))}</li>'
        yield "</ul></div>"


def _section(picture: Picture, heading: str) -> Iterator[str]:
    kind = "tool" if isinstance(picture, FlowPicture) else "entity"
    yield f'<section class="drawn" id="{text(picture.id)}">'
    yield f'<{heading}><span class="muted">{kind}</span> {text(picture.name)} {_colour(_worst(picture))}</{heading}>'
    yield f'<p class="muted">{text(picture.description)}</p>'
    yield from _problems(picture.problems)
    named = text(f"picture of {picture.name}")
    yield f'<div class="beside"><div class="figure" tabindex="0" role="region" aria-label="{named}">'
    yield inline_svg(picture)
    yield "</div>"
    yield from _findings(picture.marks, _boxes_of(picture))
    yield "</div></section>"


def _worst(picture: Picture) -> str:
    return "red" if picture.problems else worst_of(picture.marks)


def _boxes_of(picture: Picture) -> dict[str, list[str]]:
    """By the id of a finding, the ids of the boxes it stands at."""
    boxes = below((picture.start, *picture.boxes)) if isinstance(picture, FlowPicture) else picture.states
    found: dict[str, list[str]] = {}
    for box in boxes:
        for mark in box.marks:
            found.setdefault(mark.id, []).append(box.id)
    return found


def _findings(marks: Sequence[Mark], boxes: dict[str, list[str]]) -> Iterator[str]:
    if marks:
        yield '<div class="findings"><h3>what was found</h3>'
        for mark in marks:
            yield from _finding(mark, boxes.get(mark.id, []))
        yield "</div>"


def _finding(mark: Mark, boxes: Sequence[str]) -> Iterator[str]:
    look = "accepted" if mark.acknowledged else str(mark.colour)
    yield f'<article class="finding {look}" id="{mark.id}" data-boxes="{text(" ".join(boxes))}">'
    accepted = ' <span class="muted">acknowledged</span>' if mark.acknowledged else ""
    yield f"<h4>{_colour(mark.colour)} {text(mark.rule)} {text(mark.name)}{accepted}</h4><p>{_prose(mark.message)}</p>"
    if mark.witness:
        yield f"<p>how it goes wrong:</p><ol>{''.join(f'<li>{_prose(one)}</li>' for one in mark.witness)}</ol>"
    if mark.help:
        yield f'<p class="help"><b>way out:</b> {_prose(mark.help)}</p>'
    if mark.fix:
        yield f'<p class="help"><b>fix:</b> {_prose(f"`writ check --fix` can {mark.fix}")}</p>'
    if mark.colour is Colour.yellow:
        yield f'<p class="muted">fingerprint <code>{text(mark.fingerprint)}</code></p>'
    shown = f' · <a href="#{text(boxes[0])}">show it in the picture</a>' if boxes else ""
    yield f'<p class="muted">{text(mark.place)}{shown}</p></article>'


def _problems(problems: Sequence[str]) -> Iterator[str]:
    if problems:
        yield '<div class="problem"><p>The picture is not whole, because something is wrong:</p><ul>'
        yield from (f"<li>{_prose(problem)}</li>" for problem in problems)
        yield "</ul></div>"


def _legend(pictures: Sequence[Picture]) -> Iterator[str]:
    drawn = legend_svg(pictures)
    if drawn:
        yield f'<section class="drawn"><h2>legend</h2><div class="figure">{drawn}</div></section>'


def _colour(colour: str) -> str:
    return f'<span class="colour {colour}">{colour}</span>'


def _prose(message: str) -> str:
    """A message, with what it puts in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", text(message))


def _digest(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _resource(name: str) -> str:
    return files("cli.graph").joinpath(name).read_text(encoding="utf-8").strip()
