from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from tests.unjudged import compile_unjudged, released
from tests.writ.plan.clinic import (
    APPOINTMENT,
    ENTITIES,
    PATIENT,
    SLOT,
    SPAN,
    app,
    booking,
    by_id,
    choice,
    clinic,
    create,
    entity,
    expr,
    field,
    move,
    read,
    reference,
    require,
    respond,
    tool,
    transaction,
    transform,
    where,
)
from writ.nodes.typed import TypedApp, TypedCase, TypedNode, TypedRefuse, TypedTool
from writ.nodes.typed_terms import TypedPolicy
from writ.plan.database_nodes import database
from writ.plan.flow import FlowCompiler
from writ.plan.model import Export, TransactionPlan
from writ.plan.release import canonical, engines, load_release, release_digest
from writ.plan.summaries import MOST_BYTES
from writ.problems import Problem
from writ.spec.resolved import Aggregate, ResolvedInvariant
from writ.values.types import Boolean, FieldType, Integer, ListOf, Money, Record, Text, Timestamp, Uuid


def problems(of: TypedApp) -> list[Problem]:
    found = compile_unjudged(of)
    assert isinstance(found, list)
    return found


def block(of: TypedTool, at: int = 0) -> TransactionPlan:
    plan = released(app(of)).tools[of.name].flow[at]
    assert isinstance(plan, TransactionPlan)
    return plan


def test_the_booking_of_the_design_becomes_one_transaction_and_an_answer() -> None:
    plan = released(app(booking())).tools["book_appointment"]
    assert [node.kind for node in plan.flow] == ["transaction", "respond"]
    transaction = block(booking())
    assert [node.kind for node in transaction.nodes] == ["read", "require", "transition", "create"]
    assert transaction.summary == ("booking: read slot, require slot_is_free, move slot to taken, create appointment")
    assert plan.http is not None
    assert plan.http.path == "/appointments"


def test_a_transaction_hands_on_only_what_is_read_later() -> None:
    found = block(booking())
    assert found.needs == ("input",)
    assert found.exports == (Export(name="slot", fields=("starts_at",)), Export(name="appointment", fields=("id",)))


def test_a_bare_name_hands_on_the_whole_value() -> None:
    flow = tool("t", transaction("a", read("slot", SLOT, by_id(SLOT, "input.slot"))), respond(expr("slot", SLOT.row)))
    assert block(flow).exports == (Export(name="slot"),)


def test_an_optional_row_is_cut_to_the_fields_inside() -> None:
    found = Record(fields=(FieldType(name="row", type=SLOT.row, optional=True),))
    flow = tool(
        "t",
        transaction("a", read("found", SLOT, by_id(SLOT, "input.slot"), expect="optional")),
        respond({"id": expr("found.row.id", Uuid())}),
        types={"found": found},
    )
    assert block(flow).exports == (Export(name="found", fields=("id",)),)


def test_a_later_transaction_needs_what_an_earlier_one_hands_on() -> None:
    flow = tool(
        "t",
        transaction("first", read("slot", SLOT, by_id(SLOT, "input.slot"))),
        transform("wanted", expr("input.reason", Text()), Text()),
        choice(
            "c",
            TypedCase(
                expr("slot.minutes > 5", Boolean(), "slot.minutes"),
                (
                    transaction(
                        "second", create("a", APPOINTMENT, slot=expr("slot.id", Uuid()), reason=expr("wanted", Text()))
                    ),
                ),
            ),
        ),
    )
    assert block(flow).exports == (Export(name="slot", fields=("id", "minutes")),)
    inner = released(app(flow)).tools["t"].flow[2]
    assert inner.kind == "choice"
    [second] = inner.cases[0].nodes
    assert isinstance(second, TransactionPlan)
    assert second.needs == ("slot", "wanted")
    assert second.exports == ()


def test_what_a_transaction_defines_itself_it_does_not_need() -> None:
    flow = tool(
        "t",
        transaction(
            "a",
            choice("c", TypedCase(None, (read("slot", SLOT, by_id(SLOT, "input.slot")),))),
            require(
                "late",
                expr(
                    "slot.starts_at < now && principal.subject != run.id",
                    Boolean(),
                    "slot.starts_at",
                    "now",
                    "principal.subject",
                    "run.id",
                ),
            ),
        ),
    )
    assert block(flow).needs == ("input",)


def test_the_item_of_a_set_based_create_is_no_name_from_before() -> None:
    items = expr("input.slots", ListOf(element=Record()))
    flow = tool("t", transaction("a", create("slots", SLOT, items, "wish", starts_at=expr("wish.at", Timestamp()))))
    assert block(flow).needs == ("input",)


@pytest.mark.parametrize(
    ("node", "word"),
    [
        (respond(expr("input", Text())), "respond"),
        (TypedRefuse("no", SPAN, "refused_here"), "refuse"),
        (transaction("inner"), "transaction"),
    ],
)
def test_what_has_no_place_in_a_transaction_is_a_problem(node: TypedNode, word: str) -> None:
    found: list[Problem] = []
    FlowCompiler(database("clinic", ENTITIES), {}, found).nodes((transaction("a", node),))
    [problem] = found
    assert problem.code == "misplaced-node"
    assert problem.message == f"`{word}` has no place inside a transaction"
    assert problem.help


def test_a_database_node_needs_a_transaction() -> None:
    [problem] = problems(app(tool("t", read("slot", SLOT, by_id(SLOT, "input.slot")))))
    assert problem.message == "`read` has no place outside a transaction"
    assert problem.help == "write it into the `nodes` of a `transaction`"


def test_all_problems_are_found_in_one_go() -> None:
    untied = ResolvedInvariant(
        "lonely", expr("count < 9", Boolean(), "count"), "No.", SPAN, Aggregate("count", "Slot", ())
    )
    crowded = entity("Ward", field("name", Text()), invariants=(untied,))
    slot = read("slot", SLOT, by_id(SLOT, "input.slot"))
    by_price = read("cheap", SLOT, (where(SLOT, "price", "below", expr("input.price", Money())),))
    broken = app(tool("t", slot, transaction("a", by_price)), entities={**ENTITIES, "Ward": crowded})
    assert [problem.code for problem in problems(broken)] == [
        "invariant-not-tied",
        "misplaced-node",
        "money-comparison",
    ]


def test_a_state_nothing_leads_to_is_a_problem() -> None:
    [problem] = problems(
        app(tool("t", transaction("a", move("back", APPOINTMENT, by_id(APPOINTMENT, "input.slot"), "booked"))))
    )
    assert problem.message == "no state of `Appointment` may move to `booked`"


@pytest.mark.parametrize("name", ["writ", "public", "pg_clinic", "a" * 64])
def test_the_schemas_of_postgresql_and_of_writ_are_no_apps(name: str) -> None:
    assert [problem.code for problem in problems(app(name=name))] == ["reserved-app-name"]


def test_two_fields_cannot_share_a_column() -> None:
    twice = entity("Ward", field("price", Money()), field("price_amount", Integer()))
    [problem] = problems(app(entities={"Ward": twice}))
    assert problem.message == "`price_amount` and `price` of `Ward` would have the same column `price_amount`"


def test_policies_are_in_order_of_name() -> None:
    denied = [TypedPolicy(name, expr("false", Boolean()), 403, "No.") for name in ("zebra", "ant")]
    plan = released(app(tool("t", policies=tuple(denied)))).tools["t"]
    assert [policy.name for policy in plan.policies] == ["ant", "zebra"]


def test_a_summary_is_cut_to_what_the_ui_shows() -> None:
    nodes = [read(f"slot_{'ä' * 20}_{number}", SLOT, by_id(SLOT, "input.slot")) for number in range(20)]
    summary = block(tool("t", transaction("a", *nodes))).summary
    assert len(summary.encode()) <= MOST_BYTES
    assert summary.endswith("…")


def masked(*flow: TypedNode, schema: dict[str, Any] | None = None) -> tuple[str, ...]:
    found = tool("t", *flow, input_schema=schema or {"type": "object"})
    return released(app(found)).tools["t"].masked


def test_what_the_schema_calls_personal_is_masked() -> None:
    person = {"type": "object", "properties": {"e/mail": {"personal": True}, "age": {}}}
    schema = {"type": "object", "properties": {"who": person, "all": {"type": "array", "items": person}}}
    assert masked(schema=schema) == ("/all/*/e~1mail", "/who/e~1mail")


def test_what_is_written_to_a_personal_field_is_masked() -> None:
    made = create("patient", PATIENT, email=expr("input.mail", Text()), subject=expr("input.subject", Text()))
    assert masked(transaction("a", made)) == ("/mail",)


def test_what_a_personal_field_is_searched_by_is_masked() -> None:
    found = read("patient", PATIENT, (where(PATIENT, "email", "equals", expr("input.mail", Text())),))
    assert masked(transaction("a", found)) == ("/mail",)


def test_personal_values_are_followed_through_names_and_items() -> None:
    wishes = transform("wishes", expr("input.slots", ListOf(element=Record())), ListOf(element=Record()))
    greeting = transform("greeting", {"text": expr("'Dear ' + input.name", Text(), "input.name")}, Record())
    many = create("a", APPOINTMENT, expr("wishes", ListOf(element=Record())), "wish", reason=expr("wish.why", Text()))
    one = create("b", APPOINTMENT, reason=expr("greeting.text", Text()))
    assert masked(wishes, transaction("a", greeting, many, one)) == ("/name", "/slots/*/why")


def test_a_release_survives_its_canonical_form() -> None:
    release = released(clinic())
    assert load_release(canonical(release)) == release
    assert release.engines == engines()


@pytest.mark.parametrize(
    "change", [("app", 5), ("unknown", True), ("tools", {"t": {}}), ("description", None)], ids=lambda it: str(it[0])
)
def test_a_stored_release_must_be_right_in_every_detail(change: tuple[str, Any]) -> None:
    import json

    body = {**json.loads(canonical(released(clinic()))), change[0]: change[1]}
    with pytest.raises(ValueError, match=change[0]):
        load_release(json.dumps(body))


def test_the_digest_does_not_depend_on_the_order_files_were_read_in() -> None:
    one = clinic()
    other = replace(
        one,
        entities=dict(reversed(list(one.entities.items()))),
        tools=dict(reversed(list(one.tools.items()))),
        roles=dict(reversed(list(one.roles.items()))),
    )
    assert release_digest(released(one)) == release_digest(released(other))


def test_the_digest_changes_with_any_expression() -> None:
    one = app(tool("t", transaction("a", require("r", expr("1 < 2", Boolean())))))
    other = app(tool("t", transaction("a", require("r", expr("1 < 3", Boolean())))))
    assert release_digest(released(one)) != release_digest(released(other))


def test_the_digest_is_the_same_in_every_process() -> None:
    program = (
        "from tests.writ.plan.clinic import clinic; from tests.unjudged import compile_unjudged;"
        "from writ.plan.release import release_digest; print(release_digest(compile_unjudged(clinic())))"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert digests == {release_digest(released(clinic())) + "\n"}


def test_an_owner_that_leads_in_a_circle_is_never_compiled() -> None:
    a = entity("A", reference("b", "B"), owner="b")
    b = entity("B", reference("a", "A"), owner="a")
    with pytest.raises(ValueError, match="circle"):
        compile_unjudged(app(tool("t", transaction("x", read("a", a, ()))), entities={"A": a, "B": b}))
