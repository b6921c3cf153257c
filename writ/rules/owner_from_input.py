"""The request says whose a row is, instead of the verified token.

Catches:
    A `create` that sets the owner of a row from the input, from an answer or from a row that need not be the caller's,
    while a role that is no staff, or everybody, may call the tool; and a tenant that is set in a `create` or compared
    in a `where` with anything that comes from the input, for every role.

Dangerous because:
    What a request says, its sender chooses. A caller who may name the owner can act as somebody else; one who may name
    the tenant reads and writes in the data of another organisation.

Avoid:
    - create: customer
      entity: Customer
      set: {account: input.account, name: input.name}

Prefer:
    - create: customer
      entity: Customer
      set: {name: input.name}

Cannot see:
    Whether a claim of the token holds what its name says. An owner that is a reference (`Order.customer`) is checked
    when the row is written, and AUT002 judges who may skip that. What an existing row is given is the business of
    AUT004 and WRT007. Staff may enter a row for somebody else, and so may name its owner.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Edit, Fix, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import creates, kept_to_principal, marked_field, touched
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.complaints import quoted
from writ.spec.resolved import Entity


def check(app: AppFacts) -> Iterator[Found]:
    """Owners and tenants whose values depend on the input."""
    for tool, step in app.steps("read", "write"):
        entity = touched(step)
        for use in step.facts.uses if entity else ():
            if entity and _is_owner(step, entity, use) and _strangers(app, tool) and _said_by(tool, use):
                yield _owner(app, tool, step, entity, use)
            elif entity and tool.data.from_input(use.expression) and _is_tenant(step, entity, use):
                yield _tenant(app, tool, step, entity, use)


def _is_owner(step: Step, entity: Entity, use: Use) -> bool:
    owner = marked_field(entity, "owner")
    return creates(step) and use.purpose == "set" and use.field == owner and owner is not None and not owner.references


def _said_by(tool: ToolFacts, use: Use) -> str | None:
    """What says who the owner is, where it is not the token: the request, a service, or a row that may be another's."""
    steps = tool.graph.steps
    said = (
        it.name
        for it in tool.data.of_use(use)
        if it.kind in ("input", "response")
        or (it.kind == "row" and it.step is not None and not kept_to_principal(tool, steps[it.step], "owner"))
    )
    return min(said, key=lambda name: (not name.startswith("input"), name), default=None)


def _is_tenant(step: Step, entity: Entity, use: Use) -> bool:
    if use.field is None or use.field != marked_field(entity, "tenant"):
        return False
    return use.purpose == "where" or (use.purpose == "set" and creates(step))


def _strangers(app: AppFacts, tool: ToolFacts) -> tuple[str, ...]:
    """Who may call a tool without being staff."""
    if tool.tool.public:
        return ("everybody",)
    return tuple(quoted(role) for role in tool.tool.allow if role in app.app.roles and not app.app.roles[role].staff)


def _owner(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity, use: Use) -> Found:
    field, read = f"{entity.name}.{entity.owner}", _said_by(tool, use)
    source = "the request" if tool.data.from_input(use.expression) else f"`{read}`"
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` takes `{field}`, which says whose the row is, from {source}",
        help=f"leave `{entity.owner}` out of `set`: it is set to the caller's subject",
        witness=(
            f"somebody with the role {_strangers(app, tool)[0]} calls `{tool.name}` with somebody else's `{read}`",
            *witness(tool.graph, [Moment(step, f"sets `{field}` to it")], "the row stands in the name of another"),
        ),
        fix=_fix(use),
        detail=field,
    )


def _fix(use: Use) -> Fix | None:
    """Only where the whole expression stands in one piece can it be exchanged."""
    span, length = use.expression.span, len(use.expression.source)
    if span.length != length:
        return None
    edit = Edit(span.file, span.line, span.column, span.line, span.column + length, "principal.subject")
    return Fix("take the owner from the verified token", (edit,))


def _tenant(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity, use: Use) -> Found:
    field, read = f"{entity.name}.{entity.tenant}", sorted(tool.data.from_input(use.expression))[0]
    doing, to = ("sets", "to") if use.purpose == "set" else ("compares", "with")
    moments = [Moment(step, f"{doing} `{field}` {to} it")]
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` {doing} the tenant `{field}` {to} what the request says",
        help=f"use a claim of the verified token, e.g. `{entity.tenant}: principal.claims.{entity.tenant}`",
        witness=(
            f"somebody calls `{tool.name}` with the `{read}` of another tenant",
            *witness(tool.graph, moments, "the rows of another tenant are reached"),
        ),
        detail=field,
    )


RULE = Rule(
    id="AUT003",
    name="owner-from-input",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
