"""`sql`: SQL text, which is understood so that it can be refused with its reason."""

from __future__ import annotations

from writ.nodes.context import Context
from writ.nodes.facts import Facts, Write
from writ.nodes.typed import TypedSql
from writ.problems import Problem
from writ.spec.raw_parts import TextPart
from writ.spec.shape import Name, SpecModel
from writ.values import Anything


class SqlNode(SpecModel):
    """A `statement` with a name, or in place of the name."""

    sql: TextPart
    """The name of the node, or the statement itself."""
    statement: str | None = None
    """The statement."""


def check(node: SqlNode, context: Context) -> TypedSql | None:
    """A text is understood whatever it says."""
    if node.statement is None:
        if not isinstance(node.sql.value, str):
            context.problem("wrong-type", node.sql.head, "expected the text of a statement")
            return None
        return TypedSql("sql", node.sql.span, node.sql.value)
    name = Name.shaped(node.sql)
    if isinstance(name, Problem):
        context.tool.problems.append(name)
        return None
    context.bind(name, Anything())
    return TypedSql(name, name.span, node.statement)


def facts(node: TypedSql) -> Facts:
    """It may do anything to any rows."""
    return Facts(
        kind="sql",
        name=node.name,
        span=node.span,
        effect="write",
        write=Write("sql", None, rows=(0, None)),
        refuses=True,
        binds=node.name,
    )
