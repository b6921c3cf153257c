"""People agree to one thing, and the run does another.

Catches:
    Behind an approval, a step that changes something with a value of a row (or an answer of a service) which was got
    before the approval and is not bound in its `of`: neither the value itself nor the `version` of the row. And money
    that moves, or data that is sent, with a value of a row read again behind the approval and compared with nothing.
    A value of which `of` only tells how it compares (`order.total.amount > 5`) is not bound. And an approval without
    any `of`.

Dangerous because:
    An approval can take days. Whoever agrees sees what `of` says; what is not in it can have become something else by
    then, or was never shown. Approve a refund of 20, and 2,000 go out.

Avoid:
    - approval: agreed
      roles: [manager]
      of: {order: order.id}
      within: 48h
      else: not_agreed
    - payment: money_back
      connector: payments
      operation: refund
      amount: order.total
      of: order.payment

Prefer:
    - approval: agreed
      roles: [manager]
      of: {order: order.id, version: order.version, amount: order.total}
      within: 48h
      else: not_agreed
    - payment: money_back
      connector: payments
      operation: refund
      amount: order.total
      of: order.payment

Cannot see:
    Whether the people see what `of` names. What the request said is fixed from the first moment and counts as bound. A
    value that is bound may still be old when it is written: TXN007 looks for that. Behind the approval, any comparison
    of the row's version or of that very field counts as a check. What a called tool reads again behind an approval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.approvals import Unbound, read_again, unbound_before, uses_behind
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.complaints import quoted


def check(app: AppFacts) -> Iterator[Found]:
    """Approvals and the values behind them that they do not speak about."""
    for tool, step in app.steps("approval"):
        blind = next(uses_behind(tool, step), None) if step.facts.approval and not step.facts.approval.bound else None
        if blind is not None:
            yield _about_nothing(app, tool, step, *blind)
            continue
        for source, uses in _by_source(unbound_before(tool, step)).items():
            yield _not_bound(app, tool, step, tool.graph.steps[source], uses)
        for one in read_again(tool, step):
            yield _read_again(app, tool, step, one)


def _by_source(found: Iterator[Unbound]) -> Mapping[int, list[Unbound]]:
    grouped: dict[int, list[Unbound]] = {}
    for one in found:
        grouped.setdefault(one.source.index, []).append(one)
    return grouped


def _not_bound(app: AppFacts, tool: ToolFacts, step: Step, source: Step, uses: list[Unbound]) -> Found:
    name, row, first = step.facts.name, source.facts.name, uses[0]
    values = _values(uses)
    way = f"`version: {row}.version`" if first.is_row else values
    moments = [
        Moment(source, "is done, and what it found stays with the run"),
        Moment(step, f"is agreed to, and says nothing of {values}"),
        Moment(first.step, f"uses {_values([one for one in uses if one.step == first.step])}"),
    ]
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"people agree to `{name}` without {values}, used behind it",
        help=f"add {way} to `of` of `{name}`",
        witness=(
            f"somebody calls `{tool.name}`",
            *witness(tool.graph, moments, "what was done is not what people agreed to"),
        ),
        related=tuple(Related(one.use.expression.span, "not what was agreed to") for one in uses[:3]),
        detail=row,
    )


def _about_nothing(app: AppFacts, tool: ToolFacts, step: Step, behind: Step, use: Use) -> Found:
    name, later = step.facts.name, behind.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"people agree to `{name}` and are told nothing of what `{later}` does behind it",
        help=f"name under `of` what is agreed to, such as `{use.expression.source.strip()}`",
        witness=(
            f"somebody calls `{tool.name}`",
            *witness(
                tool.graph,
                [Moment(step, "is agreed to, whatever it is about"), Moment(behind, "is done")],
                "what was done is not what people agreed to",
            ),
        ),
        related=(Related(use.expression.span, "nobody was told of this"),),
        detail="nothing",
    )


def _values(uses: list[Unbound]) -> str:
    """What is used, without the version where there is more: that one is only compared."""
    names = list(dict.fromkeys(one.value for one in uses))
    shown = [name for name in names if not name.endswith(".version")] or names
    return " and ".join(quoted(name) for name in shown)


def _read_again(app: AppFacts, tool: ToolFacts, step: Step, one: Unbound) -> Found:
    name, row = step.facts.name, one.source.facts.name
    moments = [
        Moment(step, "is agreed to"),
        Moment(one.source, "finds the row as somebody changed it in the meantime"),
        Moment(one.step, f"uses the new `{one.value}`"),
    ]
    return Found(
        span=one.use.expression.span,
        path=app.path(tool, one.step),
        message=f"`{one.step.facts.name}` uses `{one.value}`, which `{row}` got after `{name}` was decided",
        help=f"compare in the `where` of `{row}` the version that `{name}` is bound to, or use the value bound there",
        witness=(
            f"somebody calls `{tool.name}`",
            *witness(tool.graph, moments, "what was done is not what people agreed to"),
        ),
        related=(Related(step.facts.span, "what was agreed to"),),
        detail=f"{name} {one.value}",
    )


RULE = Rule(
    id="AUT012",
    name="approval-unbound",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
