from __future__ import annotations

from typing import Any

import pytest

from tests import diary
from writ.effects import (
    Answer,
    Audited,
    AuditRecord,
    Failure,
    Outcome,
    RecordAudit,
    Refusal,
    RunFacts,
    RunTransaction,
    Step,
    TransactionAnswer,
)
from writ.engine.run import run
from writ.plan.model import (
    Export,
    FlowCase,
    FlowChoice,
    MapTemplate,
    RefusePlan,
    RequirePlan,
    RespondPlan,
    Template,
    ToolPlan,
    TransactionPlan,
    TransformPlan,
)
from writ.values import Boolean, Integer, Record, Text

FACTS = RunFacts(id="run-1", now="2026-11-20T12:00:00Z")
SLOT = "0190a1b2-0000-7000-8000-000000000001"
COMMITTED = TransactionAnswer(
    outcome="committed",
    values={"slot": {"starts_at": "2099-01-01T09:00:00Z"}, "appointment": {"id": SLOT}},
    steps=(Step(step="commit", outcome="passed", transaction="booking"),),
    trace=(),
    effect_digest="d",
)
FOR_GOOD = TransactionAnswer(outcome="failed", failure="for good", steps=(), trace=(), effect_digest="d")
NINE = [
    "validate",
    "authorize",
    "policies",
    "start_transaction",
    "execute",
    "invariants",
    "commit",
    "audit",
    "respond",
]


class World:
    """Answers from a table and keeps what was asked."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers)
        self.transactions: list[RunTransaction] = []
        self.records: list[AuditRecord] = []

    async def perform(self, effect: RunTransaction | RecordAudit) -> Answer:
        if isinstance(effect, RecordAudit):
            self.records.append(effect.record)
            return Audited(effect_digest="d")
        self.transactions.append(effect)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def ran(world: World, input: Any = None, plan: ToolPlan | None = None, **who: Any) -> Outcome:
    release = diary.loaded(diary.release("s", plan or diary.book("s")))
    given = {"slot": SLOT} if input is None else input
    return await run(release, diary.invocation(release, "book", given, **who), world.perform, FACTS)


def flow(*nodes: Any) -> ToolPlan:
    """`book` with another flow, whose answer is anything."""
    types = {**diary.book("s").types, "limit": Integer(), "word": Text()}
    return diary.book("s").model_copy(
        update={"flow": nodes, "types": types, "output_schema": {}, "output_type": Record()}
    )


def respond(**entries: str) -> RespondPlan:
    texts: dict[str, Template] = {name: diary.expression(cel, Text()) for name, cel in entries.items()}
    return RespondPlan(name="respond", value=MapTemplate(entries=texts))


async def test_a_run_asks_for_its_transaction_and_then_for_its_audit_row() -> None:
    world = World(COMMITTED)
    outcome = await ran(world)
    assert outcome.response == {"appointment": SLOT, "starts_at": "2099-01-01T09:00:00Z"}
    [asked], [record] = world.transactions, world.records
    assert (asked.node, asked.values, asked.sees_all) == ("booking", {"input": {"slot": SLOT}}, False)
    assert record.outcome == "answered"
    assert record.output_digest is not None


@pytest.mark.parametrize(
    ("answer", "kind", "failure"),
    [
        (Failure("permanent", "it broke"), "permanent", "it broke"),
        (FOR_GOOD, "permanent", "for good"),
        (RuntimeError("unforeseen"), "bug", "RuntimeError"),
        (Audited(effect_digest="d"), "bug", "transaction `booking` was answered with `Audited`"),
        (COMMITTED.model_copy(update={"values": {}}), "refused", "value_not_computable"),
    ],
)
async def test_whatever_breaks_is_an_outcome_with_its_audit_row(answer: Any, kind: str, failure: str) -> None:
    world = World(answer)
    outcome = await ran(world)
    code = outcome.refusal.code if outcome.refusal else None
    assert (outcome.failure_kind or "refused", outcome.failure or code) == (kind, failure)
    [record] = world.records
    assert [step.step for step in record.steps if step.step in NINE][-2:] == ["audit", "respond"]
    assert {step.step for step in record.steps} == set(NINE)


async def test_a_refused_transaction_ends_the_run() -> None:
    no = Refusal(code="slot_not_free", status=409, message="No.", source="slot_is_free")
    world = World(
        TransactionAnswer(outcome="refused", refusal=no, steps=(), trace=(), effect_digest="d"),
    )
    assert await ran(world) == Outcome(outcome="refused", refusal=no)


async def test_an_answer_that_does_not_fit_the_output_schema_is_a_bug() -> None:
    plan = diary.book("s", output_schema={"type": "object", "properties": {"starts_at": {"maxLength": 3}}})
    outcome = await ran(World(COMMITTED), plan=plan)
    assert outcome.failure_kind == "bug"
    assert outcome.failure is not None
    assert "/starts_at" in outcome.failure


async def test_personal_input_is_masked_also_where_the_run_was_refused() -> None:
    world = World()
    await ran(world, {"slot": SLOT, "reason": "private"}, roles=())
    [record] = world.records
    assert record.input == {"slot": SLOT, "reason": "***"}
    assert "private" not in record.model_dump_json()


async def test_what_the_tool_does_not_expect_is_masked_because_it_may_be_anything() -> None:
    world = World()
    await ran(world, {"slot": {"of": "private"}, "raeson": "private", "reason": 1})
    [record] = world.records
    assert record.input == {"slot": "***", "raeson": "***", "reason": "***"}
    assert "private" not in record.model_dump_json()


async def test_what_is_refused_in_a_known_place_is_shown_to_who_asks_why() -> None:
    world = World()
    await ran(world, {"slot": "tomorrow"})
    assert world.records[0].input == {"slot": "tomorrow"}


async def test_an_input_with_too_many_mistakes_is_masked_whole() -> None:
    world = World()
    outcome = await ran(world, {f"private-{number}": 1 for number in range(12_000)})
    assert outcome.refusal is not None
    assert outcome.refusal.code == "invalid_input"
    assert world.records[0].input == "***"
    assert len(world.records[0].model_dump_json()) < 10_000
    assert len(outcome.model_dump_json()) < 10_000


async def test_an_input_that_nobody_looked_at_is_masked_whole() -> None:
    world = World()
    await ran(world, {"raeson": "private"}, diary.book("s", conceal=True), roles=())
    assert world.records[0].input == "***"


async def test_what_others_say_of_a_bug_is_not_repeated() -> None:
    outcome = await ran(World(ValueError("private")))
    assert (outcome.failure, outcome.failure_kind) == ("ValueError", "bug")


async def test_an_input_that_cannot_be_represented_is_not_recorded() -> None:
    world = World()
    outcome = await ran(world, {"slot": "nul \0"})
    assert outcome.refusal is not None
    assert outcome.refusal.code == "invalid_input"
    assert world.records[0].input == "***"


@pytest.mark.parametrize(
    ("reason", "ending"), [("many", "first"), ("few", "second"), ("other", "default")], ids=lambda it: it
)
async def test_the_first_case_that_holds_is_taken(reason: str, ending: str) -> None:
    choice = FlowChoice(
        name="which",
        cases=(
            FlowCase(when=diary.expression("input.reason == 'many'", Boolean()), nodes=(respond(it="'first'"),)),
            FlowCase(
                when=diary.expression("input.reason in ['many', 'few']", Boolean()), nodes=(respond(it="'second'"),)
            ),
            FlowCase(when=None, nodes=(respond(it="'default'"),)),
        ),
    )
    outcome = await ran(World(), {"slot": SLOT, "reason": reason}, flow(choice, RefusePlan(name="no", refusal="never")))
    assert outcome.response == {"it": ending}


async def test_a_choice_without_a_case_that_holds_goes_on() -> None:
    never = FlowCase(when=diary.expression("false", Boolean()), nodes=(RefusePlan(name="no", refusal="never"),))
    outcome = await ran(World(), plan=flow(FlowChoice(name="which", cases=(never,)), respond(it="'after'")))
    assert outcome.response == {"it": "after"}


async def test_a_condition_that_cannot_be_computed_refuses_and_names_its_node() -> None:
    require = RequirePlan(
        name="has_reason", that=diary.expression("input.reason != ''", Boolean()), otherwise="slot_not_free"
    )
    outcome = await ran(World(), plan=flow(require, respond(it="'x'")))
    assert outcome.refusal is not None
    assert (outcome.refusal.code, outcome.refusal.source) == ("guard_not_computable", "has_reason")
    assert "`has_reason`" in outcome.refusal.message


async def test_a_refusal_is_worded_by_the_app() -> None:
    outcome = await ran(World(), plan=flow(RefusePlan(name="no", refusal="slot_not_free")))
    assert outcome.refusal is not None
    assert (outcome.refusal.status, outcome.refusal.message) == (409, "The slot is not free.")


async def test_later_nodes_use_what_earlier_ones_computed_and_handed_on() -> None:
    transform = TransformPlan(
        name="word", value=diary.expression("'at ' + string(slot.starts_at)", Text()), type=Text()
    )
    booking = TransactionPlan(name="booking", nodes=(), exports=(Export(name="slot"),), summary="")
    outcome = await ran(World(COMMITTED), plan=flow(booking, transform, respond(it="word")))
    assert outcome.response == {"it": "at 2099-01-01T09:00:00Z"}


async def test_a_tool_that_the_release_does_not_have_is_refused_and_audited() -> None:
    release = diary.loaded(diary.release("s"))
    world = World()
    outcome = await run(release, diary.invocation(release, "nothing", {"a": 1}), world.perform, FACTS)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "not_found"
    assert world.records[0].input == "***"


async def test_whoever_watches_is_shown_each_step() -> None:
    release = diary.loaded(diary.release("s"))
    seen: list[int] = []
    await run(
        release,
        diary.invocation(release, "book", {"slot": SLOT}),
        World(COMMITTED).perform,
        FACTS,
        lambda steps: seen.append(len(steps)),
    )
    assert seen == sorted(seen)
    assert seen[0] == 3
