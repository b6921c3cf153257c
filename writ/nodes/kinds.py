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
from writ.nodes.mending import bind_anyway, go_on_without
from writ.nodes.typed import TypedNode
from writ.problems import did_you_mean
from writ.spec.marked import Marked
from writ.spec.shape import SpecModel, shape

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
    told = False
    for marked in nodes:
        if context.ended and not told:
            help = "the run has ended before it; remove it or move it up"
            context.problem("unreachable-node", marked.head, "this node is never reached", help)
            told = True
        node = _check_node(marked, context)
        if node is not None:
            typed.append(node)
    return tuple(typed)


def _check_node(marked: Marked, context: Context) -> TypedNode | None:
    kind = _kind(marked, context)
    if kind is None:
        context.unsure = True
        return None
    if kind.word not in marked.key_spans:
        go_on_without(kind.word, kind.binds, marked, context)
        return None
    _check_place(kind, marked, context)
    node, problems = shape(marked, kind.model, called=f"{_article(kind.word)} `{kind.word}`")
    context.tool.problems.extend(problems)
    if node is not None:
        return kind.check(node, context)
    go_on_without(kind.word, kind.binds, marked, context)
    return None


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _kind(marked: Marked, context: Context) -> Kind | None:
    """The kind of a node. For a misspelt one, which is a problem, the kind that was probably meant."""
    if not isinstance(marked.value, dict) or not marked.value:
        help = "e.g. `- read: slot`"
        context.problem("not-a-node", marked.span, "a node is a mapping that starts with its kind", help)
        return None
    written = [key for key in marked.value if key in _BY_WORD]
    if len(written) > 1:
        message = f"`{written[1]}` cannot stand in {_article(written[0])} `{written[0]}`: each is a node of its own"
        context.problem("two-nodes", marked.key_spans[written[1]], message, "begin every node with `- `")
        _bind_all(written, marked, context)
        return None
    if written:
        return _BY_WORD[written[0]]
    first = next(iter(marked.value))
    help = did_you_mean(first, _BY_WORD)
    context.problem("unknown-node", marked.head, f"`{first}` is not a kind of node", help)
    return next((kind for kind in KINDS if help == did_you_mean(kind.word, [kind.word])), None)


def _bind_all(words: Sequence[str], marked: Marked, context: Context) -> None:
    for word in words:
        if _BY_WORD[word].binds and isinstance(marked.value, dict):
            bind_anyway(marked.value[word], context)


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
