"""The caller says how much money moves, and nothing compares it with what is stored.

Catches:
    A `payment` whose amount, or a part that is added, taken off or chosen, comes from the input alone, or from an
    amount of money in the input, also by way of a row that the run writes itself. It is fine when every run has
    compared it before with a stored value or with a highest figure (in a `require`, an `if`, a `where`, a policy), or
    when people have approved it.

Dangerous because:
    Whoever calls the tool sets the price: an order for a cent, or a refund that is larger than the payment was.

Avoid:
    - payment: charge
      connector: payments
      operation: charge
      amount: "{'amount': input.amount, 'currency': 'EUR'}"

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: "{'amount': product.price.amount * input.quantity, 'currency': product.price.currency}"

Cannot see:
    Whether a factor is a fair one (`price * input.quantity`), whether a comparison is the right one, whether a stored
    price was set by the caller of another tool, and what a service outside or a called tool answers. The bounds of the
    input's schema do not count: they are the same for what is cheap and what is dear. It is only likely, because some
    amounts are the caller's to choose, a donation for example.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.chosen_amounts import chosen_by_caller, unchecked
from writ.graph.flow import Step
from writ.nodes.facts import Use
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Amounts that the caller chooses freely."""
    for tool, step in app.steps("payment"):
        for use in step.facts.uses:
            chosen = chosen_by_caller(tool, use.expression) if use.purpose == "amount" else frozenset()
            free = unchecked(tool, step, chosen)
            if free:
                yield _found(app, tool, step, use, min(free))


def _found(app: AppFacts, tool: ToolFacts, step: Step, use: Use, path: str) -> Found:
    name = step.facts.name
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"the caller says with `{path}` how much `{name}` moves, and nothing compares it with a stored value",
        help=f"take the amount from a row, or compare `{path}` with one in a `require` before `{name}`",
        detail=path,
    )


RULE = Rule(
    id="PAY010",
    name="payment-amount-from-input",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
