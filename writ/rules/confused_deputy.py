"""Something acts with other rights than whoever stands behind it.

Catches:
    A `call` with `as` a role that not every caller of the tool has; a `call` without it of a tool that allows none of
    the caller's roles; a schedule or webhook none of whose roles the tool allows; and a webhook with `all` rows, whose
    request says which rows with an owner are touched. A row found by a field in which the app keeps only what services
    answered, such as the reference of a payment, is fine: the service has named it.

Dangerous because:
    A tool that acts with more rights than its caller does for everybody what few may do: its own checks are then all
    that is left. One that acts with too few rights is refused in every run, mostly at night.

Avoid:
    tool: cancel_order
    allow: {customer: own}
    flow:
      - call: refunded
        tool: refund
        input: {order: input.order}
        as: clerk

Prefer:
    tool: cancel_order
    allow: {clerk: all}
    flow:
      - call: refunded
        tool: refund
        input: {order: input.order}

Cannot see:
    Whether the checks before the call are enough: a tool may well act with more rights on purpose, and a signed
    webhook may be trusted to name rows. That is why this is only likely, and wants a person who says so. Nor whether
    the service that sends a webhook is the one whose answer names the row. A webhook that is not signed is AUT010's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import conditions, touched
from writ.graph.flow import Step
from writ.graph.named_by_services import found_by_such_a_name
from writ.graph.through_calls import reached_by
from writ.nodes.facts import Use
from writ.nodes.typed import TypedTool
from writ.rules.rule import Rule
from writ.source import Span
from writ.spec.complaints import listed, quoted


def check(app: AppFacts) -> Iterator[Found]:
    """Calls and triggers whose rights are not those of whoever is behind them."""
    for tool, step in app.steps("call"):
        called = app.app.tools.get(step.facts.calls or "")
        if called is not None:
            yield from _call(app, tool, step, called)
    # What a trigger may reach depends on what every other tool writes.
    for tool in app.every_tool.values():
        for kind, span, roles in _triggers(tool.tool):
            if tool.tool.allow and not set(roles) & tool.tool.allow.keys():
                yield _refused(app, tool, kind, span, roles)
        yield from _webhook(app, tool)


def _call(app: AppFacts, tool: ToolFacts, step: Step, called: TypedTool) -> Iterator[Found]:
    callers = list(tool.tool.allow)
    role = step.facts.acts_as
    if role is not None and (tool.tool.public or any(one != role for one in callers)):
        who = "everybody" if tool.tool.public else listed([quoted(one) for one in callers if one != role])
        message = f"`{step.facts.name}` calls `{called.name}` as `{role}`, which {who} need not be"
        help = f"leave out `as`, or allow only `{role}` to call `{tool.name}`"
        yield _at_step(app, tool, step, called, message, help)
    elif role is None and callers and called.allow and not called.public and not set(callers) & called.allow.keys():
        message = f"`{step.facts.name}` calls `{called.name}`, which allows no role that may call `{tool.name}`"
        help = f"allow {listed([quoted(one) for one in callers])} there, or say with `as` which role acts"
        yield _at_step(app, tool, step, called, message, help)


def _at_step(app: AppFacts, tool: ToolFacts, step: Step, called: TypedTool, message: str, help: str) -> Found:
    related = Related(called.spans.get("allow", called.span), "whom the called tool allows")
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=message,
        help=help,
        related=(related,),
        detail=f"{called.name} as {step.facts.acts_as or 'the caller'}",
    )


def _triggers(tool: TypedTool) -> Iterator[tuple[str, Span, tuple[str, ...]]]:
    if tool.cron is not None:
        yield "schedule", tool.cron.span, tool.cron.roles
    if tool.webhook is not None:
        yield "webhook", tool.webhook.span, tool.webhook.roles


def _refused(app: AppFacts, tool: ToolFacts, kind: str, span: Span, roles: tuple[str, ...]) -> Found:
    as_whom = f"as {listed([quoted(one) for one in roles])}" if roles else "without a role"
    return Found(
        span=span,
        path=app.path(tool),
        message=f"the {kind} starts `{tool.name}` {as_whom}, and the tool does not allow that",
        help=f"give the {kind} a role that `{tool.name}` allows: {listed([quoted(one) for one in tool.tool.allow])}",
        detail=f"{kind} refused",
    )


def _webhook(app: AppFacts, tool: ToolFacts) -> Iterator[Found]:
    webhook = tool.tool.webhook
    wide = [role for role in webhook.roles if tool.tool.allow.get(role) == "all"] if webhook else []
    if webhook is None or not wide:
        return
    owned = (one for one in _chosen_by_request(app, tool) if (entity := touched(one[0])) and entity.owner is not None)
    found = next((one for one in owned if not found_by_such_a_name(app, one[0])), None)
    if found is None:
        return
    entity, step = touched(found[0]), found[1]
    yield Found(
        span=webhook.span,
        path=app.path(tool),
        message=f"the webhook acts as `{wide[0]}` on any row of `{entity.name if entity else ''}` its request names",
        help="find the row by a field that keeps what the service answered, such as the reference of a payment",
        related=(Related(step.facts.span, "which row, the request says"),),
        detail="webhook rows",
    )


def _chosen_by_request(app: AppFacts, tool: ToolFacts) -> Iterator[tuple[Step, Step]]:
    """The steps that find rows with an owner by what the request says, each with the step of the tool that comes to
    it: itself, or the call of the tool it stands in.
    """
    for step in tool.graph.steps:
        if any(one.value is not None and tool.data.from_input(one.value) for one in conditions(step)):
            yield step, step
        for use in step.facts.uses:
            if use.purpose == "call" and tool.data.from_input(use.expression):
                found = (one for there, its_use in reached_by(app, step, use) for one in _finding(there, its_use))
                yield from ((one, step) for one in found)


def _finding(tool: ToolFacts, use: Use) -> Iterator[Step]:
    return (step for step in tool.graph.steps if use.purpose == "where" and use in step.facts.uses)


RULE = Rule(
    id="AUT008",
    name="confused-deputy",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
