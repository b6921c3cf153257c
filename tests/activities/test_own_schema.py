from __future__ import annotations

import asyncio

import asyncpg
import pytest

from activities.named_sql import migrations, statements
from activities.own_schema import ForeignSchema, ensure_own_schema
from activities.postgres import Pool
from embedded.engines import Engines


async def test_setting_up_again_changes_nothing(owner_pool: Pool) -> None:
    async with owner_pool.acquire() as connection:
        assert await ensure_own_schema(connection) == 0


async def test_the_schema_is_the_sum_of_the_migrations_even_when_several_set_up_at_once(engines: Engines) -> None:
    superuser = await asyncpg.connect(engines.superuser_url)
    await superuser.execute("DROP DATABASE IF EXISTS set_up")
    await superuser.execute("CREATE DATABASE set_up OWNER writ_owner")
    url = engines.publish_database_url
    others = [await asyncpg.connect(url, database="set_up") for _ in range(3)]
    assert sorted(await asyncio.gather(*map(ensure_own_schema, others))) == [0, 0, len(migrations())]
    for other in others:
        await other.close()
    await superuser.execute("DROP DATABASE set_up")
    await superuser.close()


async def test_a_schema_of_a_newer_version_is_left_alone(owner_pool: Pool) -> None:
    async with owner_pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("INSERT INTO writ.migration (number, name, digest) VALUES (9999, 'later', 'x')")
        with pytest.raises(ForeignSchema, match="9999"):
            await ensure_own_schema(connection)
        await transaction.rollback()


@pytest.mark.parametrize("file", ["audit", "release", "schema", "step"])
def test_every_statement_has_a_name_and_a_sentence(file: str) -> None:
    assert statements(file)


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [number for number, _, _ in migrations()] == list(range(1, len(migrations()) + 1))
