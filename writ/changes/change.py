"""What one change between two versions of an app is, and the two versions side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from writ.changes.kinds import Kind
from writ.changes.steps import Matched, matched
from writ.findings import Colour
from writ.graph.app import AppFacts, ToolFacts
from writ.nodes.typed import TypedApp, TypedTool
from writ.source import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `path` is the logical path of what changed (`shop.checkout/charge`, `shop.Order.total`). `before` is
    its place in the old version, `after` in the new one: where it is gone, or is new, the place it would stand in.
    """

    kind: Kind
    path: str
    message: str
    before: Span | None
    after: Span | None
    help: str = ""

    @property
    def level(self) -> Colour:
        """Red, yellow or green."""
        return self.kind.level


@dataclass(frozen=True, slots=True)
class ToolPair:
    """A tool in both versions; `steps` only where its flow is whole in both."""

    old: TypedTool
    new: TypedTool
    path: str
    facts: tuple[ToolFacts, ToolFacts] | None
    steps: Matched | None

    def spans(self, *keys: str) -> tuple[Span, Span]:
        """The places of a key of its document in both; the nearest of `keys` that is there, or the tool's name."""
        return place_of(self.old, *keys), place_of(self.new, *keys)


def place_of(tool: TypedTool, *keys: str) -> Span:
    """The place of the first of these keys that is written, or that of the tool's name."""
    return next((tool.spans[key] for key in keys if key in tool.spans), tool.span)


class Versions:
    """Two versions of an app. Names that both have are paired; `gone` and `fresh` are the others."""

    def __init__(self, old: TypedApp, new: TypedApp) -> None:
        self.old = AppFacts(old)
        self.new = AppFacts(new)

    @property
    def name(self) -> str:
        """What paths begin with."""
        return self.new.app.name

    @property
    def spans(self) -> tuple[Span | None, Span | None]:
        """The places of the app itself."""
        return self.old.app.span, self.new.app.span

    @cached_property
    def tools(self) -> tuple[ToolPair, ...]:
        """The tools that both have, by name."""
        both = paired(self.old.app.tools, self.new.app.tools)
        return tuple(self._pair(name, old, new) for name, old, new in both)

    def _pair(self, name: str, old: TypedTool, new: TypedTool) -> ToolPair:
        whole = self.old.every_tool.get(name), self.new.every_tool.get(name)
        if whole[0] is None or whole[1] is None:
            return ToolPair(old, new, f"{self.name}.{name}", None, None)
        facts = whole[0], whole[1]
        return ToolPair(old, new, f"{self.name}.{name}", facts, matched(whole[0].graph, whole[1].graph))


def paired(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T, T]]:
    """What both have, by name."""
    return ((name, old[name], new[name]) for name in sorted(old.keys() & new.keys()))


def gone(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T]]:
    """What only the first has, by name; with the two exchanged, what is new."""
    return ((name, old[name]) for name in sorted(old.keys() - new.keys()))
