from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError

from activities.faults import reported
from activities.run_id import RunIdReused
from writ.effects import Bug, Failure


@pytest.mark.parametrize(
    ("error", "message", "type", "final"),
    [
        (Failure("retryable", "away"), "away", "Failure", False),
        (Failure("permanent", "wrong"), "wrong", "Failure", True),
        (RunIdReused(), "run_id_reused: this run id was used before, and its audit row stands", "Failure", True),
        (Bug("in our own words"), "in our own words", "Bug", True),
        (ValueError("12345678901234567890 is a value of the run"), "ValueError", "Bug", True),
    ],
    ids=lambda it: type(it).__name__,
)
def test_what_leaves_an_activity_says_nothing_but_our_own_words(
    error: Exception, message: str, type: str, final: bool
) -> None:
    with pytest.raises(ApplicationError) as raised, reported():
        raise error
    assert (raised.value.message, raised.value.type, raised.value.non_retryable) == (message, type, final)
