"""The kinds of node, in one visible tuple, and the step from what an author wrote to typed nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from writ.nodes import (
    archive,
    choice,
    create,
    read,
    refuse,
    require,
    respond,
    transaction,
    transform,
    transition,
    update,
)
from writ.nodes.context import Context
from writ.nodes.typed import TypedNode
from writ.problems import did_you_mean
from writ.spec.marked import Marked
from writ.spec.shape import Name, SpecModel, shape

Place = Literal["inside", "between", "both"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A node kind: the key that names it, what may be written, how it is checked, and where it has a place.

    `inside` a transaction, `between` transactions, or both. `binds`: its result has its name.
    """

    word: str
    model: type[SpecModel]
    check: Callable[[Any, Context], TypedNode | None]
    place: Place
    binds: bool = False


KINDS = (
    Kind("transaction", transaction.TransactionNode, transaction.check, "between"),
    Kind("read", read.ReadNode, read.check, "inside", binds=True),
    Kind("create", create.CreateNode, create.check, "inside", binds=True),
    Kind("update", update.UpdateNode, update.check, "inside", binds=True),
    Kind("transition", transition.TransitionNode, transition.check, "inside", binds=True),
    Kind("archive", archive.ArchiveNode, archive.check, "inside", binds=True),
    Kind("transform", transform.TransformNode, transform.check, "both", binds=True),
    Kind("if", choice.IfNode, choice.check_if, "both"),
    Kind("switch", choice.SwitchNode, choice.check_switch, "both"),
    Kind("require", require.RequireNode, require.check, "both"),
    Kind("refuse", refuse.RefuseNode, refuse.check, "between"),
    Kind("respond", respond.RespondNode, respond.check, "between"),
)

_BY_WORD = {kind.word: kind for kind in KINDS}


def check_nodes(nodes: Sequence[Marked], context: Context) -> tuple[TypedNode, ...]:
    """The nodes typed, one after the other; every problem is reported to the context."""
    typed = []
    for marked in nodes:
        if context.ended:
            context.problem(
                "unreachable-node",
                marked.head,
                "this node is never reached",
                "the run has ended before it; remove it or move it up",
            )
        node = _check_node(marked, context)
        if node is not None:
            typed.append(node)
    return tuple(typed)


def _check_node(marked: Marked, context: Context) -> TypedNode | None:
    kind = _kind(marked, context)
    if kind is None:
        return None
    _check_place(kind, marked, context)
    node, problems = shape(marked, kind.model)
    context.tool.problems.extend(problems)
    if node is not None:
        return kind.check(node, context)
    _go_on_without(kind, marked, context)
    return None


def _go_on_without(kind: Kind, marked: Marked, context: Context) -> None:
    """Bind what a wrong node would have bound, and check the nodes in it, so that each mistake is told once and none
    is missed.
    """
    entries = marked.value if isinstance(marked.value, dict) else {}
    inner = entries.get("nodes")
    if kind.word == "transaction" and inner is not None and isinstance(inner.value, list):
        block = context.inner("transaction")
        block.nodes(inner.value)
        context.names = block.names
    name = Name.shaped(entries[kind.word])
    if kind.binds and isinstance(name, Name):
        context.bind_unknown(name)
    if kind.word in ("respond", "refuse"):
        context.ended = True


def _kind(marked: Marked, context: Context) -> Kind | None:
    if not isinstance(marked.value, dict) or not marked.value:
        context.problem(
            "not-a-node", marked.span, "a node is a mapping that starts with its kind", "e.g. `- read: slot`"
        )
        return None
    for key in marked.value:
        if key in _BY_WORD:
            return _BY_WORD[key]
    first = next(iter(marked.value))
    context.problem("unknown-node", marked.head, f"`{first}` is not a kind of node", did_you_mean(first, _BY_WORD))
    return None


def _check_place(kind: Kind, marked: Marked, context: Context) -> None:
    span = marked.key_spans[kind.word]
    if kind.place == "inside" and context.inside is None:
        help = "put it under the `nodes` of a `transaction`"
        context.problem(
            "misplaced-node", span, f"`{kind.word}` touches the database and must stand in a transaction", help
        )
    elif kind.place == "between" and context.inside is not None:
        context.problem(
            "misplaced-node",
            span,
            f"`{kind.word}` cannot stand inside the transaction `{context.inside}`",
            "move it before or behind the transaction",
        )
