"""A plain `http` node probably moves money, and escapes every rule for payments.

Catches:
    An `http` node that calls the host of a connector with payments or of a well-known payment provider and does more
    there than look something up, and one that sends an amount with its currency, or a number made from an amount of
    money, to an operation with an effect. An event that goes to such a host.

Dangerous because:
    Only a `payment` is asked for an intent, a stable key, a compensation, a kept reference and a way out when its
    outcome is unknown. Money that moves through an `http` node has none of it.

Avoid:
    - http: charge
      connector: shopfront
      operation: create_charge
      body: {amount: order.total, customer: customer.id}

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total

Cannot see:
    A provider under a host that is neither declared with payments nor well known, when the amount is no money here and
    is sent under other names than `amount` and `currency`. It is only likely, because providers do other things too
    (they keep customers and send invoices) and because money may be sent to be told, not to be moved, as the value of
    a parcel is. An address written in the node itself is EXT005's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.addresses import host_of, is_loopback, is_within
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.chosen_amounts import is_money
from writ.graph.flow import Step
from writ.graph.showing import shown
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.source import Span
from writ.spec.resolved import Connector, Operation
from writ.values.types import Integer, Number

_PROVIDERS = (
    "adyen.com",
    "adyenpayments.com",
    "authorize.net",
    "braintree-api.com",
    "braintreegateway.com",
    "checkout.com",
    "cybersource.com",
    "gocardless.com",
    "klarna.com",
    "mollie.com",
    "paypal.com",
    "razorpay.com",
    "squareup.com",
    "stripe.com",
    "worldpay.com",
)
_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


def check(app: AppFacts) -> Iterator[Found]:
    """Calls that are no payments by their kind and look like one."""
    for tool, step in app.steps("emit"):
        receiver = step.facts.receiver
        if receiver is not None and _takes_payments(app, receiver, host_of(receiver.base_url)):
            message = f"`{step.facts.name}` goes to `{receiver.name}`, where money moves, and is no `payment`"
            yield _found(app, tool, step, step.facts.span, message)
    for tool, step in app.steps("external"):
        outside = step.facts.outside
        if outside is None or outside.connector is None or outside.operation is None:
            continue
        if _only_looks(outside.connector, outside.operation):
            continue
        reason = _reason(app, tool, step, outside.connector, outside.operation)
        if reason is not None:
            yield _found(app, tool, step, *reason)


def _only_looks(connector: Connector, operation: Operation) -> bool:
    lookups = {one.lookup for one in connector.operations.values()}
    return operation.effect == "none" and (operation.method in _LOOKING or operation.name in lookups)


def _reason(
    app: AppFacts, tool: ToolFacts, step: Step, connector: Connector, operation: Operation
) -> tuple[Span, str] | None:
    name, called = step.facts.name, f"{connector.name}.{operation.name}"
    if operation.effect == "payment":
        return step.facts.span, f"`{name}` calls `{called}`, which moves money, and is no `payment`"
    host = host_of(connector.base_url)
    if _takes_payments(app, connector, host):
        return step.facts.span, f"`{name}` calls `{host}`, where money moves, and is no `payment`"
    money = next(_money(tool, step), None) if operation.effect != "none" else None
    if money is not None:
        return money.expression.span, f"`{name}` sends an amount of money to `{called}`, and is no `payment`"
    return None


def _takes_payments(app: AppFacts, connector: Connector, host: str) -> bool:
    if any(is_within(host, provider) for provider in _PROVIDERS):
        return True
    others = (one for one in app.app.connectors.values() if _pays(one))
    return any(one == connector or (host_of(one.base_url) == host and not is_loopback(host)) for one in others)


def _pays(connector: Connector) -> bool:
    return any(operation.effect == "payment" for operation in connector.operations.values())


def _money(tool: ToolFacts, step: Step) -> Iterator[Use]:
    """What is sent that is an amount with its currency, as one value or as two that stand side by side, or a number
    made from a field of money.
    """
    sent = {use.place: use for use in step.facts.uses if use.purpose == "send"}
    for place, use in sent.items():
        beside = f"{place.rpartition('.')[0]}.currency"
        if is_money(use.expression.type) or (place.endswith(".amount") and beside in sent) or _is_figure(tool, use):
            yield use


def _is_figure(tool: ToolFacts, use: Use) -> bool:
    if not isinstance(use.expression.type, Integer | Number):
        return False
    return any(it.field is not None and is_money(it.field.type) for it in shown(tool.data, use.expression))


def _found(app: AppFacts, tool: ToolFacts, step: Step, span: Span, message: str) -> Found:
    return Found(
        span=span,
        path=app.path(tool, step),
        message=message,
        help="write it as a `payment` of a connector whose operation has `effect: payment`; if no money moves by it,"
        " acknowledge this",
    )


RULE = Rule(
    id="PAY008",
    name="payment-disguised",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
