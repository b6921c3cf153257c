"""What an approval is bound to, and what the steps behind it use that it is not bound to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.graph.acting import acts
from writ.graph.app import ToolFacts
from writ.graph.belonging import conditions, creates
from writ.graph.flow import Step
from writ.graph.origins import Origin, Origins
from writ.graph.showing import shown
from writ.nodes.facts import Use

_DECIDED = frozenset({"amount", "set", "send", "where", "reference", "event", "address", "call"})
_OUTWARD = frozenset({"amount", "send", "address"})


@dataclass(frozen=True, slots=True)
class Unbound:
    """A use of a value behind an approval which it says nothing about; `source` is the step that got the value."""

    step: Step
    use: Use
    source: Step
    origin: Origin

    @property
    def is_row(self) -> bool:
        """Whether it is a field of a row, and not the answer of a service."""
        return self.origin.kind == "row"

    @property
    def value(self) -> str:
        """The value as the author names it (`order.total`)."""
        part = self.origin.name.rsplit(".", 1)[-1] if self.is_row else ""
        return f"{self.source.facts.name}.{part}" if part else self.source.facts.name


def unbound_before(tool: ToolFacts, approval: Step) -> Iterator[Unbound]:
    """What steps behind the approval use that was got before it and is not bound: neither it nor its row's version."""
    bound = _bound(tool, approval)
    for step, use in uses_behind(tool, approval):
        origins = tool.data.of_use(use)
        for origin in _in_order(origins - _kept_in_rows(tool, origins)):
            source = _source(tool, origin)
            if source is None or not tool.graph.can_follow(source, approval) or _is_bound(origin, bound):
                continue
            if not tool.graph.can_follow(approval, source) and not _is_fixed(tool, origin, source):
                yield Unbound(step, use, source, origin)


def read_again(tool: ToolFacts, approval: Step) -> Iterator[Unbound]:
    """Values of rows read behind the approval which go out, and which nothing compares with what was agreed to."""
    bound = _bound(tool, approval)
    for step, use in uses_behind(tool, approval, _OUTWARD):
        for origin in _in_order(tool.data.of_use(use)):
            source = _source(tool, origin)
            if source is None or origin.kind != "row" or creates(source):
                continue
            if tool.graph.can_follow(approval, source) and not _compared(tool, step, source, origin, bound):
                yield Unbound(step, use, source, origin)
                break


def _bound(tool: ToolFacts, approval: Step) -> Origins:
    stated = approval.facts.approval
    return frozenset[Origin]().union(*(shown(tool.data, one) for one in stated.bound)) if stated else frozenset()


def uses_behind(tool: ToolFacts, approval: Step, purposes: frozenset[str] = _DECIDED) -> Iterator[tuple[Step, Use]]:
    """What the steps behind it that change something, or call a tool, are given."""
    for step in tool.graph.after(approval):
        if (acts(step) or step.facts.calls) and not tool.graph.concurrent(approval, step):
            yield from ((step, use) for use in step.facts.uses if use.purpose in purposes)


def _source(tool: ToolFacts, origin: Origin) -> Step | None:
    return tool.graph.steps[origin.step] if origin.step is not None else None


def _kept_in_rows(tool: ToolFacts, origins: Origins) -> Origins:
    """The sources of what the run itself wrote into the rows among them: the row stands for them."""
    found: list[Origins] = []
    for origin in origins:
        source = _source(tool, origin)
        if source is not None and source.facts.write is not None:
            sets = (use for use in source.facts.uses if use.purpose == "set" and use.field is not None)
            found += [tool.data.of_use(use) for use in sets if use.field and use.field.name == _part(origin)]
    return frozenset[Origin]().union(*found)


def _is_bound(origin: Origin, bound: Origins) -> bool:
    """Whether people were told the value, the whole of which it is a part, or the version of its row."""
    same = [it for it in bound if it.step == origin.step]
    whole = any(f"{origin.name}.".startswith(f"{it.name}.") for it in same)
    return whole or any(it.kind == "row" and _part(it) == "version" for it in same)


def _is_fixed(tool: ToolFacts, origin: Origin, source: Step) -> bool:
    """Whether it could be no other: the id of a row that the run made, or a field by which the request found it."""
    if creates(source):
        return _part(origin) == "id"
    same = (it for it in conditions(source) if it.field.name == _part(origin) and it.operator == "equals")
    values = (it.value for it in same if it.when is None and it.value is not None)
    return any(all(it.step is None for it in tool.data.of(value)) for value in values)


def _compared(tool: ToolFacts, step: Step, source: Step, origin: Origin, bound: Origins) -> bool:
    fields = {_part(origin), "version"}
    for one in conditions(source):
        if one.field.name in fields and one.when is None and one.value is not None and tool.data.of(one.value) & bound:
            return True
    asked = (it for _, use in tool.data.guards(step) for it in tool.data.of_use(use))
    return any(it.step == source.index and _part(it) in fields for it in asked)


def _part(origin: Origin) -> str:
    return origin.name.rsplit(".", 1)[-1]


def _in_order(origins: Origins) -> list[Origin]:
    return sorted(origins, key=lambda it: (it.step if it.step is not None else -1, it.name))
