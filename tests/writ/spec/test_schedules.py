from __future__ import annotations

import pytest

from writ.spec.schedules import is_schedule


@pytest.mark.parametrize(
    "text",
    [
        *("", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8"),
        *("*/0 * * * *", "5-1 * * * *", "mon * * * *", "* * * mon *", "a * * * *", ", * * * *", "1- * * * *"),
        *("@daily", "0  3 * * *", "0\t3 * * *", "0 3 * * *\n"),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_schedule(text)
