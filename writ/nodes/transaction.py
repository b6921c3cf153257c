"""`transaction`: a container whose nodes run in one PostgreSQL transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from writ.nodes.context import Context
from writ.nodes.facts import Block, Facts
from writ.nodes.stated import Inner
from writ.nodes.typed import NoTimeout, TypedTransaction
from writ.spec.marked import Marked
from writ.spec.raw_parts import NodePart, ShortTimePart
from writ.spec.shape import Name, SpecModel


class TransactionNode(SpecModel):
    """All of `nodes` happen, or none. Timeouts as `2s` or `500ms`, per statement and for the whole block, or `none`."""

    transaction: Name
    """The name of the node."""
    isolation: Literal["serializable", "repeatable_read", "read_committed"] = "serializable"
    """How far it is shielded from others that run at the same time."""
    statement_timeout: ShortTimePart | None = None
    """How long one statement may take, at most `2s`."""
    timeout: ShortTimePart | None = None
    """How long all of it may take, at most `5s`."""
    nodes: list[NodePart]
    """Its nodes: all of them happen, or none."""


LONGEST = {"statement_timeout": 2000, "timeout": 5000}
"""Milliseconds: a transaction is short by contract. What is not said is as long as it may be."""

_DURATION = re.compile(r"(\d{1,6})(ms|s)")


def check(node: TransactionNode, context: Context) -> TypedTransaction | None:
    """A transaction is sound when its nodes are, and it is short. What it binds is seen behind it."""
    context.claim(node.transaction)
    if not node.nodes:
        span = node.marked.key_spans["nodes"]
        context.problem("no-nodes", span, f"nothing happens in `{node.transaction}`", "write its nodes, or remove it")
    statement = _milliseconds("statement_timeout", node.statement_timeout, context)
    block = _milliseconds("timeout", node.timeout, context)
    inner = context.inner(node.transaction)
    nodes = inner.nodes(node.nodes)
    context.names = inner.names
    written = node.marked.value
    isolation = written.get("isolation") if isinstance(written, dict) else None
    place = isolation.span if isolation else None
    without = _without({"statement_timeout": node.statement_timeout, "timeout": node.timeout})
    return TypedTransaction(
        node.transaction, node.transaction.span, node.isolation, statement, block, nodes, place, without
    )


def _without(written: Mapping[str, Marked | None]) -> tuple[NoTimeout, ...]:
    """The limits of time that are written as `none`."""
    none = ((key, value.span) for key, value in written.items() if value is not None and value.value == "none")
    return tuple(NoTimeout(key, span, LONGEST[key]) for key, span in none)


def _milliseconds(key: str, written: Marked | None, context: Context) -> int:
    most = LONGEST[key]
    if written is None:
        return most
    if written.value == "none":
        return 0
    match = _DURATION.fullmatch(str(written.value))
    value = int(match[1]) * (1000 if match[2] == "s" else 1) if match else 0
    if 1 <= value <= most:
        return value
    message = f"`{key}` is a time such as `500ms` or `2s`, at most {most // 1000}s"
    context.problem(
        "out-of-bounds", written.head, message, "split long work into several transactions" if match else ""
    )
    return most


def facts(node: TypedTransaction) -> Facts:
    """What happens is in its nodes; but no commit is certain, for two at once may exclude each other."""
    block = Block(node.isolation, node.isolation_span, node.without)
    return Facts(kind="transaction", name=node.name, span=node.span, block=block, fails=True)


def inner(node: TypedTransaction) -> Inner:
    """Its nodes."""
    return (("nodes", node.nodes),)
