"""Everything has a place of its own, whatever the flow and whatever the states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.graph.drawing import Dot, Line
from cli.graph.flow_layout import laid_out
from cli.graph.model import Box, Exit, FlowPicture, Lane, Move, Role, State, StatePicture, Undo
from cli.graph.state_layout import laid_out as states_laid_out
from cli.graph.svg import drawing_of
from tests.cli.graph.pictures import APPS, HARBOUR, SHOP, drawn, faults, of_tool

TOOLS = [(folder, name) for folder in APPS for name in drawn(folder).app.tools]
ENTITIES = [(folder, name) for folder in APPS for name in drawn(folder).app.entities]


@pytest.mark.parametrize(("folder", "name"), TOOLS, ids=[name for _, name in TOOLS])
def test_nothing_lies_across_anything_in_a_flow(folder: Path, name: str) -> None:
    picture = drawn(folder).tool(name)
    drawing = drawing_of(picture)
    assert faults(drawing) == []
    assert {part.of.id for part in drawing.parts} == {box.id for box in picture.every_box()}


@pytest.mark.parametrize(("folder", "name"), ENTITIES, ids=[name for _, name in ENTITIES])
def test_nothing_lies_across_anything_in_a_life(folder: Path, name: str) -> None:
    assert faults(drawing_of(drawn(folder).entity(name))) == []


def test_a_flow_runs_from_top_to_bottom() -> None:
    picture = drawn(SHOP).tool("checkout")
    tops = {part.of.id: part.y for part in drawing_of(picture).parts}
    order = [tops[box.id] for box in (picture.start, *picture.boxes)]
    assert order == sorted(order)


def test_a_transaction_commits_at_its_lower_edge() -> None:
    drawing = drawing_of(drawn(SHOP).tool("checkout"))
    edges = sorted(part.y + part.height for part in drawing.parts if part.role == "transaction")
    assert sorted(item.y for item in drawing.items if isinstance(item, Dot) and item.kind == "commit") == edges


def test_branches_of_a_parallel_stand_side_by_side() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    ids = {box.title: box.id for box in picture.every_box()}
    parts = {part.of.id: part for part in drawing_of(picture).parts}
    boxes, helper = parts[ids["boxes"]], parts[ids["helper"]]
    assert boxes.y == helper.y
    assert boxes.x + boxes.width < helper.x


def test_what_takes_back_is_dashed_from_where_the_run_can_stop() -> None:
    drawing = drawing_of(drawn(SHOP).tool("checkout"))
    undo = next(part for part in drawing.parts if part.role == "undo")
    choice = next(part for part in drawing.parts if part.role == "choice")
    ways = [item.points for item in drawing.items if isinstance(item, Line) and item.kind == "undo"]
    assert any(points[0][1] > choice.y and points[-1][0] == undo.x for points in ways)


def _nested(depth: int) -> list[Any]:
    if not depth:
        return [{"transform": "last", "value": "1"}]
    return [
        {"transform": f"goods_{depth}", "value": "input.goods"},
        {"wait": f"pause_{depth}", "for": "30m"},
        {
            "if": f"is_this_a_ship_with_many_goods_on_board_{depth}",
            "when": f"size(input.goods) > {depth} && input.goods.all(each, each != 'something with a long name')",
            "then": _nested(depth - 1),
            "else": [{"transform": f"none_{depth}", "value": "0"}, {"refuse": "no_room"}],
        },
    ]


def test_sixty_nodes_deeply_nested_have_room() -> None:
    app = of_tool([*_nested(12), {"respond": None, "value": {"berth": "input.berth"}}])
    assert app.judgement.problems == ()
    picture = app.tool("arrive")
    assert len(list(picture.every_box())) >= 60
    assert faults(drawing_of(picture)) == []


NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_WM…→漢", min_size=1, max_size=60)
LEAVES: list[Role] = ["value", "read", "write", "check", "emit", "outside", "payment", "approval", "wait", "call"]
FRAMES: list[Role] = ["transaction", "parallel", "each"]


@st.composite
def _boxes(draw: st.DrawFn, depth: int = 3) -> tuple[Box, ...]:
    return tuple(draw(_box(depth)) for _ in range(draw(st.integers(0 if depth < 3 else 1, 3))))


@st.composite
def _box(draw: st.DrawFn, depth: int) -> Box:
    number = draw(st.uuids()).hex
    lines = tuple(draw(st.lists(NAMES, max_size=3)))
    kind = draw(st.sampled_from(["leaf", "frame", "choice", "failing"] if depth else ["leaf"]))
    if kind == "leaf":
        exits = (Exit("refused", 409, ""),) if draw(st.booleans()) else ()
        return Box(number, draw(st.sampled_from(LEAVES)), "word", draw(NAMES), lines, exits=exits)
    if kind == "frame":
        role = draw(st.sampled_from(FRAMES))
        count = draw(st.integers(1, 3)) if role == "parallel" else 1
        lanes = tuple(Lane("inside", draw(NAMES), draw(_boxes(depth - 1))) for _ in range(count))
        return Box(number, role, role, draw(NAMES), lines, lanes=lanes)
    if kind == "choice":
        lanes = tuple(Lane("branch", draw(NAMES), draw(_boxes(depth - 1))) for _ in range(draw(st.integers(1, 3))))
        return Box(number, "choice", "if", draw(NAMES), lines, lanes=lanes)
    lanes = (Lane("failure", "on error", draw(_boxes(depth - 1))),)
    undo = Undo(Box(f"{number}-undo", "undo", "undone by", draw(NAMES), lines), ())
    return Box(number, "outside", "http", draw(NAMES), lines, lanes=lanes, undo=undo)


@given(_boxes())
def test_any_flow_has_room(boxes: tuple[Box, ...]) -> None:
    start = Box("start", "start", "tool", "any")
    assert faults(laid_out(FlowPicture("any", "any", "", start, boxes))) == []


@given(st.integers(1, 7), st.data())
def test_any_life_has_room(count: int, data: st.DataObject) -> None:
    states = tuple(State(f"s{number}", data.draw(NAMES), number == 0, False) for number in range(count))
    every = [(one.id, other.id) for one in states for other in states]
    chosen = data.draw(st.lists(st.sampled_from(every), unique=True, max_size=14))
    tools = st.lists(NAMES, max_size=3).map(tuple)
    moves = tuple(Move(start, end, data.draw(tools)) for start, end in chosen)
    final = tuple(
        State(one.id, one.name, one.initial, not any(move.start == one.id for move in moves)) for one in states
    )
    assert faults(states_laid_out(StatePicture("any", "any", "", final, moves, ("maker",)))) == []
