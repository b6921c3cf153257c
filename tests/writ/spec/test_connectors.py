# ruff: noqa: E501  # a table has one case per line
from __future__ import annotations

import pytest

from tests.writ.library import POST, edited, library, mistake, only
from writ.spec.resolved import Connector
from writ.values import Anything, FieldType, ListOf, Record, Text


def connector(text: str = POST) -> Connector:
    result = library(post=text)
    assert result.problems == ()
    assert result.app is not None
    return result.app.connectors["post"]


MISTAKES = [
    # what stands there, what is written instead, code, what is underlined, words
    ("connector: post", "connector: Post", "not-a-name", "Post", "`post` would do"),
    ("description: Sends letters.\n", "", "missing-key", "connector", "`description`"),
    ("base_url: https://post.example\n", "", "missing-key", "connector", "`base_url`"),
    ("base_url: https://post.example", "base_url: 5", "wrong-type", "5", "a text"),
    ("secret: post_key", "secret: 'Bearer 1'", "not-a-name", "Bearer 1", "a name"),
    ("secret: post_key", "provider: paypal", "not-allowed", "paypal", "`stripe` or `simulated`"),
    ("secret: post_key", "secrets: post_key", "unknown-key", "secrets", "did you mean `secret`?"),
    ("cleared_for: [personal]", "cleared_for: [persons]", "not-allowed", "persons", "`personal`"),
    ("rate_limit: 30/m", "rate_limit: 30/d", "not-a-rate", "30/d", "`10/m`"),
    ("rate_limit: 30/m", "rate_limit: 0/m", "not-a-rate", "0/m", "`10/m`"),
    ("rate_limit: 30/m", "rate_limit: 30", "wrong-type", "30", "`10/m`"),
    ("effect: reversible", "effect: revers", "not-allowed", "revers", "did you mean `reversible`?"),
    ("    effect: reversible\n", "", "missing-key", "method", "`effect`"),
    ("method: DELETE", "method: REMOVE", "not-allowed", "REMOVE", "`DELETE`"),
    ("path: /letters\n", "path: letters\n", "pattern", "letters", "begins with `/`"),
    ("path: /letters\n", "path: /letters?all=1\n", "pattern", "/letters?all=1", "`query`"),
    ("path: /letters/{letter}", "path: /letters/{Letter}", "pattern", "/letters/{Letter}", "`{name}`"),
    ("window: 24h", "window: 24", "wrong-type", "24", "`24h`"),
    ("window: 24h", "window: 1w", "not-a-duration", "1w", "`24h`"),
    ("header: Idempotency-Key", "header: 'Idempotency Key'", "pattern", "Idempotency Key", "HTTP header"),
    ("lookup: find", "lookup: fnd", "unknown-operation", "fnd", "did you mean `find`?"),
    ("compensate_with: stop", "compensate_with: halt", "unknown-operation", "halt", "`find`"),
    ("retryable: [429, 503]", "retryable: [429, 200]", "out-of-bounds", "200", "at least 400"),
    ("retryable: [429, 503]", "retryable: [429, often]", "wrong-type", "often", "whole number"),
    ("notifies: true", "notifies: yes", "wrong-type", "yes", "`true` or `false`"),
    ("properties: {to: {type: string", "properties: {to: {type: text", "json-schema", "text", "may stand here"),
    ("properties: {letter: {type: string", "properties: {letter: {typ: string", "unknown-key", "typ", "did you mean `type`?"),
    ("request:\n      type: object\n", "request:\n      type: array\n", "json-schema", "type", "must be an object"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_connector_is_one_problem(old: str, new: str, code: str, underlined: str, words: str) -> None:
    found = mistake("post", old, new)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_a_connector_without_operations_is_a_problem() -> None:
    post = POST[: POST.index("operations:")] + "operations: {}\n"
    assert only(library(post=post)).code == "no-operations"


def test_a_connector_says_what_may_be_sent_where() -> None:
    post = connector()
    assert (post.base_url, post.secret, post.cleared_for) == ("https://post.example", "post_key", ("personal",))
    assert post.rate_limit == 0.5
    assert post.base_url_span.line == 3
    assert tuple(post.operations) == ("send", "stop", "find")


def test_an_operation_has_the_types_of_what_it_takes_and_answers() -> None:
    send = connector().operations["send"]
    assert send.request_type == Record(name="request", fields=(FieldType(name="to", type=Text()),))
    assert send.response_type == Record(name="response", fields=(FieldType(name="letter", type=Text()),))
    assert (send.effect, send.method, send.path, send.notifies) == ("reversible", "POST", "/letters", True)
    assert (send.lookup, send.compensate_with, send.retryable) == ("find", "stop", (429, 503))
    assert send.idempotency is not None
    assert (send.idempotency.header, send.idempotency.window) == ("Idempotency-Key", 86_400.0)


def test_an_operation_that_says_little_promises_nothing() -> None:
    stop = connector().operations["stop"]
    assert (stop.request, stop.response, stop.response_type) == (None, None, Anything())
    assert (stop.idempotency, stop.lookup, stop.retryable, stop.notifies) == (None, None, (), False)


def test_a_window_that_is_not_said_is_unknown() -> None:
    support = connector(edited("post", ", window: 24h", "")).operations["send"].idempotency
    assert support is not None
    assert support.window is None


def test_a_service_may_answer_with_a_list() -> None:
    answer = "path: /letters/{letter}\n    response: {type: array, items: {type: string}}\n"
    post = POST[: POST.rindex("path: /letters/{letter}")] + answer
    assert connector(post).operations["find"].response_type == ListOf(element=Text())


@pytest.mark.parametrize(
    "base_url", ["http://post.example", "'https://{region}.post.example'", "https://api.stripe.com"]
)
def test_where_a_connector_leads_is_not_judged_here(base_url: str) -> None:
    connector(edited("post", "https://post.example", base_url))


def test_two_connectors_of_one_name_are_a_problem() -> None:
    assert only(library(post_again=POST)).code == "duplicate-name"
