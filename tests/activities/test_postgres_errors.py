from __future__ import annotations

import asyncpg
import pytest

from activities.postgres_errors import translated
from writ.effects import Failure


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress"),
        ConnectionRefusedError("connection refused"),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_server_that_went_away_is_waited_for(error: Exception) -> None:
    with pytest.raises(Failure) as raised, translated():
        raise error
    assert raised.value.kind == "retryable"
