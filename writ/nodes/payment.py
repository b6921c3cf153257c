"""`payment`: move money, between transactions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from writ.nodes import stated
from writ.nodes.compensating import Compensate, compensation
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Outside, Use
from writ.nodes.outside import Retry, Timeouts, call_policy, failure_path
from writ.nodes.stated import Inner, flattened
from writ.nodes.typed import PaymentOperation, TypedNode, TypedPayment
from writ.problems import did_you_mean
from writ.spec.expressions import Names
from writ.spec.raw_parts import NodePart, ValuePart
from writ.spec.resolved import Connector, Operation, TypedExpression
from writ.spec.shape import Expr, Name, SpecModel
from writ.values import Enumeration, Money, Record, Text, Unknown
from writ.values.types import FieldType


class PaymentNode(SpecModel):
    """Charge, authorize, capture, refund or pay out an `amount`. `of` is the provider's reference of the payment that a
    capture or refund is about. `on_unknown`: what happens when nobody knows the outcome, `park` to wait for somebody.
    """

    payment: Name
    """The name of the node, and of its result: `status` (`succeeded` or `declined`) and `reference`."""
    connector: Name
    """The connector."""
    operation: PaymentOperation
    """What is done with the money."""
    amount: Expr | None = None
    """How much: of type money."""
    of: Expr | None = None
    """With `capture` and `refund`: the provider's reference of the payment that is meant."""
    given: ValuePart | None = Field(default=None, alias="with")
    """Further inputs of the operation."""
    timeouts: Timeouts | None = None
    """How long one attempt and all of them together may take."""
    retry: Retry | None = None
    """How an attempt that failed is repeated."""
    key: Expr | None = None
    """The idempotency key, by which the service recognises a request that is sent again."""
    compensate: Compensate | None = None
    """What undoes it when a later step of the run fails."""
    pivot: bool = False
    """The point of no return: what comes before is undone if this fails, what comes behind is brought to its end."""
    on_error: list[NodePart] | None = None
    """What happens when it failed for good."""
    on_unknown: Literal["park"] | list[NodePart] | None = None
    """What happens when nobody knows the outcome: `park` to wait for somebody, or nodes."""


_NEEDED = {"charge": "amount", "authorize": "amount", "payout": "amount", "capture": "of", "refund": "of"}
OUTCOMES = ("succeeded", "declined")


def check(node: PaymentNode, context: Context) -> TypedPayment | None:
    """A payment is sound when its connector has the operation, and says what money is meant."""
    connector = context.connector(node.connector)
    declared = _declared(node, connector, context)
    _check_needed(node, context)
    amount = context.expression(node.amount, Money()) if node.amount else None
    of = context.expression(node.of, Text()) if node.of else None
    key = context.expression(node.key, None) if node.key else None
    inputs = _inputs(node, context)
    policy = call_policy(node.timeouts, node.retry, context)
    before = context.names
    type = _result(node.payment)
    context.bind(node.payment, type if declared else Unknown())
    on_error = failure_path("on_error", node.on_error, node.payment, before, context)
    on_unknown = _on_unknown(node, before, context)
    if connector is None or declared is None:
        return None
    undo = compensation(node.compensate, node.marked.key_spans.get("compensate"), connector, context)
    return TypedPayment(
        name=node.payment,
        span=node.payment.span,
        connector=connector,
        operation=node.operation,
        declared=declared,
        amount=amount.typed if amount else None,
        of=of.typed if of else None,
        inputs=inputs,
        policy=policy,
        key=key.typed if key else None,
        on_error=on_error,
        on_unknown=on_unknown,
        compensation=undo,
        pivot=node.pivot,
        type=type,
        keys=node.marked.key_spans,
    )


def _declared(node: PaymentNode, connector: Connector | None, context: Context) -> Operation | None:
    if connector is None:
        return None
    found = connector.operations.get(node.operation)
    if found is None:
        entries = node.marked.value
        span = entries["operation"].span if isinstance(entries, dict) else node.payment.span
        message = f"`{connector.name}` has no operation `{node.operation}`"
        context.problem("unknown-operation", span, message, did_you_mean(node.operation, connector.operations))
    return found


def _check_needed(node: PaymentNode, context: Context) -> None:
    needed = _NEEDED[node.operation]
    if needed not in node.marked.key_spans:
        what = "how much" if needed == "amount" else "which payment"
        help = "e.g. `amount: order.total`" if needed == "amount" else "e.g. `of: order.payment`, its reference"
        context.problem("missing-key", node.payment.span, f"`{node.payment}` does not say {what}: `{needed}`", help)


def _inputs(node: PaymentNode, context: Context) -> dict[str, TypedExpression]:
    template = context.template(node.given, None) if node.given else None
    return {} if template is None else flattened(template, "with")


def _result(name: Name) -> Record:
    status = FieldType(name="status", type=Enumeration(values=OUTCOMES, of=f"outcomes of {name}"))
    return Record(name=name, fields=(status, FieldType(name="reference", type=Text())))


def _on_unknown(node: PaymentNode, names: Names, context: Context) -> Literal["park"] | tuple[TypedNode, ...] | None:
    if node.on_unknown == "park":
        return "park"
    return failure_path("on_unknown", node.on_unknown, node.payment, names, context)


def facts(node: TypedPayment) -> Facts:
    """Money moves."""
    operations = node.connector.operations if node.connector else {}
    lookup = operations.get(node.declared.lookup or "") if node.declared else None
    return Facts(
        kind="payment",
        name=node.name,
        span=node.span,
        effect="payment",
        uses=_uses(node),
        outside=Outside(
            connector=node.connector,
            operation=node.declared,
            policy=node.policy,
            compensation=node.compensation,
            pivot=node.pivot,
            failure_path=node.on_error is not None,
            has_key=node.key is not None,
            payment=node.operation,
            unknown_handled=node.on_unknown is not None or (lookup is not None and lookup.effect == "none"),
        ),
        fails=True,
        binds=node.name,
        keys=node.keys,
    )


def _uses(node: TypedPayment) -> tuple[Use, ...]:
    return (
        stated.one("amount", "amount", node.amount)
        + stated.one("of", "reference", node.of)
        + stated.each("send", node.inputs)
        + stated.one("key", "key", node.key)
        + stated.each("compensate", node.compensation.inputs if node.compensation else {}, "compensate")
    )


def inner(node: TypedPayment) -> Inner:
    """The paths behind a failure and behind an outcome that nobody knows, where they are written."""
    paths = (("on_error", node.on_error), ("on_unknown", node.on_unknown))
    return tuple((name, nodes) for name, nodes in paths if isinstance(nodes, tuple))
