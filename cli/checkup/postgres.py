"""PostgreSQL: its version, what the application's role may and may not do, and the releases it holds."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.checkup.found import Found, note, well, wrong
from cli.endings import CannotGoOn
from cli.gone_apps import gone, notice

if TYPE_CHECKING:
    from activities.postgres import Pool

_OLDEST = 18
_AGAIN = "make the roles again with `embedded/roles.sql`, and connect as `writ_app`"
_ROLE = """
    SELECT current_user AS name, rolsuper, rolbypassrls,
           current_setting('server_version_num')::int / 10000 AS version,
           (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p')) AS owned,
           has_database_privilege(current_database(), 'CREATE') AS creates,
           to_regclass('writ.audit') IS NOT NULL AS prepared
    FROM pg_roles WHERE rolname = current_user
"""
_AUDIT = """
    SELECT right_name FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS right_name
    WHERE has_table_privilege('writ.audit', right_name)
"""
_UNPROTECTED = """
    SELECT relnamespace::regnamespace::text || '.' || relname AS name FROM pg_class
    WHERE relkind = 'r' AND relrowsecurity AND NOT relforcerowsecurity
"""
_ACTIVE = "SELECT app, digest, body::text FROM writ.active_release JOIN writ.release USING (app, digest) ORDER BY app"


async def postgres(url: str, specs: Path, *, encrypts: bool) -> AsyncIterator[Found]:
    """PostgreSQL as the application's role finds it; `specs` is where the folders of apps are, `encrypts` whether there
    is a key for histories.
    """
    from cli.database import open_pool

    try:
        async with open_pool(url) as pool:
            async for found in _role(pool, specs, encrypts):
                yield found
    except CannotGoOn as reason:
        yield wrong(reason.reason, "is it running, and is `DATABASE_URL` right? `writ dev` starts one")


async def _role(pool: Pool, specs: Path, encrypts: bool) -> AsyncIterator[Found]:
    role = await pool.fetchrow(_ROLE)
    if role is None:
        return
    if role["version"] >= _OLDEST:
        yield well(f"PostgreSQL {role['version']} answers `{role['name']}`")
    else:
        yield wrong(f"PostgreSQL {role['version']} is too old", f"use {_OLDEST} or newer")
    excess = [text for holds, text in _excesses(role) if holds]
    for text in excess:
        yield wrong(f"the role `{role['name']}` {text}", _AGAIN)
    if not excess:
        yield well(f"`{role['name']}` owns nothing and cannot pass by row-level security")
    if not role["prepared"]:
        yield wrong("nothing has been published in this database", "`writ publish FOLDER`")
        return
    async for found in _tables(pool):
        yield found
    async for found in _releases(pool, specs, encrypts):
        yield found


def _excesses(role: Mapping[str, Any]) -> list[tuple[bool, str]]:
    return [
        (role["rolsuper"], "is a superuser: row-level security does not hold for it"),
        (role["rolbypassrls"], "may bypass row-level security"),
        (role["owned"] > 0, "owns tables: it could change them"),
        (role["creates"], "may create schemas"),
    ]


async def _tables(pool: Pool) -> AsyncIterator[Found]:
    rights = [row["right_name"] for row in await pool.fetch(_AUDIT)]
    if rights:
        yield wrong(f"the audit is not append-only: {', '.join(rights)} is allowed", _AGAIN)
    else:
        yield well("the audit is append-only")
    for row in await pool.fetch(_UNPROTECTED):
        yield wrong(f"row-level security of `{row['name']}` does not hold for its owner", "publish the app again")


async def _releases(pool: Pool, specs: Path, encrypts: bool) -> AsyncIterator[Found]:
    active = await pool.fetch(_ACTIVE)
    for row in active:
        yield _release(row["app"], row["digest"], row["body"], encrypts)
    for app in gone((row["app"] for row in active), specs):
        yield note(*notice(app, specs))
    if not active:
        yield note("no app is published", "`writ publish FOLDER`")


def _release(app: str, digest: str, body: str, encrypts: bool) -> Found:
    from writ.digest import digest as computed
    from writ.plan.release import engines

    release = json.loads(body)
    if computed(release) != digest:
        return wrong(
            f"the stored release of `{app}` is not what its digest says",
            f"find out who changed it; `writ publish specs/{app}`",
        )
    if release.get("engines") != engines():
        made = ", ".join(f"{name} {of}" for name, of in sorted(release.get("engines", {}).items()))
        return wrong(
            f"the release of `{app}` was made with {made}", f"`writ publish specs/{app}` makes one with what is here"
        )
    if release.get("encrypted_history") and not encrypts:
        return wrong(
            f"`{app}` keeps its histories encrypted and there is no key, so nothing here runs it",
            "set `WRIT_HISTORY_KEYS` for every API and worker",
        )
    return well(f"`{app}` runs release {digest[:19]}…")
