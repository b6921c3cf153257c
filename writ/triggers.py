"""What starts a tool besides a call: schedules, webhooks and agents, and how often one may call."""

from __future__ import annotations

from collections.abc import Iterator

from writ.nodes.typed_terms import AgentTrigger, CronTrigger, RateLimit, WebhookTrigger
from writ.spec.documents import ToolDocument
from writ.spec.shape import Name


def cron_trigger(document: ToolDocument) -> CronTrigger | None:
    """The schedule of a tool."""
    cron = document.trigger.cron
    if cron is None:
        return None
    roles = tuple(str(role) for role in cron.acts_as.roles)
    return CronTrigger(document.trigger.marked.key_spans["cron"], str(cron.schedule), cron.acts_as.subject, roles)


def webhook_trigger(document: ToolDocument) -> WebhookTrigger | None:
    """The address at which another service starts a tool."""
    webhook = document.trigger.webhook
    if webhook is None:
        return None
    signature = webhook.signature
    return WebhookTrigger(
        span=document.trigger.marked.key_spans["webhook"],
        path=webhook.path,
        signature=(signature.header, str(signature.secret)) if signature else None,
        replay_window=webhook.replay_window.seconds if webhook.replay_window else None,
        roles=tuple(str(role) for role in webhook.roles),
    )


def agent_trigger(document: ToolDocument) -> AgentTrigger | None:
    """How a tool is shown to AI agents."""
    agent = document.trigger.agent
    return AgentTrigger(document.trigger.marked.key_spans["agent"], agent.title) if agent else None


def rate_limit(document: ToolDocument) -> RateLimit | None:
    """How often a principal may call a tool."""
    if document.rate_limit is None:
        return None
    return RateLimit(document.rate_limit.span, *document.rate_limit.calls_in_seconds)


def acting_roles(document: ToolDocument) -> Iterator[list[Name]]:
    """The lists of roles with which a schedule or a webhook starts a tool."""
    if document.trigger.cron:
        yield document.trigger.cron.acts_as.roles
    if document.trigger.webhook:
        yield document.trigger.webhook.roles
