from __future__ import annotations

from typing import Any

import pytest

from tests import diary
from writ.admission import Admitted, Refused, admit
from writ.effects import Principal, RunFacts
from writ.plan.model import PolicyPlan, ToolPlan
from writ.schemas import MORE, MOST_VIOLATIONS
from writ.values import Boolean

SLOT = "0190A1B2-0000-7000-8000-000000000001"
FACTS = RunFacts(id="run", now="2026-11-20T12:00:00Z")


def judged(input: Any, plan: ToolPlan | None = None, **who: Any) -> Admitted | Refused:
    release = diary.loaded(diary.release("s", plan or diary.book("s")))
    return admit(release.tools["book"], diary.invocation(release, "book", input, **who), FACTS)


def refused(input: Any, plan: ToolPlan | None = None, **who: Any) -> tuple[str, int]:
    decision = judged(input, plan, **who)
    assert isinstance(decision, Refused)
    return decision.refusal.code, decision.refusal.status


def policy(cel: str, name: str = "a_policy") -> ToolPlan:
    plan = PolicyPlan(name=name, deny_when=diary.expression(cel, Boolean()), status=429, message="No.")
    return diary.book("s", policies=(plan,))


def test_an_admitted_input_is_in_its_canonical_form() -> None:
    decision = judged({"slot": SLOT})
    assert isinstance(decision, Admitted)
    assert decision.input == {"slot": SLOT.lower()}
    assert [step.outcome for step in decision.steps] == ["passed", "passed", "passed"]


@pytest.mark.parametrize(
    ("roles", "sees_all"), [(("patient",), False), (("reception",), True), (("patient", "reception", "other"), True)]
)
def test_the_widest_role_decides_which_rows_are_seen(roles: tuple[str, ...], sees_all: bool) -> None:
    decision = judged({"slot": SLOT}, roles=roles)
    assert isinstance(decision, Admitted)
    assert decision.sees_all is sees_all


@pytest.mark.parametrize(
    ("input", "pointer"),
    [
        ({}, "/slot"),
        ({"slot": "x"}, "/slot"),
        ({"slot": SLOT, "more": 1}, "/more"),
        ({"slot": SLOT, "reason": "nul \0"}, "/reason"),
        ({"slot": SLOT, "reason": "\ud800"}, "/reason"),
        ({"slot": SLOT, "reason": 2**53}, "/reason"),
        ({"slot": SLOT, "reason": float("nan")}, "/reason"),
        ("text", ""),
        (None, ""),
    ],
)
def test_an_input_that_does_not_fit_is_refused_with_the_place(input: Any, pointer: str) -> None:
    decision = judged(input)
    assert isinstance(decision, Refused)
    assert (decision.refusal.code, decision.refusal.status) == ("invalid_input", 422)
    assert [place for place, _ in decision.refusal.pointers] == [pointer]
    assert [step.outcome for step in decision.steps] == ["refused", "skipped", "skipped"]


def test_an_input_that_is_nested_too_deeply_is_refused() -> None:
    deep: Any = "bottom"
    for _ in range(100):
        deep = [deep]
    assert refused({"slot": deep}) == ("invalid_input", 422)


def test_a_principal_without_a_role_is_refused() -> None:
    assert refused({"slot": SLOT}, roles=("cleaner",)) == ("forbidden", 403)


def test_a_tool_can_conceal_that_it_is_there() -> None:
    assert refused({"slot": SLOT}, diary.book("s", conceal=True), roles=()) == ("not_found", 404)


@pytest.mark.parametrize("input", [{"slot": SLOT}, {}, {"slot": SLOT, "more": 1}, None])
def test_a_concealed_tool_says_nothing_of_the_input_to_who_has_no_role(input: Any) -> None:
    decision = judged(input, diary.book("s", conceal=True), roles=())
    assert isinstance(decision, Refused)
    assert (decision.refusal.code, decision.refusal.pointers) == ("not_found", ())
    assert [(step.step, step.outcome) for step in decision.steps] == [
        ("validate", "skipped"),
        ("authorize", "refused"),
        ("policies", "skipped"),
    ]
    assert refused({}, diary.book("s", conceal=True)) == ("invalid_input", 422)


@pytest.mark.parametrize("claim", [12345678901234567890, float("inf"), "nul \0", {"deep": [2**60]}])
def test_a_principal_that_cannot_be_represented_is_refused_and_not_repeated(claim: Any) -> None:
    release = diary.loaded(diary.release("s"))
    who = Principal(subject="ann", roles=("patient",), claims={"account": claim})
    invocation = diary.invocation(release, "book", {"slot": SLOT}).model_copy(update={"principal": who})
    decision = admit(release.tools["book"], invocation, FACTS)
    assert isinstance(decision, Refused)
    assert (decision.refusal.code, decision.refusal.status) == ("invalid_principal", 403)
    assert "1234567890" not in f"{decision}"


def test_of_many_values_that_cannot_be_represented_some_are_named() -> None:
    decision = judged({"slot": [float("nan")] * 10_000})
    assert isinstance(decision, Refused)
    assert len(decision.refusal.pointers) == MOST_VIOLATIONS + 1
    assert decision.refusal.pointers[-1] == MORE


def test_a_policy_that_denies_refuses_with_its_name_and_status() -> None:
    assert refused({"slot": SLOT}, policy("now > timestamp('2020-01-01T00:00:00Z')")) == ("a_policy", 429)


@pytest.mark.parametrize("cel", ["input.reason == 'x'", "1 / 0 == 1", "[true][3]"])
def test_a_policy_that_cannot_be_computed_refuses(cel: str) -> None:
    assert refused({"slot": SLOT}, policy(cel)) == ("policy_not_computable", 403)


def test_the_first_no_decides() -> None:
    assert refused({}, policy("true"), roles=()) == ("invalid_input", 422)
    assert refused({"slot": SLOT}, policy("true"), roles=()) == ("forbidden", 403)
