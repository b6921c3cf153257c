"""Money is calculated in fractions, in two currencies at once, or divided without a word about the rest.

Catches:
    An amount of money that is turned into a number with `double(…)`, multiplied by one, or filled from one; amounts of
    two values that are added, subtracted or compared although nothing says that they have the same currency; an amount
    that is given another currency than its own; an amount that is divided without saying how it is rounded; and money
    itself where a number must stand.

Dangerous because:
    Binary fractions cannot hold a cent: sums are off by one, and no two systems agree on which. A division of integers
    drops its rest: a hundred divided by three, three times, is ninety-nine. Ten dollars and ten euros are not twenty of
    anything.

Avoid:
    - transform: share
      value: order.total.amount / 3

Prefer:
    - transform: share
      value: order.total.amount / 3
    - transform: last_share
      value: order.total.amount - 2 * (order.total.amount / 3)

Cannot see:
    Amounts that were given another name first, and fields of type `integer` or `number` that hold money. A division
    says how it is rounded when something is added to what is divided (`(amount * 19 + 50) / 100`), or when the same
    tool keeps the rest, with `%` or by subtracting. That two values share a currency is known from a comparison of
    their `currency` in the same expression or before it, and from invariants. An amount that is multiplied by a figure
    of the app's own, or divided, may have been converted: it can be given any currency.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts
from writ.graph.currencies import may_differ
from writ.graph.expressions import Placed, every_expression
from writ.graph.mistaken import about_money
from writ.graph.money import Amounts, is_rounded, keeps_the_rest
from writ.graph.witness import Moment, witness
from writ.problems import Problem
from writ.rules.rule import Rule
from writ.values.places import text_of
from writ.values.syntax import Node


def check(app: AppFacts) -> Iterator[Found]:
    """Amounts that become numbers, that are divided, and that are combined across currencies."""
    for placed in every_expression(app):
        if placed.expression.tree is None or "amount" not in placed.expression.source:
            continue
        amounts = Amounts(placed.expression.tree, placed.types)
        yield from _fractions(placed, amounts)
        yield from _divisions(placed, amounts)
        yield from _currencies(app, placed, amounts)
        yield from _labels(app, placed, amounts)


def _fractions(placed: Placed, amounts: Amounts) -> Iterator[Found]:
    for call in amounts.calls("double"):
        message = f"`{_text(placed, call)}` turns an amount of money into a number with fractions"
        help = "calculate in integers, and say how it is rounded: `(amount * 19 + 50) / 100`"
        yield _found(placed, message, help, "is off by a fraction of a cent, and rounded another way elsewhere")
        return


def _divisions(placed: Placed, amounts: Amounts) -> Iterator[Found]:
    for division in amounts.calls("_/_"):
        if not is_rounded(division, amounts) and not _rest_is_kept(placed):
            message = f"`{_text(placed, division)}` divides an amount of money and drops the rest"
            help = (
                "say how it is rounded, as in `(amount * 19 + 50) / 100`, or give the rest (`amount % 3`) to somebody"
            )
            yield _found(placed, message, help, "drops what does not divide evenly: cents are lost")
            return


def _rest_is_kept(placed: Placed) -> bool:
    if placed.tool is None:
        return placed.expression.tree is not None and keeps_the_rest([placed.expression.tree], placed.types)
    uses = (use.expression.tree for step in placed.tool.graph.steps for use in step.facts.uses)
    return keeps_the_rest([tree for tree in uses if tree is not None], placed.types)


def _currencies(app: AppFacts, placed: Placed, amounts: Amounts) -> Iterator[Found]:
    for first, second in amounts.combined():
        if may_differ(app, placed, amounts, first, second):
            names = [_text(placed, one) for one in (first, second)]
            message = f"the amounts of `{names[0]}` and `{names[1]}` are combined, whatever their currencies are"
            help = f"ask first: `{names[0]}.currency == {names[1]}.currency`"
            yield _found(placed, message, help, "takes one currency for the other")
            return


def _labels(app: AppFacts, placed: Placed, amounts: Amounts) -> Iterator[Found]:
    for value, currency in amounts.labelled():
        if may_differ(app, placed, amounts, value, currency):
            name, label = _text(placed, value), currency if isinstance(currency, str) else _text(placed, currency)
            own = f"`{name}.currency`"
            message = f"the amount of `{name}` is called `{label}`, whatever its currency is"
            help = f"keep {own}, or ask first whether it is `{label}`"
            yield _found(placed, message, help, "takes one currency for the other")
            return


def _text(placed: Placed, node: Node) -> str:
    return text_of(node, placed.expression.source).strip()


def _found(placed: Placed, message: str, help: str, happens: str) -> Found:
    if placed.tool is not None and placed.step is not None:
        how = witness(placed.tool.graph, [Moment(placed.step, happens)], "the books no longer agree with the money")
    else:
        how = (f"`{placed.path}` {happens}", "the books no longer agree with the money")
    return Found(placed.expression.span, placed.path, message, help, how, detail=message)


def _way_out(problem: Problem) -> str:
    return problem.help or "compare or calculate with `.amount`, an integer, and ask for `.currency` with `==`"


RULE = Rule(
    id="TYP005",
    name="money-as-float",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
    mistakes=frozenset({"expression-type"}),
    claims=about_money,
    way_out=_way_out,
    consequence="the amount would be off by a part of a cent, or be no amount at all",
)
