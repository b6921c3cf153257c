from __future__ import annotations

import pytest

from tests.writ.library import fits_in_flow, in_flow

NODE = "- transform: t\n"

MISTAKES = [
    # what follows, code, what is underlined, words
    ('', 'missing-key', 'transform', '`value` is missing'),
    ('  value:\n', 'wrong-type', 'value', 'found nothing'),
    ('  value: input.remark\n', 'optional-without-has', 'input.remark', 'may be absent'),
    ("  value: b'abc'\n", 'expression-type', "b'abc'", 'no JSON form'),
    ('  value: nothing(1)\n', 'unknown-function', 'nothing', 'no function'),
    ('  value: {a: book.nope}\n', 'unknown-field', 'nope', 'did you mean `note`?'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_transform_is_one_problem(written: str, code: str, underlined: str, words: str) -> None:
    found = in_flow(NODE + written)
    assert found[:2] == (code, underlined)
    assert words in found[2]


@pytest.mark.parametrize(
    "written",
    [
        "  value: 5\n",
        "  value: {a: input.remark, b: [1, \"'x'\"]}\n",
        "  value: []\n",
    ],
)
def test_a_sound_transform_is_taken(written: str) -> None:
    assert fits_in_flow(NODE + written)
