"""Rows that a transaction reads and relies on, while nothing keeps other transactions from changing them."""

from __future__ import annotations

from collections.abc import Iterator

from writ.graph.app import ToolFacts
from writ.graph.blocks import writes_in
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.nodes.facts import Isolation, Read, Use

_NEVER_CHANGE = frozenset({"id", "created_at"})
_RELIED_ON = frozenset({"set", "where", "condition", "over"})


def relied_on(tool: ToolFacts, block: Step, isolation: Isolation) -> Iterator[tuple[Step, Step]]:
    """Writes of a transaction that is not serializable, each with a read in it that decides it or says what is written,
    and whose rows can be others when it commits: they are not locked.
    """
    for step in writes_in(tool.graph, block):
        for use in _deciding(tool, block, step):
            for origin in sorted(tool.data.of_use(use), key=lambda it: it.name):
                read = _read_here(tool, block, origin)
                if read is not None and _can_change(step, use, origin, read.facts.read, isolation):
                    yield step, read


def _deciding(tool: ToolFacts, block: Step, step: Step) -> Iterator[Use]:
    """What the write is made from, and what was decided in the transaction before it."""
    yield from (use for use in step.facts.uses if use.purpose in _RELIED_ON)
    inside = {block.index, *(one.index for one in tool.graph.inside(block))}
    yield from (use for guard, use in tool.data.guards(step) if guard.index in inside)


def _read_here(tool: ToolFacts, block: Step, origin: Origin) -> Step | None:
    found = tool.graph.steps[origin.step] if origin.step is not None else None
    return found if found is not None and found.facts.read and found.transaction == block.index else None


def _can_change(step: Step, use: Use, origin: Origin, read: Read | None, isolation: Isolation) -> bool:
    """Whether another transaction can make the value another one. A lock does not keep rows from being added to a list
    that was looked at; `repeatable_read` notices by itself when the very row it writes was changed.
    """
    if read is None or origin.field is None or origin.field.immutable or origin.field.name in _NEVER_CHANGE:
        return False
    written = step.facts.write.entity if step.facts.write else None
    if isolation == "repeatable_read" and written is not None and written.name == read.entity.name:
        return False
    return read.lock is None or (read.expect == "many" and use.purpose == "guard")
