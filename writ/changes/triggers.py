"""How tools are started: routes, schedules, webhooks, agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from writ.changes.change import Change, ToolPair, Versions
from writ.changes.kinds import Kind
from writ.nodes.typed_terms import CronTrigger, WebhookTrigger


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what starts a tool."""
    for tool in versions.tools:
        yield from _route(tool)
        yield from _schedule(tool)
        yield from _webhook(tool)
        yield from _agents(tool)


def _route(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.http, tool.new.http
    if old == new:
        return
    places = tool.spans("trigger.http", "trigger")
    help = f"write `{' '.join(old)}` again, or keep a tool at the old address" if old else ""
    if old is None and new is not None:
        yield Change(Kind.ROUTE_ADDED, tool.path, f"`{tool.new.name}` answers `{' '.join(new)}` now", *places)
    elif new is None and old is not None:
        message = f"`{' '.join(old)}` is gone: who calls `{tool.new.name}` there gets no answer"
        yield Change(Kind.ROUTE_REMOVED, tool.path, message, *places, help)
    elif old is not None and new is not None:
        message = f"`{tool.new.name}` answers `{' '.join(new)}`, and no longer `{' '.join(old)}`"
        yield Change(Kind.ROUTE_CHANGED, tool.path, message, *places, help)


def _schedule(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.cron, tool.new.cron
    places = tool.spans("trigger.cron", "trigger")
    name = tool.new.name
    if old is None and new is not None:
        message = f"`{name}` is started by the schedule `{new.schedule}` as `{new.subject}`"
        yield Change(Kind.SCHEDULE_ADDED, tool.path, message, *places)
    elif old is not None and new is None:
        message = f"`{name}` is no longer started by the schedule `{old.schedule}`"
        yield Change(Kind.SCHEDULE_REMOVED, tool.path, message, *places)
    elif old is not None and new is not None:
        if (old.schedule, old.subject) != (new.schedule, new.subject):
            message = f"`{name}` is started at `{new.schedule}` as `{new.subject}`; it was `{old.schedule}`"
            yield Change(Kind.SCHEDULE_CHANGED, tool.path, f"{message} as `{old.subject}`", *places)
        yield from _trigger_roles(tool, "the schedule", old, new)


def _webhook(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.webhook, tool.new.webhook
    places = tool.spans("trigger.webhook", "trigger")
    name = tool.new.name
    if old is None and new is not None:
        yield Change(Kind.WEBHOOK_ADDED, tool.path, f"requests to `{new.path}` start `{name}`", *places)
    elif old is not None and new is None:
        message = f"requests to `{old.path}` no longer start `{name}`"
        help = "keep the webhook until the service sends nothing any more"
        yield Change(Kind.WEBHOOK_REMOVED, tool.path, message, *places, help)
    elif old is not None and new is not None:
        if old.path != new.path:
            message = f"the webhook of `{name}` is `{new.path}`, and no longer `{old.path}`"
            yield Change(Kind.ROUTE_CHANGED, tool.path, message, *places, "tell the service, or keep the path")
        yield from _signature(tool, old, new)
        yield from _replay(tool, old, new)
        yield from _trigger_roles(tool, "the webhook", old, new)


def _signature(tool: ToolPair, old: WebhookTrigger, new: WebhookTrigger) -> Iterator[Change]:
    if old.signature == new.signature:
        return
    places = tool.spans("trigger.webhook.signature", "trigger.webhook")
    name = tool.new.name
    if new.signature is None:
        message = f"nobody verifies any more who sends the requests that start `{name}`"
        yield Change(Kind.SIGNATURE_REMOVED, tool.path, message, *places, "write the `signature` again")
    elif old.signature is None:
        message = f"who sends the requests that start `{name}` is verified"
        yield Change(Kind.SIGNATURE_ADDED, tool.path, message, *places)
    else:
        message = f"requests that start `{name}` are verified by the header `{new.signature[0]}` and another secret"
        if old.signature[1] == new.signature[1]:
            message = f"requests that start `{name}` are verified by the header `{new.signature[0]}`"
        yield Change(Kind.SIGNATURE_CHANGED, tool.path, message, *places)


def _replay(tool: ToolPair, old: WebhookTrigger, new: WebhookTrigger) -> Iterator[Change]:
    before, after = _age(old.replay_window), _age(new.replay_window)
    if before == after:
        return
    places = tool.spans("trigger.webhook.replay_window", "trigger.webhook")
    name = tool.new.name
    if after > before:
        message = f"requests that start `{name}` may be older, so a copy of one can be sent later"
        yield Change(Kind.REPLAY_WIDENED, tool.path, message, *places, "keep the `replay_window` as short as it was")
    else:
        message = f"requests that start `{name}` may not be as old as before"
        yield Change(Kind.REPLAY_NARROWED, tool.path, message, *places)


_FOR_EVER: Final = float("inf")


def _age(window: float | None) -> float:
    return _FOR_EVER if window is None else window


def _trigger_roles(
    tool: ToolPair, what: str, old: CronTrigger | WebhookTrigger, new: CronTrigger | WebhookTrigger
) -> Iterator[Change]:
    for role in sorted(set(new.roles) - set(old.roles)):
        message = f"{what} starts `{tool.new.name}` with the role `{role}`, which it had not"
        yield Change(Kind.TRIGGER_ROLES_GAINED, tool.path, message, old.span, new.span, f"take `{role}` out again")
    for role in sorted(set(old.roles) - set(new.roles)):
        message = f"{what} starts `{tool.new.name}` without the role `{role}`"
        yield Change(Kind.TRIGGER_ROLES_LOST, tool.path, message, old.span, new.span)


def _agents(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.agent, tool.new.agent
    places = tool.spans("trigger.agent", "trigger")
    if old is None and new is not None:
        message = f"agents may propose `{tool.new.name}`, as `{new.title}`"
        yield Change(Kind.SHOWN_TO_AGENTS, tool.path, message, *places)
    elif old is not None and new is None:
        yield Change(Kind.HIDDEN_FROM_AGENTS, tool.path, f"agents no longer see `{tool.new.name}`", *places)
    elif old is not None and new is not None and old.title != new.title:
        message = f"agents see `{tool.new.name}` as `{new.title}`, and no longer as `{old.title}`"
        yield Change(Kind.WORDING_CHANGED, tool.path, message, *places)
