from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from writ.values import (
    ABSENT,
    Anything,
    Checked,
    EvaluationFailed,
    FieldType,
    Integer,
    ListOf,
    Number,
    Program,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
    check,
    engine_version,
)

Scope = Mapping[str, ValueType]
Values = dict[str, Any]


def reason(source: str, scope: Scope, values: Values, result: ValueType | None = None) -> str:
    with pytest.raises(EvaluationFailed) as caught:
        Program.compile(source, scope, result).evaluate(values)
    assert caught.value.source == source
    return caught.value.reason


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("slot.seats > 2 && slot.starts_at >= now", True),
        ("slot.state", "free"),
        ("slot.starts_at", "2026-11-20T16:00:00Z"),
        ("now", "2026-11-20T12:00:00.500000Z"),
        ("slot.starts_at + slot.length", "2026-11-20T17:00:00Z"),
        ("slot.starts_at - now", "14399.5s"),
        ("slots[1].length", "3600s"),
        ("duration('90m')", "5400s"),
        ("slot.weight * 2.0", 3.0),
        ("slot.seats / 2", 1),
        ("slot.price", {"amount": 1200, "currency": "EUR"}),
        ("has(slot.reason)", False),
        ("has(slot.reason) ? slot.reason : 'none'", "none"),
        ("slots.map(s, {'b': s.starts_at, 'a': s.seats})", [{"a": 3, "b": "2026-11-20T16:00:00Z"}] * 2),
        ("principal.claims.level == 3", True),
        ("principal.claims.level == '3'", False),
        ("slot.extra", {"a": [1, {"c": 3, "d": 2}], "b": 1, "none": None}),
        ("slot.extra.none", None),
        ("'%s-%d'.format([slot.state, slot.seats])", "free-3"),
        ("math.greatest(slot.seats, 7)", 7),
        ("[[1], [{'z': now}]]", [[1], [{"z": "2026-11-20T12:00:00.500000Z"}]]),
        ("-0.0", 0.0),
        ("slot.starts_at.getHours('+01:00')", 17),
    ],
)
def test_an_expression_gives_wire_values(source: str, outcome: object, scope: Scope, values: Values) -> None:
    given = Program.compile(source, scope).evaluate(values)
    assert json.dumps(given) == json.dumps(outcome)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("slot.reason", "`slot.reason` is missing"),
        ("slot.reason == 'x'", "`slot.reason` is missing"),
        ("slot.open ? slot.reason : 'x'", "`slot.reason` is missing"),
        ("slot.extra[principal.subject]", "a value it needs is missing"),
        ("slot.seats / 0", "it divides by zero"),
        ("slot.seats % 0", "it divides by zero"),
        ("9223372036854775807 + slot.seats", "a number is too large"),
        ("9007199254740992", "the result cannot be used"),
        ("0.0 / 0.0", "the result cannot be used"),
        ("slot.weight / 0.0", "the result cannot be used"),
        ("[0.0 / 0.0]", "the result cannot be used"),
        ("b'x'", "the result cannot be used"),
        ("type(1)", "the result cannot be used"),
        ("int", "the result cannot be used"),
        ("{1: 2}", "the result cannot be used"),
        ("{true: 2}", "the result cannot be used"),
        ("slot.tags[7]", "a list has no such element"),
        ("timestamp('tomorrow')", "a conversion failed"),
        ("int(slot.state)", "a conversion failed"),
        ("slot.state.matches('(')", "the regular expression is not valid"),
        ("now.getHours('Nowhere')", "the time zone is not known"),
        ("slot.seats + slot.state", "a value has the wrong type"),
        ("slot.state ? 1 : 2", "a value has the wrong type"),
        ("foo(1)", "a value has the wrong type"),
        ("slot.seats.x", "`slot.seats.x` is missing"),
    ],
)
def test_what_cannot_be_computed_fails_with_a_reason(source: str, why: str, scope: Scope, values: Values) -> None:
    assert why in reason(source, scope, values)


def test_an_exhausted_budget_fails(scope: Scope, values: Values) -> None:
    numbers = "[" + ",".join(["1"] * 200) + "]"
    assert reason(f"{numbers}.all(a, {numbers}.all(b, a == b))", scope, values) == "it takes too many steps"


@pytest.mark.parametrize(
    "source", ["1 +", "slot.in", "(" * 40 + "1" + ")" * 40, "nope", "nope.x || true", "'" + "x" * 10_000 + "'"]
)
def test_what_is_no_expression_over_the_scope_does_not_compile(source: str, scope: Scope) -> None:
    with pytest.raises(EvaluationFailed):
        Program.compile(source, scope)


@pytest.mark.parametrize("value", [2**70, "\ud800", (1, 2), object(), b"x", float("nan"), {1: 2}])
def test_values_that_are_no_wire_values_fail(value: object) -> None:
    for source in ("x", "[x]", "{'a': x}"):
        with pytest.raises(EvaluationFailed):
            Program.compile(source, {"x": Anything()}).evaluate({"x": value})


@pytest.mark.parametrize("value", ["tomorrow", 3, None, "2026-11-20T16:00:00"])
def test_a_timestamp_that_is_none_fails(value: object, scope: Scope) -> None:
    with pytest.raises(EvaluationFailed) as caught:
        Program.compile("now > timestamp(0)", scope).permits({"now": value})
    assert "tomorrow" not in caught.value.reason


def test_only_true_permits(scope: Scope, values: Values) -> None:
    outcomes = {"true": True, "false": False, "'true'": False, "1": False, "null": False, "[true]": False}
    for source, permitted in outcomes.items():
        assert Program.compile(source, scope).permits(values) is permitted


@pytest.mark.parametrize("source", ["slot.reason == 'x'", "1 / 0 > 0", "slot.seats", "int('x') > 1 && true"])
def test_a_guard_that_cannot_be_computed_never_permits(source: str, scope: Scope, values: Values) -> None:
    program = Program.compile(source, scope)
    if source == "slot.seats":
        assert program.permits(values) is False
        return
    with pytest.raises(EvaluationFailed):
        program.permits(values)


def test_the_text_of_an_error_does_not_permit(scope: Scope) -> None:
    with pytest.raises(EvaluationFailed, match="is missing"):
        Program.compile("slot.open", scope).permits({})


def test_a_reason_does_not_tell_the_values_it_was_computed_over(scope: Scope, values: Values) -> None:
    values["principal"]["subject"] = "ada@example.org"
    for source in ("slot.extra[principal.subject]", "int(principal.subject)", "slot.seats + principal.subject"):
        assert "ada" not in reason(source, scope, values)


def test_a_plain_path_may_lead_nowhere_only_where_that_is_allowed(scope: Scope, values: Values) -> None:
    for source in ("slot.reason", "slot.note.text"):
        assert Program.compile(source, scope, absent_allowed=True).evaluate(values) is ABSENT
        reason(source, scope, values)
    values["slot"]["reason"] = None
    assert Program.compile("slot.reason", scope, absent_allowed=True).evaluate(values) is ABSENT
    with pytest.raises(EvaluationFailed):
        Program.compile("slot.reason + ''", scope, absent_allowed=True).evaluate(values)


def test_null_in_an_optional_field_is_absent(scope: Scope, values: Values) -> None:
    values["slot"]["reason"] = None
    assert Program.compile("has(slot.reason)", scope).evaluate(values) is False
    assert Program.compile("slots.exists(s, has(s.reason))", scope).evaluate(values) is False
    whole = Program.compile("slot", scope).evaluate(values)
    assert whole is not ABSENT
    assert "reason" not in whole


def test_the_result_has_the_wire_form_of_its_type(scope: Scope, values: Values) -> None:
    assert repr(Program.compile("slot.seats", scope, Number()).evaluate(values)) == "3.0"
    assert repr(Program.compile("slot.seats + 1", scope, Number()).evaluate(values)) == "4.0"
    upper = "'0198C0DE-0000-7000-8000-000000000000'"
    assert Program.compile(upper, scope, Uuid()).evaluate(values) == upper.strip("'").lower()
    written = Program.compile("'2026-11-20T17:00:00+01:00'", scope, Timestamp()).evaluate(values)
    assert written == "2026-11-20T16:00:00Z"


@pytest.mark.parametrize(
    ("source", "result"), [("slot.id", Integer()), ("slot.open && true", Text()), ("[1]", ListOf(element=Text()))]
)
def test_a_result_of_another_type_fails(source: str, result: ValueType, scope: Scope, values: Values) -> None:
    assert "the result cannot be used" in reason(source, scope, values, result)


def test_integers_for_numbers_are_computed_as_numbers() -> None:
    scope = {"x": Record(name="X", fields=(FieldType(name="n", type=Number()),))}
    assert Program.compile("x.n * 1.5", scope).evaluate({"x": {"n": 2}}) == 3.0


def test_values_are_not_changed_by_being_read(scope: Scope, values: Values) -> None:
    before = json.dumps(values)
    given = Program.compile("slot", scope).evaluate(values)
    assert given is not ABSENT
    given["tags"].append("changed")
    assert json.dumps(values) == before


def test_only_what_is_read_needs_to_be_there(scope: Scope) -> None:
    assert Program.compile("slot.seats > 2", scope).evaluate({"slot": {"seats": 3, "starts_at": object()}}) is True


def test_metacharacters_are_plain_data(scope: Scope, values: Values) -> None:
    values["principal"]["subject"] = "' || true || '"
    assert Program.compile("principal.subject == 'x'", scope).permits(values) is False
    assert Program.compile("principal.subject", scope).evaluate(values) == "' || true || '"


def test_what_is_computed_has_the_type_that_was_checked(scope: Scope, values: Values) -> None:
    for source in (
        "slot",
        "slots.map(s, s.starts_at)",
        "{'a': slot.price, 'b': now}",
        "slot.starts_at - now",
        "slots.filter(s, s.open)",
    ):
        result = check(source, scope)
        assert isinstance(result, Checked)
        plain = Program.compile(source, scope).evaluate(values)
        assert Program.compile(source, scope, result.type).evaluate(values) == plain


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
SOURCES = """
x; x.a; x[0]; [x, x]; {'a': x}; x + x; x == x; x in [x]; size(x); string(x); x ? 1 : 2; dyn(x).a.b; [x].map(y, y);
x > 1; '%s'.format([x]); timestamp(x); duration(x); int(x); double(x); uint(x); bytes(x); type(x); -x; !x; x || true;
x.map(y, y); x.exists(y, y == x)
"""


@settings(deadline=None)  # the machine may be busy
@given(JSON, st.sampled_from(SOURCES.split(";")))
@example("\ud800", "string(x)")
def test_an_expression_gives_json_or_fails(value: Any, source: str) -> None:
    program = Program.compile(source, {"x": Anything()})
    try:
        given = program.evaluate({"x": value})
        json.dumps(given, allow_nan=False).encode()
    except EvaluationFailed as failed:
        assert failed.reason
        return
    assert json.dumps(given) == json.dumps(given, sort_keys=True)


SCRIPT = """
import json
from writ.values import Anything, Program, Text, ListOf
scope = {"x": Anything(), "names": ListOf(element=Text())}
values = {"x": {key: {"z": 1, key: [{"q": 1, "p": 2}]} for key in "qwertyuiop"}, "names": list("hgfedcba")}
for source in ("x", "{'b': x, 'a': x.q, 'c': 1}", "names.map(n, {n: 1, 'z': x.w})", "'%s'.format([x])"):
    print(json.dumps(Program.compile(source, scope).evaluate(values)))
"""


def test_the_same_values_give_the_same_bytes_in_every_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_the_engine_names_its_version() -> None:
    assert engine_version().startswith("cel-expr-python ")
