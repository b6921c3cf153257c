"""What can still be checked of a tool whose document is wrong, so that its other mistakes are told as well."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from writ.spec.documents import ToolDocument
from writ.spec.marked import Marked
from writ.spec.shape import Name

_UNTYPED = {"type": "object"}


@dataclass(frozen=True, slots=True)
class Remains:
    """A tool of which only the contracts and the flow mean something. `refusals` are its codes, None if unknown."""

    tool: ToolDocument
    refusals: Collection[str] | None


def remaining_tool(marked: Marked) -> Remains | None:
    """The flow and the contracts of a wrong tool; None where not even the flow is a list.

    Roles, route and the words of refusals are left out: for what is missing or wrong there the author has been told.
    """
    written = marked.value
    if not isinstance(written, dict) or "flow" not in written or not isinstance(written["flow"].value, list):
        return None
    left = ToolDocument.model_construct(
        tool=_name(written.get("tool"), marked),
        description="",
        allow={},
        input=written.get("input", _untyped(marked)),
        output=written.get("output", _untyped(marked)),
        flow=written["flow"].value,
    )
    left.model_post_init(marked)
    return Remains(left, _codes(written.get("refusals")))


def _name(written: Marked | None, marked: Marked) -> Name:
    name = Name.shaped(written) if written else None
    return name if isinstance(name, Name) else Name("tool", marked.head)


def _untyped(marked: Marked) -> Marked:
    return Marked({key: Marked(value, marked.head) for key, value in _UNTYPED.items()}, marked.head)


def _codes(refusals: Marked | None) -> Collection[str] | None:
    return tuple(refusals.value) if refusals is not None and isinstance(refusals.value, dict) else None
