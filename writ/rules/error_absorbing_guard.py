"""A guard can be passed although a part of it cannot be computed, or is not what it seems.

Catches:
    In a guard, an operand of `||` that can fail when it is computed (an index, a conversion of a text, a division, a
    value of which no type is known) while nothing beside it asks about the same value; the same for `&&` where saying
    no lets the call through (`deny_when`, the `when` of a condition or of a way that refuses, below `!`); and in a
    `require` or a policy a `!` or `!=` over a value of which no type is known.

Dangerous because:
    `||` and `&&` absorb errors: `fails || true` is true, and nobody learns that the first check was never made. A
    comparison of values of different types is silently false, and its negation silently true.

Avoid:
    - require: may_pass
      that: int(input.code) > 1000 || order.state == 'paid'
      else: not_now

Prefer:
    - require: may_pass
      that: input.code.matches('^[0-9]{1,9}$') && int(input.code) > 1000 || order.state == 'paid'
      else: not_now

Cannot see:
    What happens inside `exists`, `all`, `map` and `filter`, and numbers that become too large. Of a choice neither way
    of which refuses, the one that is taken counts as going on. Asking about a value in
    any way beside it counts as a check of it. An absent value that is used without `has()` is found by TYP003; that a
    value without a type decides in any other way is said by TYP002.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.absorbing import Doubt, doubts, doubts_at
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.resolved import TypedExpression


def check(app: AppFacts) -> Iterator[Found]:
    """Guards of nodes and policies in which an error is absorbed."""
    for tool, step in app.steps():
        for use in step.facts.uses:
            doubt = next(doubts_at(tool, step, use), None)
            if doubt is not None:
                yield _at_step(app, tool, step, use, doubt)
    for tool in app.tools:
        for policy in tool.tool.policies:
            doubt = next(doubts(tool.data, policy.deny_when, opens=False), None)
            if doubt is not None:
                yield _of_policy(app, tool, policy.name, policy.deny_when, doubt)


def _at_step(app: AppFacts, tool: ToolFacts, step: Step, use: Use, doubt: Doubt) -> Found:
    moments = [Moment(step, doubt.how)]
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=_message(step.facts.name, doubt),
        help=doubt.help,
        witness=(
            f"somebody calls `{tool.name}` so that {doubt.happens}",
            *witness(tool.graph, moments, "the run goes on as if the check had been made"),
        ),
        detail=use.place,
    )


def _of_policy(app: AppFacts, tool: ToolFacts, policy: str, expression: TypedExpression, doubt: Doubt) -> Found:
    return Found(
        span=expression.span,
        path=f"{app.app.name}.{policy}",
        message=_message(policy, doubt),
        help=doubt.help,
        witness=(
            f"somebody calls `{tool.name}` so that {doubt.happens}",
            f"`{policy}` {doubt.how}",
            "the call is not denied, as if the check had been made",
        ),
    )


def _message(name: str, doubt: Doubt) -> str:
    return f"`{name}` can be passed without a check: {doubt.message}"


RULE = Rule(
    id="AUT009",
    name="error-absorbing-guard",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
