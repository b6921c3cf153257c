from __future__ import annotations

import pytest

from tests.writ.library import fits_in_flow, in_flow

NODE = "- require: q\n"

MISTAKES = [
    # what follows, code, what is underlined, words
    ('  else: out\n', 'missing-key', 'require', '`that` is missing'),
    ('  that: book.copies > 0\n', 'missing-key', 'require', '`else` is missing'),
    ('  that: book.copies\n  else: out\n', 'expression-type', 'book.copies', 'true or false'),
    ('  that: book.copies = 1\n  else: out\n', 'expression-syntax', '=', 'write `==`'),
    ('  that: book.copies > 0\n  else: ut\n', 'unknown-refusal', 'ut', 'did you mean `out`?'),
    ('  that: book.copies > 0\n  else: [out]\n', 'wrong-type', '[out]', 'a name'),
    ('  that: loan.days > 0\n  else: out\n', 'unknown-name', 'loan', 'known here'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_require_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "  that: book.copies > 0\n  else: out\n",
    ],
)
def test_a_sound_require_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)


def test_the_name_of_a_require_is_its_own() -> None:
    assert in_flow("- require: book\n  that: book.copies > 0\n  else: out\n")[:2] == ("duplicate-name", "book")
