# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.nodes.behind import checked, facts, lists, uses, wrong

MISTAKES = [
    # the node, code, what is underlined, words
    ('- http: h\n  connector: post\n', 'missing-key', 'http', '`operation` is missing'),
    ('- http: h\n', 'missing-key', 'http', '`connector` is missing'),
    ('- http: h\n  connector: pst\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n', 'unknown-connector', 'pst', 'did you mean `post`?'),
    ('- http: h\n  connector: post\n  operation: sned\n  path: {loan: loan.id}\n  body: {text: input.reader}\n', 'unknown-operation', 'sned', 'did you mean `send`?'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n', 'missing-value', 'h', 'add `body` with `text`'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.days}\n', 'expression-type', 'input.days', 'text'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader, colour: input.reader}\n', 'undeclared-value', 'colour', 'not declared'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {}\n', 'missing-value', '{}', '`text`'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {}\n  body: {text: input.reader}\n', 'missing-value', 'h', '`loan` is a part of the path'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id, lon: loan.id}\n  body: {text: input.reader}\n', 'undeclared-value', 'lon', 'did you mean `loan`?'),
    ("- http: h\n  connector: post\n  operation: send\n  path: {loan: '[loan.id]'}\n  body: {text: input.reader}\n", 'expression-type', '[loan.id]', 'a list of uuids'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  url: "\'https://a.example\'"\n', 'misplaced-key', 'connector', 'beside `url`'),
    ('- http: h\n  url: input.days\n', 'expression-type', 'input.days', 'text'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  timeouts: {start_to_close: soon}\n', 'not-a-duration', 'soon', 'whole number'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  retry: {max_attempts: 0}\n', 'out-of-bounds', '0', 'at least 1'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  retry: {backoff: 0.5}\n', 'out-of-bounds', '0.5', 'at least 1'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  retry: {tries: 3}\n', 'unknown-key', 'tries', 'not a key of `retry`'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  on_error: []\n', 'no-result', 'h', 'or give a `fallback`'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  on_error: [{transform: t, value: h.letter}, {refuse: out}]\n', 'unknown-name', 'h', 'known here'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  on_error: [{refuse: ut}]\n', 'unknown-refusal', 'ut', 'did you mean `out`?'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  fallback: {letter: 5}\n', 'expression-type', '5', 'text'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  compensate: {operation: recal}\n', 'unknown-operation', 'recal', 'did you mean `recall`?'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  compensate: {}\n', 'missing-key', 'compensate', 'either `operation` or `transition`'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  compensate: {operation: recall, with: {path: {letter: h.leter}}}\n', 'unknown-field', 'leter', 'did you mean `letter`?'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  compensate: {transition: {entity: Book, where: {id: book.id}, to: gone}}\n', 'unknown-state', 'gone', 'no state `gone`'),
    ('- http: h\n  connector: post\n  operation: send\n  path: {loan: loan.id}\n  body: {text: input.reader}\n  pivot: maybe\n', 'wrong-type', 'maybe', '`true` or `false`'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_http_is_one_problem(node: str, code: str, underlined: str, words: str) -> None:
    found = wrong(node)
    assert found[:2] == (code, underlined)
    assert words in found[2]


CALL = """\
- http: h
  connector: post
  operation: send
  path: {loan: loan.id}
  body: {text: input.reader}
"""


def test_a_call_binds_what_the_operation_answers() -> None:
    used = checked(CALL + "- transform: t\n  value: h.leter\n").problems
    assert [(problem.code, problem.help) for problem in used] == [("unknown-field", "did you mean `letter`?")]


def test_a_call_states_every_expression_with_its_place() -> None:
    node = CALL + (
        "  query: {days: input.days}\n  key: loan.id\n  fallback: {letter: \"''\"}\n"
        "  compensate: {operation: recall, with: {path: {letter: h.letter}}}\n"
    )
    assert uses(node) == [
        ("path.loan", "send", "loan.id"),
        ("query.days", "send", "input.days"),
        ("body.text", "send", "input.reader"),
        ("key", "key", "loan.id"),
        ("fallback.letter", "bind", "''"),
        ("compensate.path.letter", "compensate", "h.letter"),
    ]


def test_an_address_of_its_own_types_and_has_no_connector() -> None:
    found = facts("- http: h\n  url: \"'https://' + input.reader\"\n")
    assert found.outside is not None
    assert found.outside.connector is None
    assert [use.purpose for use in found.uses] == ["address"]


def test_times_and_repetition_are_read_in_seconds() -> None:
    policy = (
        "  timeouts: {start_to_close: 10s, schedule_to_close: none}\n  retry: {max_attempts: unlimited, longest: 2m}\n"
    )
    found = facts(CALL + policy).outside
    assert found is not None
    assert (found.policy.start_to_close, found.policy.schedule_to_close) == (10.0, None)
    retry = found.policy.retry
    assert retry is not None
    assert (retry.max_attempts, retry.initial, retry.backoff, retry.longest, retry.not_on) == (
        None,
        1.0,
        2.0,
        120.0,
        (),
    )


def test_a_path_that_ends_the_run_needs_no_value() -> None:
    node = CALL + "  on_error: [{refuse: out}]\n"
    found = facts(node)
    assert lists(node) == ["on_error"]
    assert (found.fails, found.refuses, found.binds) == (True, False, "h")
    assert found.outside is not None
    assert found.outside.failure_path


def test_a_path_that_goes_on_may_have_a_fallback() -> None:
    assert lists(CALL + "  on_error: []\n  fallback: {letter: \"''\"}\n") == ["on_error"]


def test_a_compensation_may_move_rows_back_and_need_its_own() -> None:
    node = CALL + "  compensate: {transition: {entity: Book, where: {id: book.id}, to: home}, compensate: {}}\n"
    found = facts(node).outside
    assert found is not None
    assert found.compensation is not None
    assert (found.compensation.to, found.compensation.needs_own) == ("home", True)
    assert list(found.compensation.inputs) == ["where.id"]


def test_a_wrong_call_is_looked_into_and_still_binds_its_name() -> None:
    node = "- http: h\n  conector: post\n  on_error: [{refuse: ut}]\n- transform: t\n  value: h.letter\n"
    assert {problem.code for problem in checked(node).problems} == {"unknown-key", "unknown-refusal"}
