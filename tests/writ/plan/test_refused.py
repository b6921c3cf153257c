"""What the compiler makes no plan of, although the app is typed and no rule has seen it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.writ.plan.clinic import (
    APPOINTMENT,
    ENTITIES,
    NOTE,
    PATIENT,
    SLOT,
    SPAN,
    app,
    archive,
    by_id,
    create,
    expr,
    move,
    read,
    tool,
    transaction,
    update,
)
from writ.nodes.typed import (
    TypedApproval,
    TypedBranch,
    TypedCall,
    TypedDelete,
    TypedEach,
    TypedEmit,
    TypedErase,
    TypedHttp,
    TypedNode,
    TypedParallel,
    TypedPayment,
    TypedSql,
    TypedWait,
)
from writ.nodes.typed_terms import AgentTrigger, CallPolicy, CronTrigger, RateLimit, WebhookTrigger
from writ.plan.database_nodes import database
from writ.plan.flow import FlowCompiler
from writ.plan.refused import not_yet_documents
from writ.problems import Problem
from writ.spec.resolved import TokenRules
from writ.values.types import Anything, Integer, ListOf, Record, Text, Timestamp, Uuid

NOTHING = CallPolicy(None, None, None)
ITEMS = expr("input.slots", ListOf(element=Record()))
LATER: dict[str, TypedNode] = {
    "http": TypedHttp("x", SPAN, None, None, {}, None, NOTHING, None, None, None, None, False, Anything()),
    "payment": TypedPayment(
        "x", SPAN, None, "charge", None, None, None, {}, NOTHING, None, None, "park", None, False, Anything()
    ),
    "approval": TypedApproval("x", SPAN, ("reception",), SPAN, 1, True, {}, None, "reject", "no"),
    "wait": TypedWait("x", SPAN, 5.0, None),
    "parallel": TypedParallel("x", SPAN, (TypedBranch("a", SPAN, (TypedWait("y", SPAN, 5.0, None),)),), None),
    "call": TypedCall("x", SPAN, "other", {}, None, Anything()),
    "each": TypedEach("x", SPAN, ITEMS, "item", None, (TypedWait("y", SPAN, 5.0, None),)),
    "emit": TypedEmit("x", SPAN, "paid", {}),
    "delete": TypedDelete("x", SPAN, SLOT, ()),
    "erase": TypedErase("x", SPAN, PATIENT, (), None),
    "sql": TypedSql("x", SPAN, "UPDATE slot"),
}
ID = by_id(PATIENT, "input.patient")
TEXT = expr("input.reason", Text())
UNSAFE: list[tuple[TypedNode, str]] = [
    (update("u", SLOT, (), minutes=expr("5", Integer())), "`u` would touch every row of `Slot`"),
    (move("m", SLOT, (), "taken"), "`m` would touch every row of `Slot`"),
    (archive("a", SLOT, ()), "`a` would touch every row of `Slot`"),
    (read("r", SLOT, (), expect="many", limit=None), "`r` reads rows without a `limit`"),
    (
        replace(create("c", SLOT, ITEMS, starts_at=expr("item.at", Timestamp())), max=None),
        "`c` creates rows without a `max`",
    ),
    (update("u", PATIENT, ID, subject=TEXT), "`subject` of `Patient` cannot be set here"),
    (update("u", NOTE, ID, appointment=expr("input.slot", Uuid())), "`appointment` of `AppointmentNote`"),
    (update("u", PATIENT, ID, version=expr("5", Integer())), "`version` of `Patient` cannot be set here"),
    (update("u", APPOINTMENT, ID, state=TEXT), "`state` of `Appointment` cannot be set here"),
    (create("c", APPOINTMENT, state=TEXT), "`state` of `Appointment` cannot be set here"),
]


def problem(node: TypedNode) -> Problem:
    """The one problem of a flow that went past every rule."""
    problems: list[Problem] = []
    plans = FlowCompiler(database("clinic", ENTITIES), {}, problems).nodes((node,))
    assert len(problems) == 1, problems
    assert all(plan.kind == "transaction" and plan.nodes == () for plan in plans)
    return problems[0]


@pytest.mark.parametrize("word", LATER)
def test_a_kind_that_cannot_be_run_yet_is_no_plan_anywhere(word: str) -> None:
    node = LATER[word]
    for flow in (node, transaction("t", node)):
        found = problem(flow)
        assert found.code == "not-yet-runnable"
        assert found.message == f"`{word}` cannot be run yet: this version of Writ checks it and does not execute it"


@pytest.mark.parametrize(("node", "words"), UNSAFE)
def test_what_a_rule_refuses_is_no_plan_though_no_rule_has_seen_it(node: TypedNode, words: str) -> None:
    found = problem(transaction("t", node))
    assert (found.code, found.help) == ("unsafe", "`writ check` says why")
    assert words in found.message


@pytest.mark.parametrize("node", [create("x", SLOT), update("x", PATIENT, ID, email=TEXT), archive("x", PATIENT, ID)])
def test_a_write_outside_a_transaction_is_no_plan(node: TypedNode) -> None:
    found = problem(node)
    assert (found.code, found.message) == ("unsafe", "`x` writes rows outside a transaction")


BLOCK = transaction("t", read("slot", SLOT, by_id(SLOT, "input.slot")))


@pytest.mark.parametrize(
    ("endless", "key"),
    [
        (replace(BLOCK, statement_timeout_ms=0), "statement_timeout"),
        (replace(BLOCK, timeout_ms=0), "timeout"),
    ],
)
def test_a_transaction_without_an_end_is_no_plan(endless: TypedNode, key: str) -> None:
    found = problem(endless)
    assert (found.code, found.message) == ("unsafe", f"the transaction `t` has no `{key}`")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"cron": CronTrigger(SPAN, "0 3 * * *", "night", ())}, "cron"),
        ({"webhook": WebhookTrigger(SPAN, "/hook", None, None, ())}, "webhook"),
        ({"agent": AgentTrigger(SPAN, "Do it")}, "agent"),
        ({"rate_limit": RateLimit(SPAN, 5, 1.0)}, "rate_limit"),
        ({"public": True}, "public"),
        ({"idempotency": "required"}, "idempotency"),
    ],
)
def test_a_tool_that_says_what_no_run_keeps_is_no_plan(changed: dict[str, object], word: str) -> None:
    said = replace(tool("one", transaction("t")), **changed)  # type: ignore[arg-type]
    [found] = not_yet_documents(app(said))
    assert found.code == "not-yet-runnable"
    assert f"`{word}`" in found.message


def test_an_app_that_says_what_no_run_keeps_is_no_plan() -> None:
    tokens = TokenRules(SPAN, ("EdDSA",), None, None, (), {})
    rented = {**ENTITIES, "Patient": replace(PATIENT, tenant="email")}
    whole = replace(app(entities=rented), tokens=tokens)
    assert [one.message.split("`")[1] for one in not_yet_documents(whole)] == ["auth", "tenant"]
