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
    if word == "each":
        _check(entries.get("nodes"), _with_item(entries, context))
    for nodes in _side_by_side(word, entries):
        _go_through(nodes, context)
    for branch in _branches(word, entries):
        _check(branch, context.branch())
    if binds:
        bind_anyway(entries[word] if word in entries else next(iter(entries.values())), context)
    context.ended = context.ended or word in _ENDING
    context.unsure = context.unsure or word in ("if", "switch", "parallel")


def _branches(word: str, entries: dict[str, Marked]) -> Iterator[Marked | None]:
    if word == "if":
        yield from (entries.get("then"), entries.get("else"))
    elif word == "switch":
        cases = entries["cases"].value if "cases" in entries else None
        for case in cases if isinstance(cases, list) else ():
            yield case.value.get("nodes") if isinstance(case.value, dict) else None
        yield entries.get("default")
    elif word in ("http", "payment"):
        yield from (entries.get("on_error"), entries.get("on_unknown"))


def _side_by_side(word: str, entries: dict[str, Marked]) -> Iterator[Marked]:
    """The branches whose names are seen behind them."""
    branches = entries["branches"].value if word == "parallel" and "branches" in entries else None
    yield from branches.values() if isinstance(branches, dict) else ()


def _with_item(entries: dict[str, Marked], context: Context) -> Context:
    branch = context.branch()
    name = entries["as"].value if "as" in entries else "item"
    if isinstance(name, str):
        branch.names = branch.names.with_name(name, Unknown())
    return branch


def _go_through(nodes: Marked, context: Context) -> None:
    branch = context.branch()
    _check(nodes, branch)
    for name, type in branch.names.types.items():
        if name not in context.names.types:
            context.names = context.names.with_name(name, type)


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
