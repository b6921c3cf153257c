"""Unsafe changes of what is kept together: transactions, what stands in them, and the order of nodes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from tests.writ.mutation.written import Change, Document, Node, Written, again, at

CHANGES = frozenset({"update", "transition", "archive"})
WRITES = CHANGES | {"create", "emit"}
OUTSIDE = ("http", "payment", "approval", "wait", "call")


def drop_the_transaction(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        yield node.replaced(*node.written["nodes"])


def move_out_in_front(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        for index, inner in enumerate(node.written["nodes"]):
            if _kind(inner) in WRITES:
                yield node.replaced(inner, *_left(node, index), of=_name(inner))


def move_out_behind(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        for index, inner in enumerate(node.written["nodes"]):
            if _kind(inner) in WRITES:
                yield node.replaced(*_left(node, index), inner, of=_name(inner))


def move_into_the_transaction_before(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        yield from _moved_in(node, -1)


def move_into_the_transaction_behind(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        yield from _moved_in(node, 1)


def wait_in_a_transaction(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        yield node.having(nodes=[{"wait": "a_while", "for": "30m"}, *node.written["nodes"]])


def nest_a_transaction(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        yield node.having(nodes=[{"transaction": "inner", "nodes": node.written["nodes"]}])


def weaken_isolation(app: Written) -> Iterator[Change]:
    """Only where something is written: a transaction that only reads is as safe under any isolation."""
    for node in app.nodes("transaction"):
        if any(_kind(inner) in WRITES for inner in node.written["nodes"]):
            yield node.having(isolation="read_committed")


def weaken_isolation_and_drop_locks(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        inner = node.written["nodes"]
        if any("lock" in one for one in inner) and any(_kind(one) in WRITES for one in inner):
            unlocked = [{key: value for key, value in one.items() if key != "lock"} for one in inner]
            yield node.having(isolation="read_committed", nodes=unlocked)


def without_a_timeout(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        yield node.having(of="timeout", timeout="none")
        yield node.having(of="statement_timeout", statement_timeout="none")


def split_the_transaction(app: Written) -> Iterator[Change]:
    """Between two writes: what was kept together or not at all is kept in two parts."""
    for node in app.nodes("transaction"):
        inner = node.written["nodes"]
        writes = [index for index, one in enumerate(inner) if _kind(one) in WRITES]
        for index in writes[1:]:
            rest = {"transaction": f"{node.name}_rest", "nodes": inner[index:]}
            yield node.replaced({**node.written, "nodes": inner[:index]}, rest, of=_name(inner[index]))


def wait_between_reading_and_writing(app: Written) -> Iterator[Change]:
    """The transaction is left before its first write, and the run waits there."""
    for node in app.nodes("transaction"):
        inner = node.written["nodes"]
        first = next((index for index, one in enumerate(inner) if _kind(one) in WRITES), 0)
        if first:
            rest = {"transaction": f"{node.name}_rest", "nodes": inner[first:]}
            wait = {"wait": "a_while", "for": "30m"}
            yield node.replaced({**node.written, "nodes": inner[:first]}, wait, rest)


def swap_two_nodes(app: Written) -> Iterator[Change]:
    for node in app.nodes():
        siblings = at(node.tool, node.path[:-1])
        index = int(node.path[-1])
        if index + 1 < len(siblings):
            tool = deepcopy(node.tool)
            changed = at(tool, node.path[:-1])
            changed[index : index + 2] = [siblings[index + 1], siblings[index]]
            yield Change(f"{node.site} {_name(siblings[index + 1])}", {node.file: tool})


def write_behind_respond(app: Written) -> Iterator[Change]:
    for node in app.nodes("transaction"):
        if any(_kind(inner) in WRITES for inner in node.written["nodes"]) and len(node.path) == 2:
            tool = deepcopy(node.tool)
            tool["flow"].append(tool["flow"].pop(int(node.path[-1])))
            yield Change(node.site, {node.file: tool})


def run_twice_at_once(app: Written) -> Iterator[Change]:
    """What changes rows that are there already: two that only make new rows are in nobody's way."""
    for node in app.nodes("transaction"):
        if any(_kind(inner) in CHANGES for inner in node.written["nodes"]):
            other = _renamed(node.written)
            yield node.replaced({"parallel": "both", "branches": {"a": [node.written], "b": [other]}, "at_most": 2})


def repeat_without_a_bound(app: Written) -> Iterator[Change]:
    """The transaction for each of a list that has no bound of its own."""
    for node in app.nodes("transaction"):
        over = {"over": "principal.roles", "as": "one"}
        other = _renamed(node.written)
        yield node.replaced({"each": "many", **over, "nodes": [other]}, node.written)


def _moved_in(node: Node, step: int) -> Iterator[Change]:
    siblings = at(node.tool, node.path[:-1])
    index = int(node.path[-1])
    near = siblings[index + step] if 0 <= index + step < len(siblings) else {}
    if "transaction" not in near:
        return
    tool = deepcopy(node.tool)
    changed = at(tool, node.path[:-1])
    inner = changed[index + step]["nodes"]
    inner.insert(len(inner) if step < 0 else 0, changed[index])
    del changed[index]
    yield Change(f"{node.site} {near['transaction']}", {node.file: tool})


def _left(node: Node, index: int) -> list[Document]:
    """The transaction without one of its nodes; without its last one there is none."""
    inner = node.written["nodes"]
    rest = [*inner[:index], *inner[index + 1 :]]
    return [{**node.written, "nodes": rest}] if rest else []


def _renamed(written: Document) -> Document:
    """The same transaction under other names, so that both can stand in one flow."""
    renamed: Document = again(written, set(_names(written)))
    return renamed


def _names(written: Document) -> Iterator[str]:
    yield _name(written)
    for inner in (value for value in written.values() if isinstance(value, list)):
        yield from (name for one in inner if isinstance(one, dict) for name in _names(one))


def _kind(node: Document) -> str:
    return next(iter(node))


def _name(node: Document) -> str:
    return str(node[_kind(node)] or _kind(node))
