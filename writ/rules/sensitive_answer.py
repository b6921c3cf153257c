"""An answer shows what its reader has no right to.

Catches:
    A value of a `secret` field in any answer; and a value of a `personal` field in an answer of a tool that gives `all`
    rows to a role without `reads: [personal]`, that gives `own` to one and answers rows that nobody owns, or that is
    public. What a called tool answers counts, and what an `approval` shows in `of` to those who decide.

Dangerous because:
    An answer is read, logged and kept by whoever called. A secret in it is no secret; personal data of everybody in it
    is a leak that looks like an ordinary call.

Avoid:
    tool: show_customer
    allow: {manager: all}
    flow:
      - respond:
        value: {name: customer.name}

Prefer:
    roles:
      manager: {description: Staff who answer for money., staff: true, reads: [personal]}

Cannot see:
    Personal data in fields that are not declared as such, and what a service outside answers. Of what is only counted,
    compared or asked for with `has()` nothing counts as shown. What the run itself has just created may be answered:
    the caller said it. A role with `own` is taken to see only its own rows; where an entity has no owner, it sees all.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.belonging import creates, kept_to_principal, touched
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.showing import shown
from writ.graph.through_calls import through_calls
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.complaints import listed, quoted


def check(app: AppFacts) -> Iterator[Found]:
    """Answers with secret fields, and with personal ones for roles that may not read them."""
    for tool, step in app.steps("approval"):
        yield from _shown_for_approval(app, tool, step)
    for tool, step in app.steps("answer"):
        for use in step.facts.uses:
            seen = list(through_calls(app, tool, shown(tool.data, use.expression)))
            secret = sorted({it.name for _, it in seen if it.field is not None and it.field.secret})
            if secret:
                yield _secret(app, tool, step, use, secret)
            personal = [one for one in seen if one[1].field is not None and one[1].field.personal and _others(*one)]
            for unowned, readers in ((False, _strangers(app, tool, "all")), (True, _strangers(app, tool, "own"))):
                told = sorted({it.name for there, it in personal if not unowned or _is_unowned(there, it)})
                if told and readers:
                    yield _personal(app, tool, step, use, told, readers)
                    break


def _others(tool: ToolFacts, origin: Origin) -> bool:
    """Whether the row may be another's, of which the caller did not say everything in this very call."""
    if origin.step is None:
        return False
    step = tool.graph.steps[origin.step]
    return not creates(step) and not kept_to_principal(tool, step, "owner")


def _shown_for_approval(app: AppFacts, tool: ToolFacts, step: Step) -> Iterator[Found]:
    """What people are shown who decide, and may not know."""
    approval = step.facts.approval
    declared = [role for name in approval.roles if (role := app.app.roles.get(name))] if approval else []
    strangers = [quoted(role.name) for role in declared if "personal" not in role.reads]
    for use in step.facts.uses:
        seen = [it for _, it in through_calls(app, tool, shown(tool.data, use.expression)) if it.field is not None]
        secret = sorted({it.name for it in seen if it.field and it.field.secret})
        personal = sorted({it.name for it in seen if it.field and it.field.personal})
        if secret or (personal and strangers):
            who = listed([quoted(role.name) for role in declared]) if secret else listed(strangers)
            yield _approved(app, tool, step, use, secret or personal, who)


def _approved(app: AppFacts, tool: ToolFacts, step: Step, use: Use, names: list[str], who: str) -> Found:
    fields = " and ".join(quoted(name) for name in names)
    moments = [Moment(step, f"shows {fields} to whoever decides")]
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` shows {who} {fields}, which they have no right to read",
        help=f"leave {fields} out of `of`: the `id` and the `version` of the row bind it too",
        witness=(
            f"somebody calls `{tool.name}`",
            *witness(tool.graph, moments, "it has gone to people who have no right to read it"),
        ),
        detail=f"approved {use.place}",
    )


def _is_unowned(tool: ToolFacts, origin: Origin) -> bool:
    """Whether nobody owns the row, so that `own` keeps nobody from it."""
    entity = touched(tool.graph.steps[origin.step]) if origin.step is not None else None
    return entity is not None and entity.owner is None


def _strangers(app: AppFacts, tool: ToolFacts, scope: str) -> list[str]:
    """The roles with that scope that may not read personal data."""
    if tool.tool.public:
        return ["everybody"]
    wide = (app.app.roles.get(role) for role, its in tool.tool.allow.items() if its == scope)
    return [quoted(role.name) for role in wide if role is not None and "personal" not in role.reads]


def _secret(app: AppFacts, tool: ToolFacts, step: Step, use: Use, names: list[str]) -> Found:
    fields = " and ".join(quoted(name) for name in names)
    moments = [Moment(step, f"answers with {fields}")]
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{tool.name}` answers with {fields}, which {'is' if len(names) == 1 else 'are'} secret",
        help=f"leave {fields} out of the answer",
        witness=(
            f"somebody calls `{tool.name}`",
            *witness(tool.graph, moments, "the secret stands in whatever the caller logs and keeps"),
        ),
        detail=f"secret {use.place}",
    )


def _personal(app: AppFacts, tool: ToolFacts, step: Step, use: Use, names: list[str], readers: list[str]) -> Found:
    fields, roles = " and ".join(quoted(name) for name in names), listed(readers)
    who = "everybody" if tool.tool.public else f"somebody with the role {readers[0]}"
    moments = [Moment(step, f"answers with {fields} of somebody else")]
    way_out = f"leave {fields} out of the answer"
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{tool.name}` answers {roles} with personal data of others: {fields}",
        help=way_out if tool.tool.public else f"{way_out}, or declare {roles} with `reads: [personal]`",
        witness=(
            f"{who} calls `{tool.name}`",
            *witness(tool.graph, moments, "personal data has gone to somebody who has no right to read it"),
        ),
        detail=f"personal {use.place}",
    )


RULE = Rule(
    id="DAT004",
    name="sensitive-response",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
