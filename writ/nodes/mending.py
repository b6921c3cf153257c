"""Behind a wrong node: what it would have bound, and the nodes in it, so that no mistake is told twice or missed."""

from __future__ import annotations

from collections.abc import Iterator

from writ.nodes.context import Context
from writ.spec.marked import Marked
from writ.spec.shape import Name
from writ.values import Unknown

_ENDING = ("respond", "refuse")


def go_on_without(word: str, binds: bool, marked: Marked, context: Context) -> None:
    """Go on as if the node `marked`, of the kind `word`, had been right."""
    entries = marked.value if isinstance(marked.value, dict) else {}
    if word == "transaction":
        block = context.inner("transaction")
        _check(entries.get("nodes"), block)
        context.names = block.names
    for branch in _branches(word, entries):
        _check(branch, context.branch())
    if binds:
        bind_anyway(entries[word] if word in entries else next(iter(entries.values())), context)
    context.ended = context.ended or word in _ENDING
    context.unsure = context.unsure or word in ("if", "switch")


def _branches(word: str, entries: dict[str, Marked]) -> Iterator[Marked | None]:
    if word == "if":
        yield from (entries.get("then"), entries.get("else"))
    elif word == "switch":
        cases = entries["cases"].value if "cases" in entries else None
        for case in cases if isinstance(cases, list) else ():
            yield case.value.get("nodes") if isinstance(case.value, dict) else None
        yield entries.get("default")


def _check(nodes: Marked | None, context: Context) -> None:
    if nodes is not None and isinstance(nodes.value, list):
        context.nodes(nodes.value)


def bind_anyway(written: Marked, context: Context) -> None:
    """Bind what stands there as a name, also where it is none: what uses it says it the same way."""
    name = Name.shaped(written)
    if isinstance(name, Name):
        context.bind_unknown(name)
    elif isinstance(written.value, str):
        context.names = context.names.with_name(written.value, Unknown())
