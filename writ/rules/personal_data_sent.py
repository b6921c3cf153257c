"""Personal data goes to a service that is not cleared for it.

Catches:
    A value of a `personal` field, or of a personal part of the input, in what an `http` or `payment` node, its
    compensation or an `emit` with `to` sends to a connector whose `cleared_for` does not name `personal`, also when a
    called tool answered it. A value of a `secret` field, where it does not name `secret` or where an `emit` has no
    `to`.

Dangerous because:
    What another service was once told, nobody here can take back, mask or erase. Which services may know people's data
    is a decision that belongs into the connector, where it is read by whoever answers for it.

Avoid:
    connector: mailer
    description: Sends mail.

Prefer:
    connector: mailer
    description: Sends mail.
    cleared_for: [personal]

Cannot see:
    Personal data in fields that are not declared as such, and what a service does with what it gets. A node with a
    `url` of its own names no connector that could be cleared: EXT005 judges it. It is a warning because only the person
    who answers for the data can say whether the service may have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.personal_input import personal_in
from writ.graph.showing import shown
from writ.graph.through_calls import through_calls
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.complaints import quoted
from writ.spec.resolved import Connector

_SENT = frozenset({"send", "event", "compensate", "reference", "address", "key"})


def check(app: AppFacts) -> Iterator[Found]:
    """Steps that send personal values where they may not go."""
    for tool, step in app.steps("external", "payment", "emit"):
        connector = step.facts.outside.connector if step.facts.outside else step.facts.receiver
        uses = [use for use in step.facts.uses if use.purpose in _SENT]
        secret = [(use, values) for use in uses if (values := _secret(app, tool, use))]
        if connector is None:
            if secret and step.facts.effect == "emit":
                yield _told_to_anybody(app, tool, step, secret)
            continue
        if secret and "secret" not in connector.cleared_for:
            yield _found(app, tool, step, connector, secret, "secret")
        sent = [(use, values) for use in uses if (values := _personal(app, tool, use))]
        if sent and "personal" not in connector.cleared_for:
            yield _found(app, tool, step, connector, sent, "personal")


def _told_to_anybody(app: AppFacts, tool: ToolFacts, step: Step, sent: list[tuple[Use, frozenset[str]]]) -> Found:
    values = sorted(frozenset[str]().union(*(values for _, values in sent)))
    return Found(
        span=sent[0][0].expression.span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` tells everybody who listens {', '.join(map(quoted, values))}, which is secret",
        help="leave it out, or send the event `to` a connector that is cleared for secrets",
        detail=" ".join(("secret", *values)),
    )


def _personal(app: AppFacts, tool: ToolFacts, use: Use) -> frozenset[str]:
    called = _of_rows(app, tool, use)
    return personal_in(tool, use.expression) | {it.name for it in called if it.field is not None and it.field.personal}


def _secret(app: AppFacts, tool: ToolFacts, use: Use) -> frozenset[str]:
    return frozenset(it.name for it in _of_rows(app, tool, use) if it.field is not None and it.field.secret)


def _of_rows(app: AppFacts, tool: ToolFacts, use: Use) -> list[Origin]:
    return [it for _, it in through_calls(app, tool, shown(tool.data, use.expression))]


def _found(
    app: AppFacts,
    tool: ToolFacts,
    step: Step,
    connector: Connector,
    sent: list[tuple[Use, frozenset[str]]],
    kind: Literal["personal", "secret"],
) -> Found:
    values = sorted(frozenset[str]().union(*(values for _, values in sent)))
    values = [value for value in values if not value.startswith("input")] or values
    names = ", ".join(quoted(value) for value in values)
    them = "it" if len(values) == 1 else "them"
    return Found(
        span=sent[0][0].expression.span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` sends {names} to `{connector.name}`, {_WHY[kind]}",
        help=f"leave {them} out" + _way_out(connector, kind),
        related=(Related(connector.span, "what may be sent there is said here"),),
        detail=" ".join((kind, *values)),
    )


_WHY = {"personal": "which is not cleared for personal data", "secret": "which is not cleared for secrets"}


def _way_out(connector: Connector, kind: Literal["personal", "secret"]) -> str:
    classes = ", ".join(dict.fromkeys((*connector.cleared_for, kind)))
    needed = ", or" if kind == "personal" else f", or, where `{connector.name}` cannot work without,"
    return f"{needed} write `cleared_for: [{classes}]` in `{connector.name}`"


RULE = Rule(
    id="DAT002",
    name="pii-to-external",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
