from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from cli.database import ask
from cli.endings import Misused
from cli.engines import with_engines
from cli.run_prefix import full_id
from settings import Settings
from tests.cli.conftest import Dev

_ROW = """
    INSERT INTO writ.audit (run_id, app, tool, release, trigger, subject, roles, outcome, steps, trace, input_digest,
                            started_at)
    VALUES ($1, 'prefixes', 'x', 'x', 'http', 'x', '{}', 'failed', '[]', '[]', 'x', now())
"""


def recorded(*runs: str) -> None:
    async def insert() -> None:
        connection = await asyncpg.connect(with_engines(Settings(), "database").require_database())
        await connection.executemany(_ROW, [(run,) for run in runs])
        await connection.close()

    asyncio.run(insert())


def found(given: str) -> str:
    return ask(Settings(), lambda pool: full_id(pool, given))


def test_several_runs_that_begin_so_are_named(here: Dev) -> None:
    beginning = uuid4().hex[:8]
    recorded(*(f"{beginning}-{number}" for number in range(5)))
    with pytest.raises(Misused) as refused:
        found(beginning)
    assert refused.value.reason == f"more than one run begins with `{beginning}`"
    assert refused.value.help.count(beginning) == 3
    assert refused.value.help.endswith(" …")
    assert found(f"{beginning}-3") == f"{beginning}-3"


def test_a_whole_id_is_meant_even_where_another_one_goes_on(here: Dev) -> None:
    run = uuid4().hex
    recorded(run, f"{run}0")
    assert found(run) == run


def test_nothing_in_it_is_a_pattern(here: Dev) -> None:
    assert found("______") == "______"
    assert found("%%%%%%") == "%%%%%%"
