from __future__ import annotations

import pytest

from writ.spec.durations import rate, seconds, spelled


@pytest.mark.parametrize(
    ("text", "length"),
    [("500ms", 0.5), ("1ms", 0.001), ("30s", 30.0), ("10m", 600.0), ("24h", 86_400.0), ("7d", 604_800.0)],
)
def test_a_length_of_time_is_a_number_of_one_unit(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    "text", ["", "5", "s", "0s", "-1s", "1.5s", "1 s", "1h30m", "1w", "1S", "٣s", "9999999999s", "1s\n"]
)
def test_anything_else_is_no_length_of_time(text: str) -> None:
    assert seconds(text) is None


@pytest.mark.parametrize(("text", "wanted"), [("50/s", (50, 1.0)), ("10/m", (10, 60.0)), ("100/h", (100, 3600.0))])
def test_a_rate_is_a_number_per_unit(text: str, wanted: tuple[int, float]) -> None:
    assert rate(text) == wanted


@pytest.mark.parametrize("text", ["", "10", "10/", "/m", "0/m", "1.5/m", "10/d", "10/ms", "10 / m", "10/m "])
def test_anything_else_is_no_rate(text: str) -> None:
    assert rate(text) is None


@pytest.mark.parametrize("text", ["1ms", "500ms", "1500ms", "1s", "90s", "2m", "90m", "24h", "72h", "7d", "30d"])
def test_a_length_of_time_is_spelled_as_an_author_writes_it(text: str) -> None:
    length = seconds(text)
    assert length is not None
    assert spelled(length) == text


def test_a_length_between_milliseconds_is_rounded_up() -> None:
    assert (spelled(0.0001), spelled(0.0015), spelled(0.1 + 0.2)) == ("1ms", "2ms", "300ms")
