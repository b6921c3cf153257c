"""Where values come from and go to when they pass from one tool to another that it calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.showing import shown
from writ.nodes.facts import Use
from writ.spec.resolved import TypedExpression
from writ.values.syntax import Literal, MapLiteral

Placed = tuple[ToolFacts, Origin]
"""A source, and the tool whose run it is in."""


def through_calls(
    app: AppFacts, tool: ToolFacts, origins: Iterable[Origin], seen: frozenset[str] = frozenset()
) -> Iterator[Placed]:
    """The sources, and for what a called tool answered those of its answer, at any depth."""
    for origin in origins:
        called = tool.graph.steps[origin.step].facts.calls if origin.step is not None else None
        there = app.every_tool.get(called or "")
        if origin.kind != "response" or there is None or called is None or called in seen:
            yield tool, origin
        else:
            yield from through_calls(app, there, _answered(there, origin.name[len(called) :]), seen | {called})


def reached_by(
    app: AppFacts, step: Step, use: Use, seen: frozenset[str] = frozenset()
) -> Iterator[tuple[ToolFacts, Use]]:
    """The uses, in the tool that a step calls and in those called there, of what the step gives it as its input."""
    there = app.every_tool.get(step.facts.calls or "")
    if there is None or there.name in seen:
        return
    for one in there.graph.steps:
        for its_use in one.facts.uses:
            if any(_meet(path, use.place) for path in there.data.from_input(its_use.expression)):
                yield there, its_use
                if its_use.purpose == "call":
                    yield from reached_by(app, one, its_use, seen | {there.name})


def _answered(tool: ToolFacts, part: str) -> Iterator[Origin]:
    """The sources of that part (`.email`) of what a tool answers."""
    for step in tool.graph.steps:
        for use in step.facts.uses:
            if use.purpose == "answer" and _meet(use.place, f"value{part}"):
                yield from shown(tool.data, _part(use.expression, part.split(".")[1:]))


def _part(whole: TypedExpression, names: list[str]) -> TypedExpression:
    """The entry of a mapping that is written as one expression."""
    entries = whole.tree.entries if names and isinstance(whole.tree, MapLiteral) else ()
    found = (value for key, value in entries if isinstance(key, Literal) and key.value == names[0])
    entry = next(found, None)
    return whole if entry is None else _part(replace(whole, tree=entry), names[1:])


def _meet(one: str, other: str) -> bool:
    """Whether one path is the other or a part of it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
