"""Rows of a tenant are touched without saying which tenant's.

Catches:
    A node on an entity with `tenant` whose `where` does not always compare the tenant with a claim of the verified
    token, and a `create` that does not set it from one. A node that finds its row by the `id` of a row of the same
    entity which was found with its tenant is fine.

Dangerous because:
    One forgotten condition shows the data of one organisation to another. Ownership does not help: staff of a tenant
    may be given all rows, and that means all rows of all tenants.

Avoid:
    - read: project
      entity: Project
      where: {id: input.project}

Prefer:
    - read: project
      entity: Project
      where: {id: input.project, tenant: principal.claims.tenant}

Cannot see:
    Whether the claim really names the tenant: whoever issues the tokens answers for that. A tenant that is compared
    with the request is found by AUT003, a change of a whole table by WRT001. Figures in invariants are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import conditions, creates, kept_to_principal, marked_field, touched
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.rules.rule import Rule
from writ.spec.resolved import Entity


def check(app: AppFacts) -> Iterator[Found]:
    """Steps on rows of tenants that nothing keeps to one tenant."""
    for tool, step in app.steps("read", "write"):
        entity = touched(step)
        if entity is None or marked_field(entity, "tenant") is None or kept_to_principal(tool, step, "tenant"):
            continue
        if not _from_request(tool, step, entity) and not _whole_table(step):
            yield _found(app, tool, step, entity)


def _from_request(tool: ToolFacts, step: Step, entity: Entity) -> bool:
    tenant = marked_field(entity, "tenant")
    uses = (use for use in step.facts.uses if use.field == tenant and use.purpose in ("where", "set"))
    return any(tool.data.from_input(use.expression) for use in uses)


def _whole_table(step: Step) -> bool:
    return step.facts.write is not None and not creates(step) and not conditions(step)


def _found(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity) -> Found:
    name, key = step.facts.name, "set" if creates(step) else "where"
    what = "makes a row that need not be of the caller's tenant" if creates(step) else "finds a row of another tenant"
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` touches `{entity.name}` without its tenant `{entity.tenant}`",
        help=f"add `{entity.tenant}: principal.claims.{entity.tenant}` to the `{key}` of `{name}`",
        witness=(
            f"somebody of one tenant calls `{tool.name}`",
            *witness(tool.graph, [Moment(step, what)], "data goes from one tenant to another"),
        ),
        related=(Related(entity.span, f"its rows belong to tenants, by `{entity.tenant}`"),),
    )


RULE = Rule(
    id="AUT005",
    name="tenant-missing",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
