from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from writ.values import (
    RESERVED,
    Anything,
    Boolean,
    Checked,
    Date,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Mistake,
    Money,
    Number,
    Program,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
    check,
    describe,
)

Scope = Mapping[str, ValueType]
STATES = Enumeration(values=("free", "taken"), of="states of Slot")


INTERNAL = re.compile(
    r"_[=<>&|+?\-]|\b(int|double|string|null_type|INVALID_ARGUMENT|overload|dyn)\b(?!\()|__record|protobuf"
)
NOTE = Record(name="Note", fields=(FieldType(name="text", type=Text(), optional=True),))
SLOT = Record(
    name="Slot",
    fields=(
        FieldType(name="id", type=Uuid()),
        FieldType(name="state", type=STATES),
        FieldType(name="reason", type=Text(), optional=True),
        FieldType(name="note", type=NOTE, optional=True),
    ),
)
PRINCIPAL = Record(name="principal", fields=(FieldType(name="claims", type=Anything()),))
SCOPE: Scope = {"slot": SLOT, "slots": ListOf(element=SLOT), "now": Timestamp(), "principal": PRINCIPAL}


def checked(source: str, scope: Scope, expected: ValueType | None = None) -> Checked:
    result = check(source, scope, expected=expected)
    assert isinstance(result, Checked), result
    return result


def mistakes(source: str, scope: Scope, expected: ValueType | None = None) -> tuple[Mistake, ...]:
    result = check(source, scope, expected=expected)
    assert isinstance(result, tuple), result
    return result


def only(source: str, scope: Scope, expected: ValueType | None = None) -> Mistake:
    found = mistakes(source, scope, expected)
    assert len(found) == 1, found
    return found[0]


def underlined(source: str, mistake: Mistake) -> str:
    return source[mistake.offset : mistake.offset + mistake.length]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("slot.state", "one of the states of Slot"),
        ("slot.id", "a uuid"),
        ("slot.id + 'x'", "a text"),
        ("slot.seats + 1", "an integer"),
        ("double(slot.seats) * 1.5", "a number"),
        ("slot.starts_at > now", "true or false"),
        ("slot.starts_at - now", "a duration"),
        ("slot.price", "an amount of money"),
        ("slot.price.amount", "an integer"),
        ("slot", "a Slot"),
        ("slots", "a list of Slot"),
        ("slots[0].state", "one of the states of Slot"),
        ("slots.map(s, s.id)", "a list of uuids"),
        ("slots.filter(s, s.seats > 1)", "a list of Slot"),
        ("slots.map(s, s.open, s.day)", "a list of dates"),
        ("slots.exists(s, s.open)", "true or false"),
        ("slots.exists_one(s, s.open)", "true or false"),
        ("slot.open ? slot.state : slots[0].state", "one of the states of Slot"),
        ("slot.open ? slot.state : 'taken'", "one of the states of Slot"),
        ("slot.open ? slot.state : 'none'", "a text"),
        ("{'a': slot.id}", "an object"),
        ("[slot.day]", "a list of dates"),
        ("[]", "a list of untyped values"),
        ("principal.claims.level", "an untyped value"),
        ("null", "null"),
        ("math.greatest(slot.seats, 2)", "an integer"),
        ("slot.id.upperAscii()", "a text"),
        ("has(slot.reason) ? slot.reason : 'none'", "a text"),
        ("size(slot.tags)", "an integer"),
    ],
)
def test_an_expression_has_the_finest_type_known(source: str, words: str, scope: Scope) -> None:
    assert describe(checked(source, scope).type) == words


def test_an_object_literal_knows_its_fields(scope: Scope) -> None:
    type = checked("{'b': slot.id, 'a': [now]}", scope).type
    assert type == Record(
        fields=(FieldType(name="b", type=Uuid()), FieldType(name="a", type=ListOf(element=Timestamp())))
    )


@pytest.mark.parametrize(
    ("source", "code", "place", "message", "help"),
    [
        ("slot.reson", "unknown-field", "reson", "a Slot has no field `reson`", "did you mean `reason`?"),
        ("slot.seats.x", "unknown-field", "x", "`slot.seats` is an integer and has no fields", ""),
        ("slots.id", "unknown-field", "id", "`slots` is a list of Slot and has no fields", "as in `slots[0]`"),
        ("slto.id", "unknown-name", "slto", "`slto` is not known here", "did you mean `slot`?"),
        ("siez(slot.tags)", "unknown-function", "siez", "there is no function `siez`", "did you mean `size`?"),
        ("slot.id.size(1)", "unknown-function", "size", "`size` cannot be called like this", ""),
        ("math.greatestt(1, 2)", "unknown-function", "greatestt", "`math.greatestt`", "`math.greatest`"),
        ("optional.of(1)", "unknown-name", "optional", "`optional` is not known here", ""),
        ("slot.seats > 2.0", "expression-type", "slot.seats > 2.0", "an integer with a number", "double(slot.seats)"),
        ("slot.weight > 2", "expression-type", None, "cannot compare a number with an integer", "write `2.0`"),
        ("slot.seats + 'x'", "expression-type", None, "combine an integer and a text", "string(slot.seats)"),
        ("slot.starts_at > '2026'", "expression-type", None, "a timestamp with a text", "timestamp('2026')"),
        ("slot.starts_at > slot.day", "expression-type", None, "with a date", "timestamp(slot.day + 'T00:00:00Z')"),
        ("slot.price.amount * 1.5", "expression-type", None, "an amount of money, which is", "round"),
        ("-slot.price.amount + 1.5", "expression-type", None, "an amount of money, which is", "integers"),
        ("slot.price > slot.price", "expression-type", None, "an amount of money with an amount of money", "`.amount`"),
        ("!slot.seats", "expression-type", None, "`!` takes true or false, not an integer", ""),
        ("slot.open && slot.seats", "expression-type", None, "`&&` takes true or false, not an integer", ""),
        ("slot.seats ? 1 : 2", "expression-type", None, "the condition before `?` must be true or false", ""),
        ("slot.open ? 1 : 'a'", "expression-type", None, "both sides of `:` must have the same type", ""),
        ("-slot.id", "expression-type", None, "`-` takes a number, not a uuid", ""),
        ("1 in slot.tags", "expression-type", None, "`in` cannot look for an integer in a list of texts", ""),
        ("slot.tags['a']", "expression-type", None, "a list of texts cannot be indexed with a text", ""),
        ("1u + slot.seats", "expression-type", None, "unsigned", "leave out the `u`"),
        ("slot.id.startsWith(1)", "expression-type", None, "`startsWith` cannot take a uuid and an integer", ""),
        ("b'x'", "expression-type", None, "has no JSON form", ""),
        ("type(slot)", "expression-type", None, "has no JSON form", ""),
        ("{1: 2}", "expression-type", None, "has no JSON form", ""),
        ("slot.starts_at == null", "expression-type", None, "`slot.starts_at` is never null", "leave"),
        ("slot.day == 'tomorrow'", "expression-type", "'tomorrow'", "`tomorrow` is not a date", "2026-11-20"),
        ("slot.id == 'x'", "expression-type", "'x'", "`x` is not a uuid", ""),
        ("slot.state == 'fre'", "undeclared-value", "'fre'", "`fre` is not one of the states of Slot", "`free`?"),
        ("'fre' != slot.state", "undeclared-value", "'fre'", "`fre`", ""),
        ("slot.state in ['free', 'gone']", "undeclared-value", "'gone'", "`gone`", "known here: `free`, `taken`"),
        ("slots.exists(s, s.state == 'fre')", "undeclared-value", "'fre'", "`fre`", ""),
        ("slot.exists(x, true)", "map-iteration", "slot", "have no order", "name each field"),
        ("{'a': 1}.map(k, k)", "map-iteration", "{'a': 1}", "have no order", ""),
        ("slot.price.all(k, true)", "map-iteration", "slot.price", "have no order", ""),
        ("principal.claims.map(k, k)", "map-iteration", "principal.claims", "type is unknown", "typed list"),
        ("dyn(slot).map(k, k)", "map-iteration", "dyn(slot)", "type is unknown", ""),
        ("slots.all(s, s.extra.exists(k, true))", "map-iteration", "s.extra", "type is unknown", ""),
        ("slot.seats.exists(x, true)", "expression-type", "slot.seats", "cannot be iterated", ""),
        ("now.getDayOfWeek('+25:00')", "expression-type", "'+25:00'", "not the offset of a time zone", "'+01:00'"),
        ("now.getHours('-1:00')", "expression-type", "'-1:00'", "not the offset of a time zone", "'UTC'"),
        ("slot.reason == 'x'", "optional-without-has", "slot.reason", "may be absent", "has(slot.reason)"),
        ("slot.reason == null", "optional-without-has", None, "never null", "use `!has(slot.reason)`"),
        ("slot.ends_at != null", "optional-without-has", None, "never null", "use `has(slot.ends_at)`"),
        ("slots[0].reason == 'x'", "optional-without-has", "slots[0].reason", "may be absent", ""),
        ("slots.all(s, s.reason == 'x')", "optional-without-has", "s.reason", "may be absent", ""),
        ("has(slot.note.text)", "optional-without-has", "slot.note", "may be absent", ""),
        ("google.protobuf.Timestamp{}", "expression-syntax", None, "builds nothing here", ""),
    ],
)  # fmt: skip
def test_a_mistake_says_where_why_and_what_to_do(
    source: str, code: str, place: str | None, message: str, help: str, scope: Scope
) -> None:
    found = only(source, scope)
    assert found.code == code
    assert place is None or underlined(source, found) == place
    assert message in found.message
    assert help in found.help


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("", "", "the expression is empty"),
        ("  ", " ", "the expression is empty"),
        ("1 +", "+", "the expression ends too early"),
        ("(1", "1", "`)` is missing"),
        ("1)", ")", "`)` cannot stand here"),
        ("slot.seats = 1", "=", "`=` cannot stand here"),
        ("slot.open and slot.open", "and", "`and` cannot stand here"),
        ('"abc', '"abc', "this text has no end"),
        ("slot.in", "in", "`in` is a reserved word"),
        ("as", "as", "`as` is a reserved word"),
        ("#", "#", "`#` cannot stand here"),
        ("has(slot)", None, "`has` asks about a field"),
        ("slots.map(s.x, 1)", None, "the first part names each element"),
        ("99999999999999999999", "99999999999999999999", "this integer is too large"),
        ("slot.?id", None, "optional selection is not part of the language"),
    ],
)
def test_a_source_that_cannot_be_read_says_why(source: str, place: str | None, message: str, scope: Scope) -> None:
    found = only(source, scope)
    assert found.code == "expression-syntax"
    assert found.message == message
    assert place is None or underlined(source, found) == place


@pytest.mark.parametrize("source", ["'" + "x" * 10_000 + "'", "(" * 40 + "1" + ")" * 40, "1" + "+1" * 200])
def test_an_endless_expression_is_refused(source: str, scope: Scope) -> None:
    assert only(source, scope).code == "expression-too-long"


@pytest.mark.parametrize("source", ["slot" + ".x" * 3000, "true" + " && true" * 900, "[" * 3000, "!" * 9000 + "true"])
def test_no_shape_of_source_breaks_the_checker(source: str, scope: Scope) -> None:
    check(source, scope)


WORDS = """
slot slots now principal
.id .reason .state .note .text .claims [0] ( ) { } , : ? && || ! == != in < + - * / 1 2.0 'free' 'é'
null true has( size( .map(s, s) .exists(x, .getHours( math. dyn( timestamp( b'x' 1u a.B{}
"""


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=20) | st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join))
@example("'\ud800'")
@example("\x00")
@example("'a\r\n' +\r\n")
def test_any_text_is_checked_or_has_a_mistake_within_it(source: str) -> None:
    result = check(source, SCOPE)
    if isinstance(result, Checked):
        Program.compile(source, SCOPE)
        return
    assert result
    for one in result:
        assert 0 <= one.offset <= len(source)
        assert 1 <= one.length <= max(1, len(source))
        assert not INTERNAL.search(one.message.replace(source, "")) or one.message.count("`") > 1


def test_all_mistakes_are_reported_at_their_places(scope: Scope) -> None:
    source = "slot.state == 'fre' &&\n  slot.reson == 'é' &&\n  nope > 1 && slot.seats > 1.5 && now.getHours('+1') > 1"
    found = mistakes(source, scope)
    assert [(one.code, underlined(source, one)) for one in found] == [
        ("undeclared-value", "'fre'"),
        ("unknown-field", "reson"),
        ("unknown-name", "nope"),
        ("expression-type", "slot.seats > 1.5"),
        ("expression-type", "'+1'"),
    ]


def test_places_count_characters_not_bytes(scope: Scope) -> None:
    source = "'😀é' == slot.reson"
    assert underlined(source, only(source, scope)) == "reson"


@pytest.mark.parametrize(
    "source",
    [
        "slot > slots",
        "slot.foo(1)",
        "slot == 1",
        "slots + 1",
        "{'a': 1} + 1",
        "slot.starts_at + 1",
        "[1][slot]",
        "slot.nope == nope",
    ],
)
def test_no_message_shows_the_engine(source: str, scope: Scope) -> None:
    for one in mistakes(source, scope):
        assert not INTERNAL.search(one.message), one
        assert one.message[0] != one.message[0].upper() or one.message[0] == "`"
        assert not one.message.endswith(".")


@pytest.mark.parametrize(
    "source",
    [
        "has(slot.reason) && slot.reason == 'x'",
        "!has(slot.reason) || slot.reason == 'x'",
        "has(slot.reason) ? slot.reason == 'x' : false",
        "!has(slot.reason) ? false : slot.reason == 'x'",
        "!(!has(slot.reason)) && (slot.open && slot.reason == 'x')",
        "!(!has(slot.reason) || slot.open) && slot.reason == 'x'",
        "(slot.open ? has(slot.reason) : false) && slot.reason == 'x'",
        "has(slot.note) && has(slot.note.text) && slot.note.text == 'x'",
        "slots.all(s, has(s.reason) && s.reason == 'x')",
        "slots.map(s, has(s.reason), s.reason) == []",
        "slots.filter(s, has(s.reason) && s.reason == 'x') == []",
        "has(slots[0].reason) && slots[0].reason == 'x'",
        "has(slot.reason) && slots.exists(s, s.id == slot.reason)",
    ],
)  # fmt: skip
def test_a_proof_of_presence_counts(source: str, scope: Scope) -> None:
    checked(source, scope)


@pytest.mark.parametrize(
    "source",
    [
        "has(slot.reason) || slot.reason == 'x'",
        "!has(slot.reason) && slot.reason == 'x'",
        "slot.reason == 'x' && has(slot.reason)",
        "(has(slot.reason) || slot.open) && slot.reason == 'x'",
        "has(slot.ends_at) && slot.reason == 'x'",
        "has(slot.note) && slot.note.text == 'x'",
        "has(slots[0].reason) && slots[1].reason == 'x'",
        "has(slot.reason) && slots.exists(slot, slot.reason == 'x')",
        "slots.exists(s, has(s.reason)) && slots.all(s, s.reason == 'x')",
        "true || slot.reason == 'x'",
        "[slot.reason]",
        "{'a': slot.reason}",
        "slot.reason.size()",
    ],
)
def test_what_proves_nothing_does_not_count(source: str, scope: Scope) -> None:
    assert "optional-without-has" in {one.code for one in mistakes(source, scope)}


def test_a_guard_says_what_it_proves_when_true_and_when_false(scope: Scope) -> None:
    both = checked("has(slot.reason) && slot.open && has(slot.note) && has(slot.note.text)", scope)
    assert both.implies == {"slot.reason", "slot.note", "slot.note.text"}
    assert both.implies_not == frozenset()
    opposite = checked("!has(slot.reason) || slot.open", scope)
    assert opposite.implies == frozenset()
    assert opposite.implies_not == {"slot.reason"}


def test_what_was_proven_before_counts(scope: Scope) -> None:
    result = check("slot.reason == 'x'", scope, present=frozenset({"slot.reason"}))
    assert isinstance(result, Checked)


def test_a_plain_optional_path_may_be_absent_where_that_is_allowed(scope: Scope) -> None:
    for source, absent in (("slot.reason", True), ("slot.note.text", True), ("slot.id", False)):
        result = check(source, scope, may_be_absent=True)
        assert isinstance(result, Checked)
        assert result.may_be_absent is absent
    assert isinstance(check("slot.reason + ''", scope, may_be_absent=True), tuple)
    assert isinstance(check("slot.reason", scope), tuple)
    proven = check("slot.reason", scope, may_be_absent=True, present=frozenset({"slot.reason"}))
    assert isinstance(proven, Checked)
    assert not proven.may_be_absent


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("slot.id == slot.id", ("slot.id",)),
        ("slots.exists(s, s.id == slot.id)", ("slot.id", "slots")),
        ("has(slot.note.text) || slot.open", ("slot.note.text", "slot.open")),
        ("principal.claims.a.b == slot", ("principal.claims.a.b", "slot")),
        ("slots.map(now, now.id)", ("slots",)),
        ("math.greatest(1, 2)", ()),
        ("slots[0].id", ("slots",)),
    ],
)
def test_references_are_the_longest_paths_read(source: str, paths: tuple[str, ...], scope: Scope) -> None:
    result = check(source, scope, present=frozenset({"slot.note"}))
    assert isinstance(result, Checked)
    assert tuple(".".join(path) for path in result.references) == paths


SHAPE = Record(fields=(FieldType(name="state", type=STATES), FieldType(name="id", type=Uuid())))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("'free'", STATES),
        ("slot.open ? 'free' : 'taken'", STATES),
        ("'0198C0DE-0000-7000-8000-000000000000'", Uuid()),
        ("'2026-11-20'", Date()),
        ("'2026-11-20T10:00:00Z'", Timestamp()),
        ("slot.seats", Number()),
        ("slot.state", Text()),
        ("principal.claims.id", Uuid()),
        ("dyn(principal.subject)", Uuid()),
        ("{'state': 'free', 'id': slot.id}", SHAPE),
        ("slots.map(s, {'state': 'free', 'id': s.id})", ListOf(element=SHAPE)),
        ("slot", SHAPE),
        ("[]", ListOf(element=Uuid())),
        ("['free', slot.state]", ListOf(element=STATES)),
    ],
)
def test_what_the_place_expects_is_accepted(source: str, expected: ValueType, scope: Scope) -> None:
    checked(source, scope, expected)


@pytest.mark.parametrize(
    ("source", "expected", "code", "place"),
    [
        ("'fre'", STATES, "undeclared-value", "'fre'"),
        ("slot.open ? 'free' : 'fre'", STATES, "undeclared-value", "'fre'"),
        ("'x'", Uuid(), "expression-type", "'x'"),
        ("'2026-02-30'", Date(), "expression-type", "'2026-02-30'"),
        ("'2026-11-20'", Timestamp(), "expression-type", "'2026-11-20'"),
        ("principal.subject", Uuid(), "expression-type", "principal.subject"),
        ("slot.seats", Text(), "expression-type", "slot.seats"),
        ("slot.weight", Integer(), "expression-type", "slot.weight"),
        ("slot.seats", Boolean(), "expression-type", "slot.seats"),
        ("slot.starts_at", Text(), "expression-type", "slot.starts_at"),
        ("slot.id", STATES, "expression-type", "slot.id"),
        ("{'state': 'fre', 'id': slot.id}", SHAPE, "undeclared-value", "'fre'"),
        ("{'state': 'free'}", SHAPE, "expression-type", "{'state': 'free'}"),
        ("slots.map(s, {'state': 'fre', 'id': s.id})", ListOf(element=SHAPE), "undeclared-value", "'fre'"),
        ("slot", Money(), "expression-type", "slot"),
        ("{'amount': slot.open ? 1.5 : 2.5, 'currency': 'EUR'}", Money(), "expression-type", "slot.open ? 1.5 : 2.5"),
        ("null", Text(), "expression-type", "null"),
    ],
)
def test_what_the_place_does_not_expect_is_refused(
    source: str, expected: ValueType, code: str, place: str, scope: Scope
) -> None:
    found = only(source, scope, expected)
    assert (found.code, underlined(source, found)) == (code, place)


def test_a_type_mismatch_names_both_types_and_a_way_out(scope: Scope) -> None:
    found = only("slot.seats", scope, Text())
    assert found.message == "expected a text, but `slot.seats` is an integer"
    assert found.help == "write `string(slot.seats)`"


def test_untyped_values_may_be_compared_with_typed_ones(scope: Scope) -> None:
    checked("principal.claims.level == slot.seats", scope, Boolean())
    checked("'x' in principal.claims.groups", scope, Boolean())


def test_fixed_time_zones_are_fine(scope: Scope) -> None:
    checked("now.getHours('UTC') + now.getHours('+01:00') + now.getHours()", scope)


def test_a_named_time_zone_is_no_mistake_of_the_expression(scope: Scope) -> None:
    checked("now.getHours('Europe/Berlin') + now.getHours(principal.subject)", scope)


def test_states_without_a_common_value_are_never_equal() -> None:
    scope = {"a": STATES, "b": Enumeration(values=("x",))}
    assert only("a == b", scope).code == "undeclared-value"


def test_names_that_no_expression_can_write_do_not_break_a_scope() -> None:
    names = ("x-y", "in", "9a", "", "a_b", "aB", "ok")
    type = Record(name="Odd", fields=tuple(FieldType(name=name, type=Text()) for name in names))
    assert isinstance(check("odd.ok + odd.a_b + odd.aB", {"odd": type, "in": Text(), "x-y": Text()}), Checked)


def test_reserved_words_cannot_be_selected() -> None:
    for word in sorted(RESERVED):
        type = Record(name="R", fields=(FieldType(name=word, type=Text()),))
        assert isinstance(check(f"r.{word}", {"r": type}), tuple)
        assert isinstance(check(word, {word: Text()}), tuple) or word in ("true", "false", "null")


def test_lists_in_lists_keep_their_type() -> None:
    scope = {"r": Record(name="R", fields=(FieldType(name="grid", type=ListOf(element=ListOf(element=STATES))),))}
    assert checked("r.grid[0][1]", scope).type == STATES
    assert only("r.grid.all(row, row.all(cell, cell == 'x'))", scope).code == "undeclared-value"


def test_checking_is_a_function_of_its_arguments(scope: Scope) -> None:
    assert check("slot.id", scope) == check("slot.id", dict(reversed(list(scope.items()))))


def test_an_untyped_scope_is_fine() -> None:
    assert checked("x.y == 1", {"x": Anything()}).type == Boolean()
