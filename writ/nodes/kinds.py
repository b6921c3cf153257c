"""The kinds of node, in one visible tuple, and the step from what an author wrote to typed nodes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from writ.nodes import (
    approval,
    archive,
    call,
    choice,
    create,
    delete,
    each,
    emit,
    erase,
    http,
    parallel,
    payment,
    read,
    refuse,
    require,
    respond,
    sql,
    transaction,
    transform,
    transition,
    typed,
    update,
    wait,
)
from writ.nodes.context import Context
from writ.nodes.facts import Effect, Facts
from writ.nodes.mending import bind_anyway, go_on_without
from writ.nodes.stated import Inner
from writ.nodes.typed import TypedNode
from writ.problems import did_you_mean
from writ.spec.marked import Marked
from writ.spec.shape import SpecModel, shape

Place = Literal["inside", "between", "both"]


def _no_nodes(node: TypedNode) -> Inner:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A node kind: the key that names it, what may be written, how it is checked and what into, what it states about
    itself, and where it may be written: `inside` a transaction, `between` transactions, or both, also where a rule
    refuses it then. `inner`: the nodes in it. `binds`: its result has its name.
    """

    word: str
    model: type[SpecModel]
    check: Callable[[Any, Context], TypedNode | None]
    typed: type[TypedNode]
    facts: Callable[[Any], Facts]
    place: Place = "both"
    inner: Callable[[Any], Inner] = _no_nodes
    binds: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The keys that may be written."""
        return frozenset(field.alias or name for name, field in self.model.model_fields.items())


KINDS = (
    Kind(
        "transaction",
        transaction.TransactionNode,
        transaction.check,
        typed.TypedTransaction,
        transaction.facts,
        inner=transaction.inner,
    ),
    Kind("read", read.ReadNode, read.check, typed.TypedRead, read.facts, "inside", binds=True),
    Kind("create", create.CreateNode, create.check, typed.TypedCreate, create.facts, binds=True),
    Kind("update", update.UpdateNode, update.check, typed.TypedUpdate, update.facts, binds=True),
    Kind(
        "transition",
        transition.TransitionNode,
        transition.check,
        typed.TypedTransition,
        transition.facts,
        binds=True,
    ),
    Kind("archive", archive.ArchiveNode, archive.check, typed.TypedArchive, archive.facts, binds=True),
    Kind("delete", delete.DeleteNode, delete.check, typed.TypedDelete, delete.facts, binds=True),
    Kind("erase", erase.EraseNode, erase.check, typed.TypedErase, erase.facts, binds=True),
    Kind("sql", sql.SqlNode, sql.check, typed.TypedSql, sql.facts, binds=True),
    Kind("emit", emit.EmitNode, emit.check, typed.TypedEmit, emit.facts),
    Kind("transform", transform.TransformNode, transform.check, typed.TypedTransform, transform.facts, binds=True),
    Kind("if", choice.IfNode, choice.check_if, typed.TypedChoice, choice.facts, inner=choice.inner),
    Kind("switch", choice.SwitchNode, choice.check_switch, typed.TypedChoice, choice.facts, inner=choice.inner),
    Kind("require", require.RequireNode, require.check, typed.TypedRequire, require.facts),
    Kind("http", http.HttpNode, http.check, typed.TypedHttp, http.facts, inner=http.inner, binds=True),
    Kind(
        "payment",
        payment.PaymentNode,
        payment.check,
        typed.TypedPayment,
        payment.facts,
        inner=payment.inner,
        binds=True,
    ),
    Kind("approval", approval.ApprovalNode, approval.check, typed.TypedApproval, approval.facts),
    Kind("wait", wait.WaitNode, wait.check, typed.TypedWait, wait.facts),
    Kind("call", call.CallNode, call.check, typed.TypedCall, call.facts, binds=True),
    Kind(
        "parallel",
        parallel.ParallelNode,
        parallel.check,
        typed.TypedParallel,
        parallel.facts,
        "between",
        inner=parallel.inner,
    ),
    Kind("each", each.EachNode, each.check, typed.TypedEach, each.facts, "between", inner=each.inner),
    Kind("refuse", refuse.RefuseNode, refuse.check, typed.TypedRefuse, refuse.facts, "between"),
    Kind("respond", respond.RespondNode, respond.check, typed.TypedRespond, respond.facts, "between"),
)

_BY_WORD = {kind.word: kind for kind in KINDS}
_BY_TYPE = {kind.typed: kind for kind in KINDS}
_DOES_SOMETHING: frozenset[Effect] = frozenset({"write", "emit", "external", "payment", "call"})


def facts_of(node: TypedNode) -> Facts:
    """What the node states about itself."""
    return _BY_TYPE[type(node)].facts(node)


def inner(node: TypedNode) -> Inner:
    """The lists of nodes in a container, each with its name (`nodes`, `then`, `case 1`, `on_error`, a branch's own);
    none for any other node.
    """
    return _BY_TYPE[type(node)].inner(node)


def check_nodes(nodes: Sequence[Marked], context: Context) -> tuple[TypedNode, ...]:
    """The nodes typed, one after the other; every problem is reported to the context.

    What is never reached is a problem once; not where it would do something, for that a rule tells.
    """
    typed = []
    told = False
    for marked in nodes:
        unreachable = context.ended and not told
        node = _check_node(marked, context)
        if unreachable:
            told = True
            if node is None or not _does_something(node):
                help = "the run has ended before it; remove it or move it up"
                context.problem("unreachable-node", marked.head, "this node is never reached", help)
        if node is None:
            context.tool.left_out = True
        else:
            typed.append(node)
    return tuple(typed)


def _does_something(node: TypedNode) -> bool:
    if facts_of(node).effect in _DOES_SOMETHING:
        return True
    return any(_does_something(one) for _, nodes in inner(node) for one in nodes)


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
    written = _words(marked.value)
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


def _words(written: Collection[str]) -> list[str]:
    """The words of kinds among the keys of a node, without those that are a key of another kind that is there."""
    found = [key for key in written if key in _BY_WORD]
    return [key for key in found if not any(key in _BY_WORD[other].keys for other in found if other != key)]


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
