"""What can still be checked of a tool whose document is wrong somewhere, so that its other mistakes are told as well."""

from __future__ import annotations

from writ.problems import Problem
from writ.spec.documents import RefusalDocument, ToolDocument
from writ.spec.marked import Marked
from writ.spec.shape import Name

_UNTYPED = {"type": "object"}


def remaining_tool(marked: Marked) -> ToolDocument | None:
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
        refusals={name: RefusalDocument.model_construct(message="") for name in _codes(written.get("refusals"))},
        flow=written["flow"].value,
    )
    left.model_post_init(marked)
    return left


def _name(written: Marked | None, marked: Marked) -> Name:
    name = Name.shaped(written) if written else None
    return name if isinstance(name, Name) else Name("tool", marked.head)


def _untyped(marked: Marked) -> Marked:
    return Marked({key: Marked(value, marked.head) for key, value in _UNTYPED.items()}, marked.head)


def _codes(refusals: Marked | None) -> list[Name]:
    if refusals is None or not isinstance(refusals.value, dict):
        return []
    shaped = [Name.shaped(refusals.key(name)) for name in refusals.value]
    return [name for name in shaped if not isinstance(name, Problem)]
