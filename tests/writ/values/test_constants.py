"""A written text that a call can do nothing with is told before anything runs."""

from __future__ import annotations

import pytest

from writ.values import Checked, Mistake, Text, Timestamp, ValueType, check

SCOPE: dict[str, ValueType] = {"name": Text(), "now": Timestamp()}


@pytest.mark.parametrize(
    ("source", "code", "underlined", "message"),
    [
        ("name.matches('(')", "pattern", "'('", "`'('` is not a regular expression"),
        ("now + duration('5 hours') > now", "expression-type", "'5 hours'", "`'5 hours'` is not a duration"),
        ("now > timestamp('yesterday')", "expression-type", "'yesterday'", "`'yesterday'` is not a timestamp"),
        ("int('five') > 4", "expression-type", "'five'", "`'five'` is not an integer"),
        ("double('x') > 4.0", "expression-type", "'x'", "`'x'` is not a number"),
    ],
)
def test_it_is_told_at_the_text(source: str, code: str, underlined: str, message: str) -> None:
    found = check(source, SCOPE)
    assert isinstance(found, tuple)
    [mistake] = found
    assert isinstance(mistake, Mistake)
    assert (mistake.code, mistake.message) == (code, message)
    assert source[mistake.offset : mistake.offset + mistake.length] == underlined


@pytest.mark.parametrize(
    "source",
    [
        "name.matches('^[a-z]+$')",
        "name.matches(name)",
        "now + duration('5h') > now + duration('1.5s')",
        "now > timestamp('2030-01-07T09:00:00Z')",
        "timestamp(name) > now",
        "int('5') > 4 && double('2') > 1.0",
    ],
)
def test_what_can_be_computed_is_taken(source: str) -> None:
    assert isinstance(check(source, SCOPE), Checked)
