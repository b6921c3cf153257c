from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.unjudged import compile_unjudged
from tests.writ.plan.clinic import (
    APPOINTMENT,
    ENTITIES,
    NOTE,
    PATIENT,
    PRACTITIONER,
    SLOT,
    app,
    archive,
    booking,
    by_id,
    create,
    everything,
    expr,
    move,
    read,
    tool,
    transaction,
    update,
    where,
)
from writ.nodes.typed import TypedNode
from writ.plan.database_nodes import database
from writ.plan.model import CreatePlan, Release, Statement, TransactionPlan, ValueParameter
from writ.values.types import Boolean, Integer, ListOf, Money, Record, Text, Timestamp, Uuid


def compiled(*nodes: TypedNode) -> list[Any]:
    release = compile_unjudged(app(tool("book", transaction("booking", *nodes))))
    assert isinstance(release, Release), release
    block = release.tools["book"].flow[0]
    assert isinstance(block, TransactionPlan)
    return list(block.nodes)


def statement(node: TypedNode) -> Statement:
    found: Statement = compiled(node)[0].statement
    return found


def kinds(found: Statement) -> list[str]:
    return [parameter.kind for parameter in found.parameters]


def after(sql: str, word: str) -> str:
    return word + sql.split(word, 1)[1]


def statements_of(release: Release) -> Iterator[Statement]:
    def walk(value: Any) -> Iterator[Statement]:
        if isinstance(value, Statement):
            yield value
        elif isinstance(value, tuple):
            for inner in value:
                yield from walk(inner)
        elif hasattr(value, "model_fields_set"):
            for name in type(value).model_fields:
                yield from walk(getattr(value, name))

    for plan in (*release.tools.values(), *release.entities.values()):
        for name in ("flow", "invariants"):
            yield from walk(getattr(plan, name, ()))


def test_a_read_of_one_row_looks_for_two_and_locks_its_table() -> None:
    found = statement(read("slot", SLOT, by_id(SLOT, "input.slot"), lock="update"))
    assert after(found.sql, "FROM") == (
        "FROM clinic.slot AS slot\n"
        "WHERE slot.id = $1::uuid AND slot.archived_at IS NULL ORDER BY slot.id ASC\n"
        "LIMIT 2 FOR UPDATE OF slot"
    )
    assert kinds(found) == ["value"]


def test_an_owned_entity_is_read_through_its_owner() -> None:
    found = statement(read("mine", PATIENT, (), expect="many"))
    assert after(found.sql, "WHERE") == (
        "WHERE patient.archived_at IS NULL AND ($1::boolean OR patient.subject = $2::text) ORDER BY patient.id ASC\n"
        "LIMIT greatest(least($3::bigint, 1000), 0)"
    )
    assert kinds(found) == ["sees_all", "subject", "value"]


def test_ownership_follows_references_to_their_end() -> None:
    found = statement(read("note", NOTE, by_id(NOTE, "input.slot")))
    assert after(found.sql, "($2").startswith(
        "($2::boolean OR (EXISTS (SELECT 1\n"
        "FROM clinic.appointment AS owner_1\n"
        "WHERE owner_1.id = appointment_note.appointment AND (EXISTS (SELECT 1\n"
        "FROM clinic.patient AS owner_2\n"
        "WHERE owner_2.id = owner_1.patient AND owner_2.subject = $3::text)))))"
    )


def test_every_condition_has_its_operator() -> None:
    block = compile_unjudged(app(everything()))
    assert isinstance(block, Release)
    sql = next(statements_of(block)).sql
    assert after(sql, "WHERE").split(" ORDER BY")[0].split(" AND ") == [
        "WHERE slot.state = ANY ($1::text[])",
        "slot.starts_at >= $2::timestamp with time zone",
        "slot.starts_at < $3::timestamp with time zone",
        "(NOT $4::boolean OR slot.minutes <= $5::bigint)",
        "slot.minutes > $6::bigint",
        "slot.rating IS NULL",
        "slot.price_amount = $7::bigint",
        "slot.price_currency = $8::text",
        "(slot.price_amount IS DISTINCT FROM $9::bigint OR slot.price_currency IS DISTINCT FROM $10::text)",
        "slot.kind IS DISTINCT FROM $11::text",
        "slot.remote = $12::boolean",
        "slot.archived_at IS NULL",
    ]


def test_an_order_ends_with_the_id_and_absent_values_come_last() -> None:
    found = statement(
        read(
            "slots",
            SLOT,
            (),
            expect="many",
            order=(("rating", True), ("starts_at", False)),
            limit=expr("input.limit", Integer()),
        )
    )
    assert after(found.sql, "ORDER BY") == (
        "ORDER BY slot.rating DESC NULLS LAST, slot.starts_at ASC, slot.id ASC\n"
        "LIMIT greatest(least($1::bigint, 1000), 0)"
    )


def test_an_optional_condition_passes_its_when_twice() -> None:
    condition = where(SLOT, "minutes", "at_most", expr("60", Integer()), when=expr("has(input.reason)", Boolean()))
    found = statement(read("slots", SLOT, (condition,), expect="many"))
    assert kinds(found) == ["when", "value", "value"]
    value = found.parameters[1]
    assert isinstance(value, ValueParameter)
    assert value.when is not None
    assert value.when.cel == "has(input.reason)"


def test_a_create_gives_the_row_to_its_caller_and_returns_every_column() -> None:
    found = statement(create("patient", PATIENT, email=expr("input.reason", Text())))
    assert found.sql == (
        "INSERT INTO clinic.patient (subject, email) VALUES ($1::text, $2::text)\n"
        "RETURNING subject, email, born, id, version, created_at, updated_at, archived_at"
    )
    assert kinds(found) == ["subject", "value"]


def test_a_create_of_nothing_takes_every_default() -> None:
    assert statement(create("slot", SLOT)).sql.startswith("INSERT INTO clinic.slot DEFAULT VALUES\nRETURNING")


def test_an_absent_amount_takes_both_halves_of_its_default() -> None:
    price = replace(SLOT.fields["price"], default={"amount": 500, "currency": "EUR"})
    slot = replace(SLOT, fields={**SLOT.fields, "price": price})
    entities = {"Slot": slot, "Practitioner": PRACTITIONER}
    node = create("slot", slot, price=expr("input.price", Money(), absent=True))
    assert (
        "VALUES (coalesce($1::bigint, 500), coalesce($2::text, 'EUR'::text))"
        in database("c", entities).create(node).sql
    )


def test_many_rows_travel_as_one_text() -> None:
    items = expr("input.slots", ListOf(element=Record()))
    [plan] = compiled(create("slots", SLOT, over=items, starts_at=expr("item.at", Timestamp())))
    assert isinstance(plan, CreatePlan)
    assert plan.statement.sql.startswith(
        "INSERT INTO clinic.slot (starts_at) SELECT x.starts_at\n"
        "FROM jsonb_to_recordset($1::jsonb) AS x(starts_at TIMESTAMP WITH TIME ZONE)\nRETURNING practitioner"
    )
    assert kinds(plan.statement) == ["rows"]
    assert [column.column for column in plan.columns] == ["starts_at"]
    assert plan.item == "item"


def test_an_update_returns_the_new_and_the_old_row() -> None:
    found = statement(update("named", PATIENT, by_id(PATIENT, "input.patient"), email=expr("input.reason", Text())))
    assert found.sql == (
        "UPDATE clinic.patient AS patient SET email=$1::text, version=(patient.version + 1), updated_at=now() "
        "WHERE patient.id = $2::uuid AND patient.archived_at IS NULL AND ($3::boolean OR patient.subject = $4::text)\n"
        "RETURNING WITH (OLD AS before, NEW AS after)\n"
        "after.subject, after.email, after.born, after.id, after.version, after.created_at, after.updated_at, "
        "after.archived_at,\n"
        "before.subject AS old_subject, before.email AS old_email, before.born AS old_born, before.id AS old_id, "
        "before.version AS old_version, before.created_at AS old_created_at, before.updated_at AS old_updated_at, "
        "before.archived_at AS old_archived_at"
    )


def test_a_row_cannot_be_given_away() -> None:
    node = update("given", PATIENT, by_id(PATIENT, "input.patient"), subject=expr("input.reason", Text()))
    found = database("clinic", ENTITIES).update(node)
    assert "($3::boolean OR patient.subject = $4::text) AND ($3::boolean OR $1::text = $4::text)" in found.sql


def test_a_transition_names_the_states_it_may_come_from() -> None:
    [plan] = compiled(move("taken", SLOT, by_id(SLOT, "input.slot"), "taken"))
    assert "SET state='taken'" in plan.statement.sql
    assert "slot.state IN ('free')" in plan.statement.sql
    assert "state IN" not in plan.present.sql
    assert plan.to == "taken"


def test_an_archived_row_is_dated() -> None:
    found = statement(archive("gone", APPOINTMENT, by_id(APPOINTMENT, "input.slot")))
    assert "archived_at=now()" in found.sql
    assert "appointment.archived_at IS NULL" in found.sql


def test_a_parameter_has_the_type_of_its_column() -> None:
    found = statement(read("slot", SLOT, (where(SLOT, "id", "equals", expr("'not-a-uuid'", Text())),)))
    [parameter] = found.parameters
    assert isinstance(parameter, ValueParameter)
    assert parameter.type == Uuid()
    assert parameter.value.type == Text()


def test_no_value_of_an_author_stands_in_any_statement() -> None:
    hostile = "'; DROP TABLE clinic.slot; --"
    nodes = (
        read("note", NOTE, (where(NOTE, "order", "equals", expr(hostile, Text())),)),
        create("note", NOTE, order=expr(hostile, Text())),
        update("note", NOTE, by_id(NOTE, "input.slot"), order=expr(hostile, Text())),
    )
    assert all("DROP" not in plan.statement.sql for plan in compiled(*nodes))


def test_an_aggregate_counts_whoever_owns_the_rows() -> None:
    release = compile_unjudged(app(booking()))
    assert isinstance(release, Release)
    [invariant] = release.entities["Appointment"].invariants
    assert invariant.kind == "aggregate"
    assert invariant.statement.sql == (
        "SELECT count(*) AS figure\nFROM clinic.appointment AS appointment\n"
        "WHERE appointment.slot = $1::uuid AND appointment.state = $2::text AND appointment.archived_at IS NULL"
    )
    assert after(invariant.affected.sql, "WHERE") == (
        "WHERE appointment.slot = $1::uuid AND appointment.archived_at IS NULL ORDER BY appointment.id"
    )
    [row] = invariant.affected.parameters
    assert isinstance(row, ValueParameter)
    assert row.value.cel == "row.slot"
