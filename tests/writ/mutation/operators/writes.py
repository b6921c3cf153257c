"""Unsafe changes of reads and writes of rows: which rows they concern, how many, and what is written to them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.writ.mutation.written import Change, Node, Written

EXISTING = ("update", "transition", "archive")

_VALUES = {
    "text": "'another'",
    "integer": "1",
    "timestamp": "now",
    "money": "{'amount': 1, 'currency': 'EUR'}",
}
"""A value of each type; that of a reference is an id the node has at hand."""


def drop_the_where(app: Written) -> Iterator[Change]:
    for node in app.nodes("read", *EXISTING):
        if node.written.get("where"):
            yield node.lacking("where")


def empty_the_where(app: Written) -> Iterator[Change]:
    for node in app.nodes("read", *EXISTING):
        if node.written.get("where"):
            yield node.having(where={})


def drop_one_condition(app: Written) -> Iterator[Change]:
    for node in app.nodes("read", *EXISTING):
        where = node.written.get("where", {})
        for field in where if len(where) > 1 else ():
            rest = {key: value for key, value in where.items() if key != field}
            yield node.having(of=field, where=rest)


def select_by_state_instead_of_key(app: Written) -> Iterator[Change]:
    for node in app.nodes(*EXISTING):
        states = app.entity(node.written["entity"]).get("states", {})
        if states and "id" in node.written["where"]:
            yield node.having(where={"state": f"'{next(iter(states))}'"})


def delete_instead(app: Written) -> Iterator[Change]:
    for node in app.nodes(*EXISTING):
        yield node.replaced(_delete(node))


def erase_without_approval(app: Written) -> Iterator[Change]:
    for node in app.nodes(*EXISTING):
        yield node.replaced({"erase": node.name, **_rows(node)})


def write_by_sql(app: Written) -> Iterator[Change]:
    for node in app.nodes(*EXISTING):
        statement = f"UPDATE {node.written['entity'].lower()} SET version = version + 1"
        yield node.replaced({"sql": node.name, "statement": statement})


def write_any_number_of_rows(app: Written) -> Iterator[Change]:
    for node in app.nodes(*EXISTING):
        where = {field: value for field, value in node.written["where"].items() if field not in ("id", "version")}
        if where:
            yield node.having(where=where, expect_rows={"at_least": 0, "at_most": 1000})


def drop_expect_rows(app: Written) -> Iterator[Change]:
    for node in app.nodes(*EXISTING):
        if "expect_rows" in node.written:
            yield node.lacking("expect_rows")


def raise_what_is_created(app: Written) -> Iterator[Change]:
    for node in app.nodes("create"):
        if "max" in node.written:
            yield node.having(max=1000)


def drop_max_of_create(app: Written) -> Iterator[Change]:
    for node in app.nodes("create"):
        if "max" in node.written:
            yield node.lacking("max")


def drop_limit_of_read(app: Written) -> Iterator[Change]:
    for node in app.nodes("read"):
        if "limit" in node.written:
            yield node.lacking("limit")


def raise_limit_of_read(app: Written) -> Iterator[Change]:
    for node in app.nodes("read"):
        if "limit" in node.written:
            yield node.having(limit="1000")


def set_an_immutable_field(app: Written) -> Iterator[Change]:
    for node in app.nodes("update", "transition"):
        for field, described in app.entity(node.written["entity"])["fields"].items():
            if described.get("immutable"):
                value = _VALUES.get(described["type"], str(node.written["where"].get("id", "input.id")))
                yield node.put(("set", field), value, of=field)


def set_a_field_of_the_system(app: Written) -> Iterator[Change]:
    for node in app.nodes("update", "transition"):
        for field, value in (("version", "1"), ("created_at", "now"), ("id", "run.id")):
            yield node.put(("set", field), value, of=field)


def drop_a_required_field_of_create(app: Written) -> Iterator[Change]:
    for node in app.nodes("create"):
        fields = app.entity(node.written["entity"])["fields"]
        for field in node.written["set"]:
            if not fields[field].get("optional"):
                rest = {key: value for key, value in node.written["set"].items() if key != field}
                yield node.having(of=field, set=rest)


def _delete(node: Node) -> dict[str, object]:
    return {"delete": node.name, **_rows(node)}


def _rows(node: Node) -> dict[str, object]:
    return {key: value for key, value in node.written.items() if key in ("entity", "where", "expect_rows", "else")}
