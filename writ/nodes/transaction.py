"""`transaction`: a container whose nodes run in one PostgreSQL transaction."""

from __future__ import annotations

import re
from typing import Literal

from writ.nodes.context import Context
from writ.nodes.typed import TypedTransaction
from writ.spec.shape import Name, Raw, SpecModel
from writ.values import Nothing


class TransactionNode(SpecModel):
    """All of `nodes` happen, or none. Timeouts as `2s` or `500ms`, per statement and for the whole block."""

    transaction: Name
    isolation: Literal["serializable", "repeatable_read", "read_committed"] = "serializable"
    statement_timeout: str = "2s"
    timeout: str = "5s"
    nodes: list[Raw]


LONGEST = {"statement_timeout": 2000, "timeout": 5000}
"""Milliseconds: a transaction is short by contract."""

_DURATION = re.compile(r"(\d{1,6})(ms|s)")


def check(node: TransactionNode, context: Context) -> TypedTransaction | None:
    """A transaction is sound when its nodes are, and it is short. What it binds is seen behind it."""
    claimed = context.claim(node.transaction)
    if claimed:
        context.tool.types[node.transaction] = Nothing()
    statement = _milliseconds(node, "statement_timeout", node.statement_timeout, context)
    block = _milliseconds(node, "timeout", node.timeout, context)
    inner = context.inner(node.transaction)
    nodes = inner.nodes(node.nodes)
    context.names = inner.names
    return TypedTransaction(node.transaction, node.transaction.span, node.isolation, statement, block, nodes)


def _milliseconds(node: TransactionNode, key: str, text: str, context: Context) -> int:
    most = LONGEST[key]
    match = _DURATION.fullmatch(text)
    value = int(match[1]) * (1000 if match[2] == "s" else 1) if match else 0
    if not 1 <= value <= most:
        span = node.marked.key_spans.get(key, node.marked.head)
        context.problem(
            "out-of-bounds",
            span,
            f"`{key}` is a time such as `500ms` or `2s`, at most {most // 1000}s",
            "split long work into several transactions",
        )
    return value
