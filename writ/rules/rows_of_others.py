"""A role that is no staff reaches rows that belong to others.

Catches:
    A role without `staff: true` that a tool gives `all`, where the tool reads or writes rows that have an owner and
    nothing in the node keeps it to those of the caller; and a `public` tool that reads such rows.

Dangerous because:
    With `all` the statement carries no condition of ownership. Whoever has the role needs only the id of a row of
    somebody else, and has it: the most frequent hole of all in APIs.

Avoid:
    tool: show_order
    allow: {customer: all}
    flow:
      - transaction: looking
        nodes:
          - read: order
            entity: Order
            where: {id: input.order}

Prefer:
    tool: show_order
    allow: {customer: own}
    flow:
      - transaction: looking
        nodes:
          - read: order
            entity: Order
            where: {id: input.order}

Cannot see:
    Whether a role declared as staff really is. Rows that everybody may read although somebody owns them (the reviews
    of a shop) are found too: give what is public an entity of its own without an owner. A node counts as kept to the
    caller where its `where` always compares the owner with `principal.subject`, or its `id` or its owner with that of a
    row so kept; other conditions that amount to the same are not understood.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.acting import acting_steps
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import kept_to_principal, touched
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.spec.complaints import quoted


def check(app: AppFacts) -> Iterator[Found]:
    """Tools with a step on rows of others, for each role that reaches them there."""
    for tool in app.tools:
        steps = [step for step in tool.graph.steps if _reaches_others(tool, step)]
        if not steps:
            continue
        for role, scope in tool.tool.allow.items():
            declared = app.app.roles.get(role)
            if scope == "all" and declared is not None and not declared.staff and not tool.tool.public:
                yield _found(app, tool, role, steps)
        if tool.tool.public and next(acting_steps(app, tool), None) is None:
            yield _public(app, tool, steps)


def _reaches_others(tool: ToolFacts, step: Step) -> bool:
    entity = touched(step)
    return entity is not None and entity.owner is not None and not kept_to_principal(tool, step, "owner")


def _found(app: AppFacts, tool: ToolFacts, role: str, steps: list[Step]) -> Found:
    return Found(
        span=tool.tool.spans.get(f"allow.{role}", tool.tool.span),
        path=app.path(tool),
        message=f"`{role}` is no staff and reaches {_rows(steps)} of everybody through `{tool.name}`",
        help=f"write `{role}: own`; if `{role}` are staff, say so where the role is declared: `staff: true`",
        witness=_witness(tool, f"somebody with the role `{role}`", steps[0]),
        related=tuple(Related(step.facts.span, "rows that belong to somebody") for step in steps[:3]),
        detail=role,
    )


def _public(app: AppFacts, tool: ToolFacts, steps: list[Step]) -> Found:
    return Found(
        span=tool.tool.spans.get("public", tool.tool.span),
        path=app.path(tool),
        message=f"`{tool.name}` is public and reaches {_rows(steps)} that belong to somebody",
        help="remove `public: true` and say under `allow` who may call it",
        witness=_witness(tool, "somebody without a token", steps[0]),
        related=tuple(Related(step.facts.span, "rows that belong to somebody") for step in steps[:3]),
        detail="public",
    )


def _rows(steps: list[Step]) -> str:
    names = dict.fromkeys(entity.name for entity in map(touched, steps) if entity is not None)
    return f"rows of {' and '.join(quoted(name) for name in names)}"


def _witness(tool: ToolFacts, who: str, step: Step) -> tuple[str, ...]:
    what = "changes a row of somebody else" if step.facts.write else "finds a row of somebody else"
    end = "no condition of ownership stands in the statement: it is done as if the row were the caller's"
    return (f"{who} calls `{tool.name}`", *witness(tool.graph, [Moment(step, what)], end))


RULE = Rule(
    id="AUT002",
    name="no-ownership",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
