"""Apps that are drawn in tests, and what is asked of every drawing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cli import spec_folder
from cli.graph.drawing import FACES, Drawing, Part, Tag
from cli.graph.of_app import Drawn
from cli.graph.text_width import width
from tests.cli.conftest import CHECKOUT, CLINIC
from writ.check import check_app
from writ.judgement import judge

HERE = Path(__file__).parent
HARBOUR = HERE / "apps" / "harbour"
SHOP = CHECKOUT / "tests" / "writ" / "rules" / "apps" / "shop"
APPS = (HARBOUR, SHOP, CLINIC)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(folder: Path, **changes: str) -> Drawn:
    """The app of a folder; `changes` are texts put in the place of others in all of its files."""
    files = {path: _changed(content, changes) for path, content in spec_folder.read(folder).files.items()}
    checked = check_app(files, str(folder))
    assert checked.partial is not None
    return Drawn(checked.partial, judge(checked.partial, checked.problems))


def _changed(content: bytes, changes: dict[str, str]) -> bytes:
    text = content.decode()
    for old, new in changes.items():
        text = text.replace(old, new)
    return text.encode()


def of_tool(flow: list[Any], name: str = "arrive") -> Drawn:
    """The harbour with one tool whose flow is this."""
    files = dict(spec_folder.read(HARBOUR).files)
    path = next(path for path in files if path.endswith(f"{name}.yaml"))
    files[path] = files[path].split(b"flow:\n")[0] + b"flow: " + json.dumps(flow).encode() + b"\n"
    checked = check_app(files, str(HARBOUR))
    assert checked.partial is not None
    return Drawn(checked.partial, judge(checked.partial, checked.problems))


def faults(drawing: Drawing) -> list[str]:
    """What is wrong with where things stand: nothing may lie across something else or outside of what it is in."""
    return [*_overlapping(drawing), *_outside(drawing), *_too_long(drawing)]


def _overlapping(drawing: Drawing) -> Iterator[str]:
    solid: list[Part | Tag] = [part for part in drawing.parts if not part.frame]
    solid += [item for item in drawing.items if isinstance(item, Tag)]
    for number, one in enumerate(solid):
        for other in solid[number + 1 :]:
            if _meet(one, other):
                yield f"{_name(one)} lies across {_name(other)}"
    frames = [part for part in drawing.parts if part.frame]
    by_id = {part.of.id: part for part in drawing.parts}
    for frame in frames:
        for part in drawing.parts:
            if (
                part is not frame
                and _meet(frame, part)
                and not (_within(part, frame, by_id) or _within(frame, part, by_id))
            ):
                yield f"{_name(part)} lies across the edge of {_name(frame)}"


def _within(part: Part, frame: Part, by_id: dict[str, Part]) -> bool:
    while part.parent:
        if part.parent == frame.of.id:
            return True
        part = by_id[part.parent]
    return False


def _outside(drawing: Drawing) -> Iterator[str]:
    by_id = {part.of.id: part for part in drawing.parts}
    for part in drawing.parts:
        frame = by_id.get(part.parent)
        left, top, right, bottom = 0.0, 0.0, drawing.width, drawing.height
        if frame is not None:
            left, top = frame.x, frame.y + frame.head
            right, bottom = frame.x + frame.width, frame.y + frame.height
        if part.x < left or part.y < top or part.x + part.width > right or part.y + part.height > bottom:
            yield f"{_name(part)} reaches out of {part.parent or 'the picture'}"
    for item in drawing.items:
        if isinstance(item, Tag) and not (item.x >= 0 and item.x + item.width <= drawing.width):
            yield f"{_name(item)} reaches out of the picture"


def _too_long(drawing: Drawing) -> Iterator[str]:
    for part in drawing.parts:
        for words in part.words:
            if words.x + width(words.text, FACES[words.kind]) > part.x + part.width or words.y > part.y + part.height:
                yield f"`{words.text}` is longer than {_name(part)}"
        for chip in part.chips:
            if chip.x + chip.width > part.x + part.width or chip.y + chip.height > part.y + part.height:
                yield f"`{chip.text}` reaches out of {_name(part)}"


def _meet(one: Part | Tag, other: Part | Tag) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _name(item: Part | Tag) -> str:
    return item.of.id if isinstance(item, Part) else f"`{item.full}`"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def ids(root: ElementTree.Element) -> list[str]:
    return [found for one in root.iter() if (found := one.get("id"))]


def inline_pictures(page: str) -> list[ElementTree.Element]:
    return [parsed(found) for found in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]
