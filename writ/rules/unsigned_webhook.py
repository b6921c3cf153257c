"""A webhook takes requests without knowing who sent them, or when.

Catches:
    A `webhook` trigger without `signature`, without `replay_window`, or with one of more than a day.

Dangerous because:
    The address of a webhook is known to the service and to everybody who ever saw a log of it. Without a signature
    anybody can send the event that an order was paid. Without a window a request that was once right, and was
    overheard, can be sent again for ever.

Avoid:
    trigger:
      webhook: {path: /hooks/paid, roles: [system]}

Prefer:
    trigger:
      webhook:
        path: /hooks/paid
        signature: {header: Stripe-Signature, secret: stripe_hook}
        replay_window: 5m
        roles: [system]

Cannot see:
    Whether the service signs the time together with the body, and whether the secret is kept well. The same event sent
    twice within the window is the business of the tool's idempotency.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Edit, Fix, Found, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.nodes.typed import TypedTool
from writ.nodes.typed_terms import WebhookTrigger
from writ.rules.rule import Rule
from writ.spec.durations import spelled

LONGEST = 86_400.0
"""Seconds that a request may be old: services sign anew when they send again."""
_WINDOW = "replay_window: 5m"
_SIGNATURE = "signature: {header: …, secret: …}"


def check(app: AppFacts) -> Iterator[Found]:
    """Webhooks that lack one of the two, or both."""
    for tool in app.tools:
        webhook = tool.tool.webhook
        if webhook is None:
            continue
        if webhook.signature is None or webhook.replay_window is None:
            yield _found(app, tool, webhook)
        elif webhook.replay_window > LONGEST:
            yield _too_long(app, tool, webhook)


def _found(app: AppFacts, tool: ToolFacts, webhook: WebhookTrigger) -> Found:
    unsigned, unbounded = webhook.signature is None, webhook.replay_window is None
    lacks = [name for name, missing in (("signature", unsigned), ("replay_window", unbounded)) if missing]
    adds = [text for text, missing in ((_SIGNATURE, unsigned), (_WINDOW, unbounded)) if missing]
    who = "somebody who knows the address sends a request of their own" if unsigned else "an overheard request is sent"
    return Found(
        span=webhook.span,
        path=app.path(tool),
        message=f"the webhook of `{tool.name}` has no {' and no '.join(f'`{name}`' for name in lacks)}",
        help=f"add {' and '.join(f'`{text}`' for text in adds)}",
        witness=(
            f"{who} to `{webhook.path}`" + ("" if unsigned else " once more, a year later"),
            "nothing tells it from one that the service sends now",
            f"`{tool.name}` runs as {_roles(webhook)} with what the request says",
        ),
        fix=_fix(tool.tool, webhook) if not unsigned else None,
    )


def _too_long(app: AppFacts, tool: ToolFacts, webhook: WebhookTrigger) -> Found:
    window = spelled(webhook.replay_window or 0)
    return Found(
        span=webhook.span,
        path=app.path(tool),
        message=f"the webhook of `{tool.name}` takes the same request for {window}",
        help=f"write `{_WINDOW}`, and at most `replay_window: {spelled(LONGEST)}`",
        witness=(
            f"an overheard request is sent to `{webhook.path}` once more, within {window}",
            "nothing tells it from one that the service sends now",
            f"`{tool.name}` runs as {_roles(webhook)} with what the request says",
        ),
        detail="window",
    )


def _roles(webhook: WebhookTrigger) -> str:
    return " and ".join(f"`{role}`" for role in webhook.roles) or "nobody in particular"


def _fix(tool: TypedTool, webhook: WebhookTrigger) -> Fix | None:
    """The window can be added without knowing anything else: before `path`, in the style of the lines."""
    path = tool.spans.get("trigger.webhook.path")
    if path is None:
        return None
    after = ", " if path.line == webhook.span.line else "\n" + " " * (path.column - 1)
    edit = Edit(path.file, path.line, path.column, path.line, path.column, _WINDOW + after)
    return Fix(f"add `{_WINDOW}`", (edit,))


RULE = Rule(
    id="AUT010",
    name="webhook-unsigned",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
