# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import LEND, edited, library, marked_text, mistake, only

REMARK = "{type: string, maxLength: 200}"

MISTAKES = [
    ("5", "json-schema", "5", "not a JSON Schema"),
    ("null", "json-schema", "null", "`null`"),
    ("{type: strng}", "json-schema", "strng", "did you mean `string`?"),
    ("{type: string, pattern: '('}", "pattern", "(", "regular expression"),
    ("{type: object, patternProperties: {'(': {type: string}}}", "pattern", "(", "regular expression"),
    ("{type: string, format: emial}", "unknown-format", "emial", "did you mean `email`?"),
    ("{type: string, format: [a]}", "json-schema", "[a]", "not of a type"),
    ("{type: string, minLength: 5, maxLength: 2}", "empty-range", "minLength", "no value can fit"),
    ("{type: array, items: {type: string}, minItems: 5, maxItems: 1}", "empty-range", "minItems", "no value can fit"),
    ("{type: string, enum: []}", "empty-range", "enum", "empty `enum`"),
    ("{type: integer, enum: ['a']}", "example", "a", "not an integer"),
    ("{type: string, const: 5}", "example", "5", "not a text"),
    ("{type: string, examples: [5]}", "example", "5", "not a text"),
    ("{type: string, maxLength: 2, examples: [abc]}", "example", "abc", "longer than 2"),
    ("{type: string, format: uuid, examples: [x]}", "example", "x", "not a valid uuid"),
    ("{type: string, default: 5}", "example", "5", "not a text"),
    ("{type: object, properties: {a: {type: string}}, required: [a], examples: [{}]}", "example", "{}", "`/a` is missing"),
    ("{type: object, properties: {a: {type: string}}, required: [b]}", "undeclared-value", "b", "required but not declared"),
    ("{type: object, properties: {in: {type: string}}}", "reserved-name", "in", "cannot be named"),
    ("{type: array, items: {type: object, properties: {a-b: {type: string}}}}", "reserved-name", "a-b", "cannot be named"),
    ("{type: array, items: {typ: string}}", "unknown-key", "typ", "did you mean `type`?"),
    ("{type: string, personal: 'yes'}", "wrong-type", "yes", "`true` or `false`"),
    ("{$ref: '#/x'}", "json-schema", "$ref", "write the schema out"),
    ("{$schema: 'http://json-schema.org/draft-04/schema#'}", "json-schema", "http://json-schema.org/draft-04/schema#", "leave it out"),
    ("{oneOf: []}", "json-schema", "[]", "empty list"),
    ("{type: number, multipleOf: 0}", "json-schema", "0", "not above 0"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_schema_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = mistake("lend", REMARK, written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "true",
        "{oneOf: [{type: string}, {type: integer}]}",
        "{type: [string, 'null']}",
        "{type: string, pattern: '^[a-z]+$', examples: [abc]}",
    ],
)
def test_what_json_schema_can_say_may_be_said(written: str) -> None:
    assert library(lend=edited("lend", REMARK, written)).problems == ()


@pytest.mark.parametrize("written", ["input: {}", "input:", "input: []", "input: x", "input: {type: array}"])
def test_an_input_is_an_object_and_nothing_that_uses_it_is_reported_as_well(written: str) -> None:
    lend = LEND[: LEND.index("input:\n")] + written + "\n" + LEND[LEND.index("output:\n") :]
    assert "type: object" in only(library(lend=lend)).help


ROUTES = [
    ("/a/{boook}", "unknown-input", "{boook}", "did you mean `book`?"),
    ("/a/{remark}", "unknown-input", "{remark}", "required"),
    ("/a/{book}/{book}", "duplicate-name", "{book}", "twice"),
    ("a", "pattern", "a", "small letters"),
    ("/A", "pattern", "/A", "small letters"),
]


@pytest.mark.parametrize(("path", "code", "underlined", "words"), ROUTES)
def test_a_wrong_path_is_one_problem_without_a_regular_expression(
    path: str, code: str, underlined: str, words: str
) -> None:
    found = mistake("lend", "/books/{book}/lend", path)
    assert found[:2] == (code, underlined)
    assert words in found[2]
    assert "[a-z" not in found[2]


def test_an_object_cannot_be_sent_in_a_query() -> None:
    lend = edited("lend", REMARK, "{type: object, properties: {a: {type: string}}}").replace("POST", "GET")
    problem = only(library(lend=lend))
    assert (problem.code, marked_text(problem, lend)) == ("misplaced-input", "remark")


def test_a_list_of_plain_values_can_be_sent_in_a_query() -> None:
    lend = edited("lend", REMARK, "{type: array, items: {type: string}}").replace("POST", "GET")
    assert library(lend=lend).problems == ()


def test_an_answer_must_have_the_form_of_the_output() -> None:
    assert mistake("lend", "value: {loan: loan.id}", "value: []")[0] == "output-mismatch"
    assert mistake("lend", "value: {loan: loan.id}", "value: {loan: loan.id, note: [1]}")[0] == "output-mismatch"
