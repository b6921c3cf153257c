from __future__ import annotations

import pytest

from tests.writ.library import fits_in_flow, in_flow

READ = "- read: r\n  entity: Book\n  where: {}\n"

MISTAKES = [
    ("titel: \"'x'\"", "unknown-field", "titel", "did you mean `title`?"),
    ("title: {}", "missing-key", "{}", "write one of"),
    ("title: {eqals: input.reader}", "unknown-key", "eqals", "did you mean `equals`?"),
    ("title: {when: has(input.remark)}", "missing-key", "when", "no condition"),
    ("title: {equals: input.remark}", "optional-without-has", "input.remark", "has(input.remark)"),
    ("title: {equals: input.reader, when: 5}", "expression-type", "5", "true or false"),
    ("title: {equals: input.reader, when: []}", "wrong-type", "[]", "expected an expression"),
    ("title: {equals: input.reader, differs: \"'x'\"}", "misplaced-key", "differs", "beside `equals`"),
    ("copies: {at_least: 1, above: 5}", "misplaced-key", "above", "beside `at_least`"),
    ("note: {present: false, differs: \"'x'\"}", "misplaced-key", "differs", "beside `present`"),
    ("note: {present: 'yes'}", "wrong-type", "yes", "`true` or `false`"),
    ("title: {present: true}", "needless-condition", "present", "always has a value"),
    ("archived_at: {present: false}", "needless-condition", "archived_at", "never found"),
    ("price: {above: 5}", "expression-type", "above", "has no order"),
    ("price: {among: '[]'}", "expression-type", "among", "use `equals`"),
    ("price: {amount: 5, currency: \"'EUR'\"}", "wrong-type", "amount", "as one expression"),
    ("tags: {at_least: 5}", "expression-type", "at_least", "has no order"),
    ("state: {below: \"'lent'\"}", "expression-type", "below", "has no order"),
    ("state: \"'gone'\"", "undeclared-value", "'gone'", "`home`, `lent`"),
    ("state: home", "unknown-name", "home", "\"'home'\""),
    ("title: Moby Dick", "expression-syntax", "Dick", "\"'Moby Dick'\""),
    ("genre: {among: \"['novel', 'esay']\"}", "undeclared-value", "'esay'", "`essay`"),
    ("title: {among: \"'a'\"}", "expression-type", "'a'", "list of texts"),
    ("copies: 1.0", "expression-type", "1.0", "int(1.0)"),
    ("title: null", "wrong-type", "null", "in quotes"),
    ("id: r.id", "unknown-name", "r", "known here"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_condition_is_one_problem(where: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(READ.replace("where: {}", f"where: {{{where}}}"))
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "where",
    [
        "title: {equals: input.remark, when: has(input.remark)}",
        "copies: {at_least: 1, below: 5}",
        "note: {present: true, differs: \"'x'\"}",
        "price: \"{'amount': 5, 'currency': 'EUR'}\"",
        "price: {differs: \"{'amount': 5, 'currency': 'EUR'}\"}",
        "tags: \"['a']\"",
        "title: {among: \"['a']\"}",
        "genre: \"'novel'\"",
    ],
)
def test_conditions_that_mean_something_are_taken(where: str) -> None:
    assert fits_in_flow(READ.replace("where: {}", f"where: {{{where}}}"))
