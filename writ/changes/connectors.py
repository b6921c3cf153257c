"""Services outside: where they are, what may be sent there, and what their operations promise."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes.change import Change, Versions, gone, paired
from writ.changes.kinds import Kind
from writ.changes.limits import RATE, limited
from writ.graph.addresses import host_of
from writ.spec.resolved import Connector, IdempotencySupport, Operation

_EFFECTS = ("none", "reversible", "irreversible", "payment")


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what is said about a service."""
    old, new = versions.old.app.connectors, versions.new.app.connectors
    for name, connector in gone(old, new):
        message = f"the app no longer calls `{name}`"
        yield Change(Kind.CONNECTOR_REMOVED, _path(versions, name), message, connector.span, versions.new.app.span)
    for name, connector in gone(new, old):
        cleared = f", cleared for {', '.join(f'`{one}`' for one in connector.cleared_for)} data"
        message = f"the app may call `{name}` at `{connector.base_url}`{cleared if connector.cleared_for else ''}"
        yield Change(Kind.CONNECTOR_ADDED, _path(versions, name), message, versions.old.app.span, connector.span)
    for name, before, after in paired(old, new):
        path = _path(versions, name)
        yield from _address(path, before, after)
        yield from _cleared(path, before, after)
        yield from _changed(path, before, after)
        yield from _operations(path, before, after)


def _path(versions: Versions, name: str) -> str:
    return f"{versions.name}.{name}"


def _address(path: str, old: Connector, new: Connector) -> Iterator[Change]:
    if old.base_url == new.base_url:
        return
    places = old.base_url_span, new.base_url_span
    message = f"`{new.name}` is at `{new.base_url}`, and no longer at `{old.base_url}`"
    if host_of(old.base_url) != host_of(new.base_url):
        help = "look at who owns the new host: it is given what the app sends, and the credential"
        yield Change(Kind.HOST_CHANGED, path, message, *places, help)
    else:
        yield Change(Kind.CONNECTOR_CHANGED, path, message, *places)


def _cleared(path: str, old: Connector, new: Connector) -> Iterator[Change]:
    for one in sorted(set(new.cleared_for) - set(old.cleared_for)):
        message = f"`{one}` data may be sent to `{new.name}`, which was not cleared for it"
        help = f"take `{one}` out of `cleared_for` unless it is agreed with the service"
        yield Change(Kind.CLEARED_FOR_MORE, path, message, old.span, new.span, help)
    for one in sorted(set(old.cleared_for) - set(new.cleared_for)):
        message = f"`{one}` data may no longer be sent to `{new.name}`"
        yield Change(Kind.CLEARED_FOR_LESS, path, message, old.span, new.span)


def _changed(path: str, old: Connector, new: Connector) -> Iterator[Change]:
    places = old.span, new.span
    if old.provider != new.provider:
        message = f"`{new.name}` is called as `{new.provider}`, and no longer as `{old.provider}`"
        yield Change(Kind.CONNECTOR_CHANGED, path, message, *places)
    if old.secret != new.secret:
        yield Change(Kind.CONNECTOR_CHANGED, path, f"`{new.name}` is given another credential", *places)
    if old.description != new.description:
        yield Change(Kind.WORDING_CHANGED, path, f"`{new.name}` is described otherwise", *places)
    what = f"the limit of calls of `{new.name}`"
    yield from limited(RATE, path, what, (old.rate_limit, new.rate_limit), places)


def _operations(path: str, old: Connector, new: Connector) -> Iterator[Change]:
    for name, operation in gone(old.operations, new.operations):
        message = f"`{new.name}` no longer has the operation `{name}`"
        yield Change(Kind.OPERATION_REMOVED, f"{path}.{name}", message, operation.span, new.span)
    for name, operation in gone(new.operations, old.operations):
        message = f"`{new.name}` has a new operation `{name}`"
        yield Change(Kind.OPERATION_ADDED, f"{path}.{name}", message, old.span, operation.span)
    for name, before, after in paired(old.operations, new.operations):
        yield from _operation(f"{path}.{name}", before, after)


def _operation(path: str, old: Operation, new: Operation) -> Iterator[Change]:
    places, name = (old.span, new.span), new.name
    if old.effect != new.effect:
        less = _EFFECTS.index(new.effect) < _EFFECTS.index(old.effect)
        kind = Kind.EFFECT_UNDERSTATED if less else Kind.EFFECT_RAISED
        message = f"`{name}` is said to be `{new.effect}`, and no longer `{old.effect}`"
        yield Change(kind, path, message, *places, f"write `effect: {old.effect}`" if less else "")
    yield from _protections(path, old, new)
    if old.response is not None and new.response is None:
        message = f"nothing is known any more of what `{name}` answers"
        yield Change(Kind.RESPONSE_UNTYPED, path, message, *places, "write its `response` again")
    elif old.response != new.response:
        yield Change(Kind.OPERATION_CHANGED, path, f"`{name}` answers something else", *places)
    if old.request != new.request:
        yield Change(Kind.OPERATION_CHANGED, path, f"`{name}` takes something else", *places)
    if _called(old) != _called(new):
        message = f"`{name}` is called as `{new.method} {new.path}`, or repeated or announced otherwise"
        yield Change(Kind.OPERATION_CHANGED, path, message, *places)


def _called(operation: Operation) -> tuple[object, ...]:
    return operation.method, operation.path, sorted(operation.retryable), operation.notifies


def _protections(path: str, old: Operation, new: Operation) -> Iterator[Change]:
    asked = (
        ("recognises a repeated request", "idempotency", old.idempotency, new.idempotency),
        ("can be looked up", "lookup", old.lookup, new.lookup),
        ("can be undone", "compensate_with", old.compensate_with, new.compensate_with),
    )
    places, name = (old.span, new.span), new.name
    for what, key, before, after in asked:
        if before is not None and after is None:
            message = f"nothing says any more that `{name}` {what}: `{key}` is gone"
            yield Change(Kind.OPERATION_UNPROTECTED, path, message, *places, f"write its `{key}` again")
        elif before is None and after is not None:
            yield Change(Kind.OPERATION_PROTECTED, path, f"`{name}` {what}: it has `{key}`", *places)
        elif isinstance(before, str) and before != after:
            message = f"`{name}` {what} by another operation: `{key}` is `{after}`, and no longer `{before}`"
            yield Change(Kind.OPERATION_CHANGED, path, message, *places)
    if old.idempotency is not None and new.idempotency is not None:
        yield from _keys(path, name, old.idempotency, new.idempotency)


def _keys(path: str, name: str, old: IdempotencySupport, new: IdempotencySupport) -> Iterator[Change]:
    places = old.span, new.span
    if old.header != new.header:
        message = f"`{name}` takes its key in the header `{new.header}`, and no longer in `{old.header}`"
        yield Change(Kind.OPERATION_CHANGED, path, message, *places)
    before, after = (one.window if one.window is not None else float("inf") for one in (old, new))
    if after < before:
        message = f"`{name}` forgets a key sooner than before: a late repetition acts again"
        yield Change(Kind.OPERATION_UNPROTECTED, path, message, *places, "look whether the service really forgets it")
    elif after > before:
        yield Change(Kind.OPERATION_PROTECTED, path, f"`{name}` remembers a key for longer", *places)
