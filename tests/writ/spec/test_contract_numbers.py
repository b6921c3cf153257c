from __future__ import annotations

import pytest

from tests.writ.library import edited, library, mistake

DAYS = "days: {type: integer, minimum: 1}"


@pytest.mark.parametrize("number", ["1.0e16", "1.0e21", "10000000000000000", "-9007199254740992", "9007199254740992.0"])
def test_a_number_that_is_not_exact_everywhere_is_a_problem(number: str) -> None:
    code, place, words = mistake(
        "lend",
        DAYS,
        f"days: {{type: integer, minimum: 1, maximum: {number}}}".replace("minimum: 1, maximum: -", "minimum: -"),
    )
    assert (code, place) == ("out-of-bounds", number)
    assert "9007199254740991" in words


@pytest.mark.parametrize(
    "schema", ["{enum: [1, 1.0e17]}", "{const: {a: [1.0e17]}}", "{type: array, items: {maximum: 1.0e17}}"]
)
def test_it_is_found_wherever_it_stands(schema: str) -> None:
    assert mistake("lend", "remark: {type: string, maxLength: 200}", f"remark: {schema}")[:2] == (
        "out-of-bounds",
        "1.0e17",
    )


def test_the_largest_exact_number_is_none() -> None:
    largest = "days: {type: integer, minimum: -9007199254740991, maximum: 9007199254740991}"
    assert library(lend=edited("lend", DAYS, largest)).problems == ()
