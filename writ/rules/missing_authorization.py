"""Nothing says who may call a tool, or everybody may although it changes something.

Catches:
    A tool without `allow`, or with an empty one, that is not `public` either; and a `public` tool that writes rows,
    sends an event, moves money or changes something outside, itself or through a tool that it calls.

Dangerous because:
    A tool is reachable by its address as soon as it is published. One that anybody may call without a token is a way
    for everybody to write, and the audit record of such a run names nobody. One that allows no role refuses everybody,
    until somebody opens it in a hurry.

Avoid:
    tool: stock_up
    public: true
    flow:
      - transaction: stocking
        nodes:
          - update: stocked
            entity: Product
            where: {id: input.product}
            set: {stock: input.pieces}

Prefer:
    tool: stock_up
    allow: {clerk: all}
    flow:
      - transaction: stocking
        nodes:
          - update: stocked
            entity: Product
            where: {id: input.product}
            set: {stock: input.pieces}

Cannot see:
    Whether the roles in `allow` are the right ones, and what a service does behind an operation declared with `effect:
    none`, unless its method is `PUT`, `PATCH` or `DELETE` or it notifies somebody. Rows with an owner that a public
    tool reads are found by AUT002.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.acting import acting_steps, what_it_does
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Tools that allow nobody, and public ones that change something."""
    for tool in app.tools:
        act = next(acting_steps(app, tool), None)
        if tool.tool.public and act is not None:
            yield _public(app, tool, *act)
        elif not tool.tool.public and not tool.tool.allow:
            yield _closed(app, tool)


def _closed(app: AppFacts, tool: ToolFacts) -> Found:
    return Found(
        span=tool.tool.spans.get("allow", tool.tool.span),
        path=app.path(tool),
        message=f"no role may call `{tool.name}`: it has no `allow`",
        help=f"add `allow` with the roles that may call it, e.g. `allow: {{{_a_role(app)}: all}}`",
        witness=(
            f"somebody calls `{tool.name}`",
            "no role is allowed, so that the call is refused, whoever it is",
            "what the tool is for can only be done by opening it, and nothing says to whom",
        ),
    )


def _a_role(app: AppFacts) -> str:
    staff = (role.name for role in app.app.roles.values() if role.staff)
    return next(staff, next(iter(app.app.roles), "role"))


def _public(app: AppFacts, tool: ToolFacts, actor: ToolFacts, step: Step) -> Found:
    name = step.facts.name if actor is tool else f"{actor.name}/{step.path}"
    moments = [Moment(step, f"is done: {what_it_does(step)}")]
    return Found(
        span=tool.tool.spans.get("public", tool.tool.span),
        path=app.path(tool),
        message=f"`{tool.name}` is public, and `{name}` changes something",
        help=f"remove `public: true` and say under `allow` who may call `{tool.name}`",
        witness=(
            f"somebody without a token calls `{tool.name}`",
            *([] if actor is tool else [f"`{tool.name}` calls `{actor.name}`"]),
            *witness(actor.graph, moments, "nobody can say who it was, and it can be done again and again"),
        ),
        related=(Related(step.facts.span, "this is what everybody could do"),),
        detail="public",
    )


RULE = Rule(
    id="AUT001",
    name="no-auth",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
