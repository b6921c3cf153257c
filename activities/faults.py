"""How a failure or a bug leaves an activity, and how the other side reads it: as Temporal's ApplicationError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from writ.effects import Bug, Failure
from writ.registry import ReleaseMissing

FAILURE = "Failure"
BUG = "Bug"


@contextmanager
def reported() -> Iterator[None]:
    """Raise an ApplicationError in place of Failure (with its kind, retried only where retryable) and of any bug.

    Of a bug that is not told in our own words only the type is said: the words of others may hold values of the run.
    """
    try:
        yield
    except Failure as failure:
        final = failure.kind != "retryable"
        raise ApplicationError(failure.message, failure.kind, type=FAILURE, non_retryable=final) from failure
    except ReleaseMissing as missing:
        raise ApplicationError(str(missing), "retryable", type=FAILURE) from missing
    except ApplicationError:
        raise
    except Bug as bug:
        raise ApplicationError(str(bug), type=BUG, non_retryable=True) from bug
    except Exception as bug:
        raise ApplicationError(type(bug).__name__, type=BUG, non_retryable=True) from bug
