# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import copy
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from writ.problems import Problem
from writ.source import Span
from writ.spec.marked import Marked
from writ.spec.reader import read_document
from writ.spec.shape import EntityName, Expr, Name, Raw, SpecModel, shape


class Speed(Enum):
    SLOW = "slow"
    FAST = "fast"


class Inner(SpecModel):
    kind: Literal["text", "number"]
    size: int | None = Field(default=None, ge=1, le=9)
    then: Name = Field(default=Name("item"), alias="as")


class Outer(SpecModel):
    name: EntityName
    note: str = Field(default="", max_length=5, description="a short note")
    flag: bool = False
    ratio: float = Field(default=1.0, gt=0)
    path: str = Field(default="/", pattern="^/[a-z]*$")
    limit: int | float | None = None
    speed: Speed = Speed.SLOW
    when: Expr | None = None
    raw: Raw | None = None
    inner: Inner | None = None
    fields: dict[Name, Inner] = {}
    where: dict[Name, Expr] = {}
    words: list[str] = Field(default=[], min_length=1)
    names: tuple[Name, ...] = ()
    grants: dict[str, Literal["own", "all"]] = {}
    owner: Name | Inner | None = None
    until: Literal["never"] | int | None = None
    groups: list[list[Name]] = []
    counts: Annotated[list[int], Field(max_length=2)] = []


class Checked(SpecModel):
    low: int
    high: int

    @model_validator(mode="after")
    def in_order(self) -> Checked:
        if self.low == self.high:
            raise PydanticCustomError("empty_range", "nothing lies between them")
        if self.low > self.high:
            raise ValueError("`low` must be below `high`")
        return self


def marked(text: str) -> Marked:
    document = read_document(text.encode(), "x.yaml").document
    assert document is not None
    return document


def outer(text: str) -> Outer:
    made, problems = shape(marked(text), Outer)
    assert problems == []
    assert made is not None
    return made


def problems(text: str, model: type[SpecModel] = Outer) -> list[Problem]:
    made, found = shape(marked(text), model, called="an outer")
    assert (made is None) == bool(found)
    return found


def only(text: str, model: type[SpecModel] = Outer) -> tuple[str, str, str, str]:
    (problem,) = problems(text, model)
    assert problem.span.file == "x.yaml"
    return (
        problem.code,
        f"{problem.span.line}:{problem.span.column}+{problem.span.length}",
        problem.message,
        problem.help,
    )


def test_a_mapping_becomes_a_model_with_everything_in_its_type() -> None:
    made = outer(
        "name: Slot\nflag: true\nratio: 2\nlimit: 5\nspeed: fast\nnames: [a, b]\n"
        "fields:\n  x: {kind: text, size: 3}\ngrants: {reception: all}\nuntil: 3\ncounts: [1, 2]\n"
    )
    assert (made.name, made.flag, made.ratio, made.limit, made.speed) == ("Slot", True, 2.0, 5, Speed.FAST)
    assert made.names == ("a", "b")
    assert made.fields["x"].size == 3  # type: ignore[index]  # a plain text finds a name
    assert (made.grants, made.until, made.counts) == ({"reception": "all"}, 3, [1, 2])


def test_names_keys_expressions_and_raw_values_know_their_places() -> None:
    made = outer("name: Slot\nfields:\n  x: {kind: text, as: row}\nwhere: {id: 'a.b'}\nraw: {deep: [1]}\n")
    assert str(made.name.span) == "x.yaml:1:7"
    (key,) = made.fields
    assert (key, str(key.span)) == ("x", "x.yaml:3:3")
    assert str(made.fields[key].then.span) == "x.yaml:3:23"
    assert str(made.fields[key].marked.head) == "x.yaml:3:7"
    (expr,) = made.where.values()
    assert (expr.source, str(expr.span), str(expr.marked.place(2))) == ("a.b", "x.yaml:4:14", "x.yaml:4:16")
    assert made.raw is not None
    assert (made.raw.plain(), str(made.raw.span)) == ({"deep": [1]}, "x.yaml:5:7")
    assert str(made.marked.key_spans["raw"]) == "x.yaml:5:1"


def test_a_name_left_to_its_default_stands_where_its_mapping_stands() -> None:
    inner = outer("name: Slot\ninner: {kind: text}\n").inner
    assert inner is not None
    assert (inner.then, str(inner.then.span)) == ("item", "x.yaml:2:9")
    assert "then" not in inner.model_fields_set


def test_what_no_author_wrote_has_no_place() -> None:
    with pytest.raises(LookupError):
        _ = Name("item").span
    with pytest.raises(LookupError):
        _ = Inner.model_construct(kind="text").marked


def test_a_copied_name_keeps_its_place() -> None:
    name = Name("slot", Span("x.yaml", 1, 7, 4))
    for copied in (copy.copy(name), copy.deepcopy(name)):
        assert (copied, copied.span) == (name, name.span)


@pytest.mark.parametrize(("written", "source"), [("true", "true"), ("False", "false"), ("010", "10"), ("1e3", "1000.0"), ("a > 1", "a > 1")])  # fmt: skip
def test_an_expression_may_be_a_bare_number_or_boolean(written: str, source: str) -> None:
    made = outer(f"name: A\nwhen: {written}\n")
    assert made.when is not None
    assert made.when.source == source


def test_a_raw_value_may_be_taken_for_an_expression_later() -> None:
    raw = outer("name: A\nraw: a.b\n").raw
    assert raw is not None
    expr = Expr.shaped(raw)
    assert isinstance(expr, Expr)
    assert expr.source == "a.b"
    assert isinstance(Expr.shaped(marked("[1]")), Problem)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: A\nnoot: x\n", ("unknown-key", "2:1+4", "`noot` is not a key of an outer", "did you mean `note`?")),
        ("note: x\nflag: true\n", ("missing-key", "1:1+4", "the key `name` is missing in an outer", "add `name:` with the name of an entity")),
        ("{}", ("missing-key", "1:1+2", "the key `name` is missing in an outer", "add `name:` with the name of an entity")),
        ("nam: A\n", ("unknown-key", "1:1+3", "`nam` is not a key of an outer", "did you mean `name`?")),
        ("name: A\ninner: {size: 1}\n", ("missing-key", "2:9+4", "the key `kind` is missing in this mapping", "add `kind:` with `text` or `number`")),
        ("name: A\ninner: {kind: text, then: x}\n", ("unknown-key", "2:21+4", "`then` is not a key of this mapping", "known here: `as`, `kind`, `size`")),
        ("name: A\nnote: 5\n", ("wrong-type", "2:7+1", "expected a text, found the number `5`", "put it in quotes to make it a text")),
        ("name: A\nnote: true\n", ("wrong-type", "2:7+4", "expected a text, found `true`", "put it in quotes to make it a text")),
        ("name: A\nnote:\n", ("wrong-type", "2:1+4", "expected a text, found nothing", "write a value, or remove the key")),
        ("name: A\nflag: 1\n", ("wrong-type", "2:7+1", "expected `true` or `false`, found the number `1`", "")),
        ("name: A\nflag: yes\n", ("wrong-type", "2:7+3", "expected `true` or `false`, found the text `yes`", "")),
        ("name: A\nflag: 'true'\n", ("wrong-type", "2:8+4", "expected `true` or `false`, found the text `true`", "remove the quotes")),
        ("name: A\ninner: {kind: text, size: '5'}\n", ("wrong-type", "2:28+1", "expected a whole number, found the text `5`", "remove the quotes")),
        ("name: A\ninner: {kind: text, size: 5.0}\n", ("wrong-type", "2:27+3", "expected a whole number, found the number `5.0`", "")),
        ("name: A\ninner: {kind: text, size: true}\n", ("wrong-type", "2:27+4", "expected a whole number, found `true`", "")),
        ("name: A\nlimit: x\n", ("wrong-type", "2:8+1", "expected a number, found the text `x`", "")),
        ("name: A\nwords: x\n", ("wrong-type", "2:8+1", "expected a list, found the text `x`", "")),
        ("name: A\nwords: [x, 5]\n", ("wrong-type", "2:12+1", "expected a text, found the number `5`", "put it in quotes to make it a text")),
        ("name: A\nfields: [x]\n", ("wrong-type", "2:9+3", "expected a mapping, found a list", "")),
        ("name: A\nowner: 5\n", ("wrong-type", "2:8+1", "expected a name or a mapping, found the number `5`", "")),
        ("name: A\nuntil: [x]\n", ("wrong-type", "2:8+3", "expected `never` or a whole number, found a list", "")),
        ("name: A\nwhen: [1]\n", ("wrong-type", "2:7+3", "expected an expression, found a list", "an expression that begins with a bracket or brace is quoted")),
        ("name: A\nwhere: {id: }\n", ("wrong-type", "2:9+2", "expected an expression, found nothing", 'for the value null write "null" in quotes')),
        ("name: A\nwhen: '  '\n", ("empty-expression", "2:8+2", "an expression is missing here", "")),
        ("[x]", ("wrong-type", "1:1+3", "expected a mapping, found a list", "")),
        ("name: A\ninner: {kind: txt}\n", ("not-allowed", "2:15+3", "`txt` is not `text` or `number`", "did you mean `text`?")),
        ("name: A\nspeed: 5\n", ("not-allowed", "2:8+1", "`5` is not `slow` or `fast`", "")),
        ("name: A\ngrants: {x: some}\n", ("not-allowed", "2:13+4", "`some` is not `own` or `all`", "")),
        ("name: A\nuntil: ever\n", ("not-allowed", "2:8+4", "`ever` is not `never`", "did you mean `never`?")),
        ("name: A\ninner: {kind: text, size: 10}\n", ("out-of-bounds", "2:27+2", "expected at most 9", "")),
        ("name: A\nratio: 0\n", ("out-of-bounds", "2:8+1", "expected more than 0.0", "")),
        ("name: A\nnote: longer\n", ("out-of-bounds", "2:7+6", "expected at most 5 characters", "a short note")),
        ("name: A\nwords: []\n", ("out-of-bounds", "2:8+2", "expected at least 1 entry", "")),
        ("name: A\ncounts: [1, 2, 3]\n", ("out-of-bounds", "2:9+9", "expected at most 2 entries", "")),
        ("name: A\npath: Slots\n", ("pattern", "2:7+5", "`Slots` does not have the form that is needed here", "it must match the regular expression `^/[a-z]*$`")),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code_place_message_and_help(text: str, expected: tuple[str, str, str, str]) -> None:
    assert only(text) == expected


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("Slot-Free", "slot_free"), ("slotFree", "slot_free"), ("slot free", "slot_free"), ("9lives", ""), ("日本", ""), ("a" * 49, "")],
)  # fmt: skip
def test_what_is_not_a_name_is_told_the_rule_and_the_nearest_name(name: str, suggestion: str) -> None:
    code, place, message, help = only(f"name: A\nnames: ['{name}']\n")
    assert (code, place) == ("not-a-name", f"2:10+{len(name)}")
    assert message == f"`{name}` is not a name"
    assert "at most 48 characters" in help
    assert (f"`{suggestion}` would do" in help) if suggestion else ("would do" not in help)


def test_a_name_ends_where_its_line_ends() -> None:
    assert only('name: "A\\n"\n')[0] == "not-an-entity-name"
    assert only("name: slot\n")[3].endswith("`Slot` would do")


def test_a_wrong_key_of_a_mapping_of_names_is_pointed_at() -> None:
    assert only("name: A\nfields:\n  ok: {kind: text}\n  Bad: {kind: text}\n")[:2] == ("not-a-name", "4:3+3")
    assert only("name: A\ngroups:\n  - [a, B]\n")[:2] == ("not-a-name", "3:9+1")


def test_the_member_of_a_union_that_came_nearest_tells_its_mistakes() -> None:
    assert only("name: A\nowner: {kind: txt}\n")[0] == "not-allowed"
    assert only("name: A\nowner: Not-It\n")[0] == "not-a-name"


def test_validators_of_a_model_speak_in_their_own_words() -> None:
    assert only("low: 2\nhigh: 1\n", Checked) == ("not-allowed", "1:1+3", "`low` must be below `high`", "")
    assert only("low: 1\nhigh: 1\n", Checked) == ("empty-range", "1:1+3", "nothing lies between them", "")


def test_all_mistakes_are_found_at_once_in_the_order_of_their_places() -> None:
    text = "name: 5\nnoot: x\nratio: 0\ninner: {kind: txt, size: '5'}\nfields:\n  A: {}\n"
    codes = [(problem.span.line, problem.code) for problem in problems(text)]
    assert codes == [
        (1, "wrong-type"), (2, "unknown-key"), (3, "out-of-bounds"), (4, "not-allowed"), (4, "wrong-type"),
        (6, "not-a-name"), (6, "missing-key"),
    ]  # fmt: skip


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "size", "as", "x", "B"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = [field.alias or name for name, field in Outer.model_fields.items()]


def as_marked(value: Any, line: int = 1) -> Marked:
    span = Span("x.yaml", line, 1)
    if isinstance(value, dict):
        entries = {key: as_marked(item, line + 1) for key, item in value.items()}
        return Marked(entries, span, key_spans=dict.fromkeys(entries, span))
    return Marked([as_marked(item, line + 1) for item in value] if isinstance(value, list) else value, span)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), VALUES, max_size=8))
@settings(max_examples=500, deadline=None)
def test_any_mapping_gives_a_model_or_problems_in_our_own_words(value: dict[str, Any]) -> None:
    made, found = shape(as_marked(value), Outer)
    assert (made is None) == bool(found)
    for problem in found:
        assert not any(word in problem.message for word in ("Input", "pydantic", "Inner", "Outer", "str_", "https"))
