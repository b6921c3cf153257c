"""No text may stand in an index that could be too long for one: its row could not be written."""

from __future__ import annotations

import pytest

from tests.writ.library import edited, library, mistake, only

ACCOUNT = "account: {type: text, max_length: 200, unique: true}"
TITLE = "title: {type: text, max_length: 200}"


def test_a_unique_text_needs_a_bound() -> None:
    code, place, words = mistake("book", TITLE, "title: {type: text, unique: true}")
    assert (code, place) == ("missing-key", "title")
    assert "`title` is unique" in words
    assert "`max_length` of at most 650" in words


def test_an_owner_needs_a_bound() -> None:
    code, place, words = mistake("reader", ACCOUNT, "account: {type: text}")
    assert (code, place) == ("missing-key", "account")
    assert "is the owner" in words


def test_a_text_in_a_key_needs_a_bound() -> None:
    book = edited("book", TITLE, "title: {type: text}").replace("states:", "unique: [[title, copies]]\nstates:")
    problem = only(library(book=book))
    assert (problem.code, problem.message.split(",")[0]) == ("missing-key", "`title` is in a key of `Book`")


def test_the_bound_must_fit_an_index() -> None:
    code, place, words = mistake("book", TITLE, "title: {type: text, max_length: 651, unique: true}")
    assert (code, place) == ("out-of-bounds", "max_length")
    assert "at most 650" in words


def test_the_texts_of_one_key_must_fit_together() -> None:
    text = "title: {type: text, max_length: 400}\n  part: {type: text, max_length: 300}"
    book = edited("book", TITLE, text).replace("states:", "unique: [[title, part]]\nstates:")
    problem = only(library(book=book))
    assert problem.code == "out-of-bounds"
    assert "up to 700 characters together" in problem.message


@pytest.mark.parametrize("title", ["title: {type: text, max_length: 650, unique: true}", "title: {type: text}"])
def test_what_fits_or_stands_in_no_key_is_no_problem(title: str) -> None:
    assert library(book=edited("book", TITLE, title)).problems == ()
