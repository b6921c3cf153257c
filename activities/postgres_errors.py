"""The one table from what asyncpg and the operating system raise to refusals and failures; nobody else reads those."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from writ.effects import Failure
from writ.refusals import Refused, refusal

_REFUSALS = {
    "23505": "conflict",
    "23P01": "conflict",
    "23503": "reference_missing",
    "23502": "value_missing",
    "23514": "invalid_value",
    # A limit of PostgreSQL itself, such as a text that is too long for the index on it.
    "54000": "invalid_value",
}
_DATA_EXCEPTION = "22"
_SERIALIZATION = {"40001", "40P01"}
_TOO_LONG = {"57014", "25P03", "25P04", "55P03"}
# Classes of states that pass: connection, resources, operator intervention, system, authorization, unknown database.
_PASSING = ("08", "53", "57", "58", "28", "3D")
_READ_ONLY = "25006"
_ROW_SECURITY = "ExecWithCheckOptions"


class Contention(Exception):
    """Another transaction was in the way; this one, done anew, may succeed at once."""


class TookTooLong(Failure):
    """A statement or the whole block went over its time; it may be the moment, it may be the statement."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise Refused, Contention or Failure in place of whatever asyncpg or the operating system raises inside."""
    try:
        yield
    except asyncpg.PostgresError as error:
        raise _from_server(error) from error
    except asyncpg.InterfaceError as error:
        raise _from_client(error) from error
    except asyncpg.InternalClientError as error:
        # A server that stops says so on idle connections, too; the next statement on such a one ends like this.
        raise Failure("retryable", f"the connection to PostgreSQL broke: {type(error).__name__}") from error
    except (OSError, TimeoutError, EOFError) as error:
        raise Failure("retryable", f"PostgreSQL cannot be reached: {type(error).__name__}") from error


def _from_server(error: asyncpg.PostgresError) -> Exception:
    state = error.sqlstate or ""
    if state in _SERIALIZATION:
        return Contention(state)
    if state in _REFUSALS or state.startswith(_DATA_EXCEPTION):
        return Refused(refusal(_REFUSALS.get(state, "invalid_value"), "database"))
    if state == "42501" and getattr(error, "server_source_function", None) == _ROW_SECURITY:
        # The new row would belong to somebody else; "not yours" and "not there" must sound the same.
        return Refused(refusal("not_found", "database"))
    if state in _TOO_LONG:
        return TookTooLong("retryable", f"PostgreSQL took longer than the transaction may (SQLSTATE {state})")
    if state.startswith(_PASSING) or state == _READ_ONLY:
        return Failure("retryable", f"PostgreSQL is not able to serve now (SQLSTATE {state})")
    return Failure("permanent", f"PostgreSQL refused a statement of the plan (SQLSTATE {state})")


def _from_client(error: asyncpg.InterfaceError) -> Exception:
    if isinstance(error, asyncpg.DataError):
        if isinstance(error.__cause__, OverflowError):
            return Refused(refusal("invalid_value", "database"))
        return Failure("permanent", "an argument has another type than the statement of the plan takes")
    return Failure("retryable", f"the connection to PostgreSQL broke: {type(error).__name__}")
