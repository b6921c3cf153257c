from __future__ import annotations

from writ.problems import Problem
from writ.spec.expressions import Names, check_expression, template_type, typed_template
from writ.spec.reader import read_document
from writ.spec.shape import Expr
from writ.values import Boolean, Enumeration, FieldType, Integer, ListOf, Record, Text, ValueType

INPUT = Record(
    name="input", fields=(FieldType(name="a", type=Integer()), FieldType(name="b", type=Text(), optional=True))
)
NAMES = Names({"input": INPUT})


def checked(text: str, expected: ValueType | None, names: Names = NAMES) -> list[Problem]:
    document = read_document(text.encode(), "x.yaml").document
    assert document is not None
    problems: list[Problem] = []
    typed_template(document, names, expected, problems)
    return problems


def test_a_name_hides_one_of_the_same_name_and_what_was_known_of_it() -> None:
    known = NAMES.knowing(frozenset({"input.b"}))
    assert known.with_name("other", Integer()).present == {"input.b"}
    assert known.with_name("input", Integer()).present == frozenset()


def test_only_names_that_an_expression_mentions_are_given_to_it() -> None:
    names = NAMES.with_name("other", Integer())
    assert set(names.mentioned("other + 1")) == {"other"}
    assert set(names.mentioned("'input' + x.other_thing")) == {"input"}


def test_a_name_that_is_unknown_is_compared_with_all_names() -> None:
    problems: list[Problem] = []
    marked = read_document(b"inptu.a > 1", "x.yaml").document
    assert marked is not None
    expr = Expr.shaped(marked)
    assert isinstance(expr, Expr)
    assert check_expression(expr, NAMES.with_name("z", Integer()), Boolean(), problems) is None
    assert [problem.help for problem in problems] == ["did you mean `input`?"]


def test_a_text_without_its_quotes_is_told_so() -> None:
    (problem,) = checked("free", Enumeration(values=("free", "taken")))
    assert "\"'free'\"" in problem.help
    (problem,) = checked("two words", Text())
    assert "\"'two words'\"" in problem.help


def test_a_template_must_have_the_form_that_is_expected() -> None:
    record = Record(
        name="output", fields=(FieldType(name="n", type=Integer()), FieldType(name="l", type=ListOf(element=Text())))
    )
    assert checked("{n: input.a, l: [\"'a'\"]}", record) == []
    assert [problem.code for problem in checked("{n: [1], l: {a: 1}, m: 1}", record)] == [
        "expression-type",
        "expression-type",
        "undeclared-value",
    ]
    assert {problem.message for problem in checked("{l: ['1']}", record)} == {
        "`n` is required in output and has no value",
        "expected a text, but `1` is an integer",
    }


def test_what_may_be_absent_as_a_whole_makes_an_optional_field() -> None:
    marked = read_document(b"{b: input.b, a: input.a}", "x.yaml").document
    assert marked is not None
    template = typed_template(marked, NAMES, None, [])
    assert template is not None
    made = template_type(template)
    assert isinstance(made, Record)
    assert {field.name: field.optional for field in made.fields} == {"b": True, "a": False}
