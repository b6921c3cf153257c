"""What the document of an app says besides its name: roles, history, tokens."""

from __future__ import annotations

import pytest

from tests.writ.library import APP, edited, library, mistake
from writ.nodes.typed import TypedApp

CLERK = "{description: Somebody who lends., staff: true}"
AUTH = "auth: {algorithms: [EdDSA], issuer: https://id.example, audience: library, require: [exp, sub]}\n"

MISTAKES = [
    (CLERK, "5", "wrong-type", "5", "a text or a mapping"),
    (CLERK, "{staff: true}", "missing-key", "staff", "`description`"),
    (CLERK, "{description: x, staf: true}", "unknown-key", "staf", "did you mean `staff`?"),
    (CLERK, "{description: x, staff: 1}", "wrong-type", "1", "`true` or `false`"),
    (CLERK, "{description: x, reads: [secret]}", "not-allowed", "secret", "`personal`"),
    ("roles:", "history: plain\nroles:", "not-allowed", "plain", "`encrypted`"),
    ("roles:", "history:\nroles:", "wrong-type", "history", "`encrypted`"),
    ("roles:", "auth: EdDSA\nroles:", "wrong-type", "EdDSA", "a mapping"),
    ("roles:", "auth: {algorithm: [EdDSA]}\nroles:", "unknown-key", "algorithm", "did you mean `algorithms`?"),
    ("roles:", "auth: {algorithms: EdDSA}\nroles:", "wrong-type", "EdDSA", "a list"),
    ("roles:", "auth: {issuer: ''}\nroles:", "out-of-bounds", "'", "at least 1 character"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_app_is_one_problem(old: str, new: str, code: str, underlined: str, words: str) -> None:
    found = mistake("app", old, new)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def app(text: str = APP) -> TypedApp:
    result = library(app=text)
    assert result.problems == ()
    assert result.app is not None
    return result.app


def test_a_role_is_a_sentence_or_says_what_it_may() -> None:
    roles = app(edited("app", "staff: true", "staff: true, reads: [personal]")).roles
    reader, clerk = roles["reader"], roles["clerk"]
    assert (reader.description, reader.staff, reader.reads) == ("Somebody who borrows.", False, ())
    assert (clerk.description, clerk.staff, clerk.reads) == ("Somebody who lends.", True, ("personal",))
    assert (reader.span.line, clerk.span.line) == (4, 5)


def test_history_is_encrypted_where_it_is_said() -> None:
    assert not app().encrypted_history
    assert app(APP + "history: encrypted\n").encrypted_history


def test_the_rules_for_tokens_are_taken_as_they_are_written() -> None:
    tokens = app(APP + AUTH).tokens
    assert tokens is not None
    assert (tokens.algorithms, tokens.issuer, tokens.audience) == (("EdDSA",), "https://id.example", "library")
    assert tokens.require == ("exp", "sub")
    assert {*tokens.spans} == {"algorithms", "issuer", "audience", "require"}
    assert tokens.span.line == 6


def test_weak_rules_for_tokens_are_not_judged_here() -> None:
    tokens = app(APP + "auth: {algorithms: [none]}\n").tokens
    assert tokens is not None
    assert (tokens.algorithms, tokens.issuer, tokens.audience, tokens.require) == (("none",), None, None, ())
    assert app().tokens is None


def test_an_app_knows_where_its_name_stands() -> None:
    span = app().span
    assert span is not None
    assert (span.line, span.column, span.length) == (1, 6, len("library"))
