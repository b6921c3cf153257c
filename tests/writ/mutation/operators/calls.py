"""Unsafe changes of calls to the outside and of the connectors they go through."""

from __future__ import annotations

from collections.abc import Iterator

from tests.writ.mutation.written import Change, Node, Written, with_value, without

OUTSIDE = ("http", "payment")


def drop_the_timeouts(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        yield node.lacking("timeouts")


def drop_one_timeout(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        for key in node.written["timeouts"]:
            yield Change(f"{node.site} {key}", {node.file: without(node.tool, (*node.path, "timeouts", key))})


def drop_the_retry_policy(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        yield node.lacking("retry")


def retry_for_ever(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        yield node.put(("retry", "max_attempts"), "unlimited")


def retry_longer_than_the_key_is_kept(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        yield node.put(("timeouts", "schedule_to_close"), "240h")


def shorten_how_long_the_key_is_kept(app: Written) -> Iterator[Change]:
    for name, operation in _paid(app):
        for file, connector in app.all_of("connector"):
            if connector["connector"] == name:
                path = ("operations", operation, "idempotency", "window")
                yield Change(f"{name}/{operation}", {file: with_value(connector, path, "1m")})


def drop_idempotency_of_an_operation(app: Written) -> Iterator[Change]:
    """Of operations that the app calls and that do something."""
    called = {(node.written["connector"], node.written["operation"]) for node in app.nodes(*OUTSIDE)}
    for file, connector in app.all_of("connector"):
        for name, operation in connector["operations"].items():
            if "idempotency" in operation and (connector["connector"], name) in called:
                changed = without(connector, ("operations", name, "idempotency"))
                yield Change(f"{connector['connector']}/{name}", {file: changed})


def key_that_is_always_the_same(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        yield node.having(key="'the-key'")


def key_that_changes_with_time(app: Written) -> Iterator[Change]:
    for node in app.nodes(*OUTSIDE):
        yield node.having(key="string(now)")


def no_way_out_of_failure(app: Written) -> Iterator[Change]:
    for node in app.nodes("http"):
        yield node.lacking("on_error", "compensate")


def host_from_the_request(app: Written) -> Iterator[Change]:
    for node in app.nodes("http"):
        changed = node.replaced(_by_url(node, "'https://' + input.host + '/parcels'")).documents[node.file]
        tool = with_value(changed, ("input", "properties", "host"), {"type": "string", "maxLength": 100})
        required = [*node.tool["input"]["required"], "host"]
        yield Change(node.site, {node.file: with_value(tool, ("input", "required"), required)})


def host_with_a_gap(app: Written) -> Iterator[Change]:
    yield from _with_base_url(app, "https://{region}.example.org")


def host_without_encryption(app: Written) -> Iterator[Change]:
    yield from _with_base_url(app, "http://api.example.org")


def host_of_a_model(app: Written) -> Iterator[Change]:
    yield from _with_base_url(app, "https://api.openai.com")


def address_outside_of_connectors(app: Written) -> Iterator[Change]:
    for node in app.nodes("http"):
        yield node.replaced(_by_url(node, "'http://carrier.example.org/parcels'"))


def drop_the_schema_of_an_answer(app: Written) -> Iterator[Change]:
    """Of operations whose answer a flow uses."""
    for node in app.nodes("http"):
        for file, connector in app.all_of("connector"):
            if connector["connector"] == node.written["connector"]:
                path = ("operations", node.written["operation"], "response")
                yield Change(node.site, {file: without(connector, path)})


def secret_in_the_spec(app: Written) -> Iterator[Change]:
    for file, connector in app.all_of("connector"):
        if "secret" in connector:
            literal = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
            yield Change(f"{connector['connector']} secret", {file: with_value(connector, ("secret",), literal)})
            told = f"Takes the token {literal}."
            yield Change(f"{connector['connector']} told", {file: with_value(connector, ("description",), told)})


def tell_before_it_is_so(app: Written) -> Iterator[Change]:
    """A notification in front of the first transaction that writes."""
    for _, connector in app.all_of("connector"):
        for name, operation in connector["operations"].items():
            if operation.get("notifies"):
                yield from _told_first(app, connector["connector"], name)


def personal_data_to_a_stranger(app: Written) -> Iterator[Change]:
    """What the flow sends is personal, and the connector is not cleared for it."""
    for node in app.nodes("http"):
        uncleared = _uncleared(app, node.written["connector"])
        for key, value in node.written.get("body", {}).items() if uncleared else ():
            entity, field = _personal(app)
            row, _, _ = str(value).partition(".")
            reads = [one for one in app.nodes("read") if one.file == node.file and one.name == row]
            for read in reads:
                owner = app.owner_of(read.written["entity"])
                more = {"read": "person", "entity": entity, "where": {"id": f"{row}.{owner}"}}
                tool = read.replaced(read.written, more).documents[node.file]
                changed = with_value(tool, (*node.path, "body", key), f"person.{field}")
                yield Change(f"{node.site} {key}", {node.file: changed, **_asked_for_text(app, node, key)})


def _asked_for_text(app: Written, node: Node, key: str) -> dict[str, dict[str, object]]:
    file, connector = next(
        (file, one) for file, one in app.all_of("connector") if one["connector"] == node.written["connector"]
    )
    path = ("operations", node.written["operation"], "request", "properties", key)
    return {file: with_value(connector, path, {"type": "string", "maxLength": 254})}


def _personal(app: Written) -> tuple[str, str]:
    """An entity that has an account of its own, and a personal field of it."""
    return next(
        (entity["entity"], field)
        for _, entity in app.all_of("entity")
        for field, described in entity["fields"].items()
        if described.get("personal") and "account" in entity["fields"]
    )


def _uncleared(app: Written, name: str) -> bool:
    return any(one["connector"] == name and "cleared_for" not in one for _, one in app.all_of("connector"))


def _told_first(app: Written, connector: str, operation: str) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        news = {
            "http": "news",
            "connector": connector,
            "operation": operation,
            "body": {"to": "'all@example.org'", "subject": "'it is done'"},
            "timeouts": {"start_to_close": "10s", "schedule_to_close": "1m"},
            "retry": {"max_attempts": 3},
            "fallback": {},
        }
        yield Change(tool["tool"], {file: with_value(tool, ("flow",), [news, *tool["flow"]])})


def _paid(app: Written) -> Iterator[tuple[str, str]]:
    yield from ((node.written["connector"], node.written["operation"]) for node in app.nodes("payment"))


def _with_base_url(app: Written, url: str) -> Iterator[Change]:
    for file, connector in app.all_of("connector"):
        yield Change(connector["connector"], {file: with_value(connector, ("base_url",), url)})


def _by_url(node: Node, url: str) -> dict[str, object]:
    rest = {key: value for key, value in node.written.items() if key not in ("connector", "operation", "compensate")}
    return {**rest, "url": url}
