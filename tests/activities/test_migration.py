from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from activities.migration import Migration, migration
from activities.postgres import Pool
from activities.publish import Published, PublishRefused
from embedded.engines import Engines
from tests.unjudged import publish_unjudged
from tests.writ.plan.clinic import clinic, entity, field, reference, with_field
from writ.effects import Failure
from writ.nodes.typed import TypedApp
from writ.values.types import Boolean, Date, Enumeration, Integer, ListOf, Money, Number, Text, Timestamp


@pytest.fixture
async def app(engines: Engines, owner_pool: Pool) -> AsyncIterator[TypedApp]:
    """The clinic under a name of its own, published, with one practitioner, one slot and one patient."""
    schema = f"clinic_{uuid4().hex[:12]}"
    app = replace(clinic(), name=schema)
    await publish_app(engines, app)
    async with owner_pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT set_config('writ.sees_all', 'on', true)")
        await connection.execute(f"INSERT INTO {schema}.practitioner (name) VALUES ('Dr. Who')")
        await connection.execute(
            f"INSERT INTO {schema}.slot (practitioner, starts_at, minutes) "
            f"SELECT id, now(), 45 FROM {schema}.practitioner"
        )
        await connection.execute(f"INSERT INTO {schema}.patient (subject, email) VALUES ('ann', 'ann@example.org')")
    yield app
    await owner_pool.execute(f"DROP SCHEMA {schema} CASCADE")


async def publish_app(engines: Engines, app: TypedApp) -> Published:
    return await publish_unjudged(engines.publish_database_url, app)


async def planned(engines: Engines, app: TypedApp) -> Migration:
    return await migration(engines.publish_database_url, app)


async def test_what_is_published_needs_nothing_more(engines: Engines, app: TypedApp) -> None:
    assert await planned(engines, app) == Migration((), ())


async def test_an_app_that_was_never_published_needs_everything(engines: Engines, owner_pool: Pool) -> None:
    new = replace(clinic(), name=f"clinic_{uuid4().hex[:12]}")
    found = await planned(engines, new)
    assert found.refusals == ()
    assert found.statements[0] == f"CREATE SCHEMA {new.name}"
    assert not await owner_pool.fetchval("SELECT to_regnamespace($1) IS NOT NULL", new.name)


ADDED = {
    "optional": field("room", Text(), optional=True),
    "with a default": field("room", Text(), default="'; DROP TABLE slot; -- 100% :x"),
    "optional money": field("fee", Money(), optional=True),
    "money with a default": field("fee", Money(), default={"amount": 100, "currency": "EUR"}),
    "negative default": field("floor", Integer(), default=-1, minimum=-2),
    "number": field("share", Number(), default=0.1),
    "boolean": field("open", Boolean(), default=True),
    "date": field("day", Date(), default="2026-11-20"),
    "timestamp": field("until", Timestamp(), default="2026-11-20T12:00:00Z"),
    "list": field("codes", ListOf(element=Text()), default=["a", "it's"], max_items=3),
    "enumeration": field("level", Enumeration(values=("low", "it's", "a\\b")), default="it's"),
    "reference": reference("deputy", "Practitioner", optional=True),
    "unique": field("code", Text(), optional=True, unique=True, max_length=9),
}


@pytest.mark.parametrize("added", ADDED.values(), ids=ADDED.keys())
async def test_what_adds_is_done_and_keeps_the_rows(
    engines: Engines, app: TypedApp, owner_pool: Pool, added: object
) -> None:
    wider = with_field(app, "Slot", added)  # type: ignore[arg-type]
    published = await publish_app(engines, wider)
    assert len(published.statements) >= 1
    assert await owner_pool.fetchval(f"SELECT minutes FROM {app.name}.slot") == 45
    assert await planned(engines, wider) == Migration((), ())


async def test_a_new_entity_is_added_with_its_rights_and_policies(
    engines: Engines, app: TypedApp, app_pool: Pool
) -> None:
    letter = entity("Letter", reference("patient", "Patient"), owner="patient")
    wider = replace(app, entities={**app.entities, "Letter": letter})
    await publish_app(engines, wider)
    assert await app_pool.fetch(f"SELECT id FROM {app.name}.letter") == []
    assert await planned(engines, wider) == Migration((), ())


async def test_a_check_that_changed_is_replaced(engines: Engines, app: TypedApp, owner_pool: Pool) -> None:
    narrower = with_field(app, "Slot", field("minutes", Integer(), minimum=40, maximum=240, default=30))
    published = await publish_app(engines, narrower)
    [drop, add] = published.statements
    assert drop.startswith(f"ALTER TABLE {app.name}.slot DROP CONSTRAINT ck_slot_minutes_minimum_")
    assert add.endswith("CHECK (minutes >= 40)")
    with pytest.raises(asyncpg.CheckViolationError):
        await owner_pool.execute(f"UPDATE {app.name}.slot SET minutes = 39")


async def test_a_default_that_changed_is_replaced(engines: Engines, app: TypedApp) -> None:
    other = with_field(app, "Slot", field("minutes", Integer(), minimum=5, maximum=240, default=20))
    assert (await planned(engines, other)).statements == (
        f"ALTER TABLE {app.name}.slot ALTER COLUMN minutes SET DEFAULT 20",
    )
    none = with_field(app, "Slot", field("minutes", Integer(), minimum=5, maximum=240))
    assert (await planned(engines, none)).statements == (
        f"ALTER TABLE {app.name}.slot ALTER COLUMN minutes DROP DEFAULT",
    )


async def test_what_becomes_optional_is_widened(engines: Engines, app: TypedApp) -> None:
    wider = with_field(app, "Patient", field("email", Text(), personal=True, max_length=320, optional=True))
    assert (await publish_app(engines, wider)).statements == (
        f"ALTER TABLE {app.name}.patient ALTER COLUMN email DROP NOT NULL",
    )


async def test_an_entity_that_loses_its_owner_loses_its_policy(engines: Engines, app: TypedApp, app_pool: Pool) -> None:
    assert await app_pool.fetch(f"SELECT subject FROM {app.name}.patient") == []
    shared = {name: replace(it, owner=None) for name, it in app.entities.items()}
    free = replace(app, entities=shared, tools={})
    await publish_app(engines, free)
    assert [row["subject"] for row in await app_pool.fetch(f"SELECT subject FROM {app.name}.patient")] == ["ann"]
    assert await planned(engines, free) == Migration((), ())
    await publish_app(engines, app)
    assert await app_pool.fetch(f"SELECT subject FROM {app.name}.patient") == []


async def test_the_column_of_an_optional_field_that_is_gone_stays_for_going_back(
    engines: Engines, app: TypedApp
) -> None:
    without = replace(with_field(app, "Patient", without="born"), tools={})
    found = await planned(engines, without)
    assert found.refusals == ()
    assert not [statement for statement in found.statements if "born" in statement]


async def test_what_others_made_in_the_schema_is_left_alone(engines: Engines, app: TypedApp, owner_pool: Pool) -> None:
    await owner_pool.execute(f"CREATE TABLE {app.name}.slot_backup AS SELECT * FROM {app.name}.slot")
    await owner_pool.execute(f"CREATE INDEX by_hand ON {app.name}.slot (rating)")
    await owner_pool.execute(f"ALTER TABLE {app.name}.slot ADD CONSTRAINT by_hand CHECK (minutes < 999)")
    await owner_pool.execute(f"COMMENT ON TABLE {app.name}.slot IS 'by hand'")
    assert await planned(engines, app) == Migration((), ())


def with_entities(app: TypedApp, *names: str) -> TypedApp:
    return replace(app, entities={name: app.entities[name] for name in names}, tools={})


async def test_the_empty_table_of_an_entity_that_is_gone_stays(engines: Engines, app: TypedApp) -> None:
    found = await planned(engines, with_entities(app, "Practitioner", "Slot", "Patient"))
    assert found.refusals == ()
    assert not [statement for statement in found.statements if "DROP TABLE" in statement]


REFUSED: dict[str, tuple[Callable[[TypedApp], TypedApp], str]] = {
    "an entity is gone": (
        lambda app: with_entities(app, "Practitioner", "Slot"),
        "`Patient`: the entity is gone from the specs, and its table holds 1 row; keep the entity, "
        "or drop the table yourself when no run needs it: `DROP TABLE {schema}.patient`",
    ),
    "a required field is gone": (
        lambda app: replace(with_field(app, "Patient", without="email"), tools={}),
        "`Patient.email`: the field is gone from the specs, but its column takes no row without a value, and "
        "dropping it would lose what stands in it; keep the field (a rename is a new field: copy, then drop), or "
        "drop the column yourself when no run needs it: `ALTER TABLE {schema}.patient DROP COLUMN email`",
    ),
    "a type changes": (
        lambda app: with_field(app, "Slot", field("minutes", Number(), minimum=5, maximum=240, default=30)),
        "`Slot.minutes`: its type would change from `bigint` to `double precision`; keep the type, or add a "
        "field of another name with the new type",
    ),
    "a value becomes required": (
        lambda app: with_field(app, "Slot", field("rating", Number())),
        "`Slot.rating`: it would become required, and 1 row has no value for it; leave it `optional`, or "
        "give every row a value first",
    ),
    "a new value is required": (
        lambda app: with_field(app, "Slot", field("fee", Money())),
        "`Slot.fee`: the field is new and required, and 1 row would have no value for it; make it "
        "`optional`, or give it a `default`",
    ),
    "a row breaks a new bound": (
        lambda app: with_field(app, "Slot", field("minutes", Integer(), minimum=50, maximum=240, default=60)),
        "`Slot.minutes`: 1 row would break its new rule `minutes >= 50`; keep the rule as wide as the rows "
        "are, or change the rows first",
    ),
    "a default breaks its own bound": (
        lambda app: with_field(app, "Slot", field("floor", Integer(), minimum=5, default=1)),
        "`Slot.floor`: 1 row would break its new rule `floor >= 5`; keep the rule as wide as the rows are, "
        "or change the rows first",
    ),
    "a state is gone": (
        lambda app: replace(
            app,
            tools={},
            entities={
                **app.entities,
                "Slot": entity(
                    "Slot",
                    *(it for it in app.entities["Slot"].fields.values() if not it.system),
                    states={"open": ("taken",), "taken": ("open",)},
                    unique=app.entities["Slot"].unique,
                ),
            },
        ),
        "`Slot.state`: 1 row would break its new rule `state IN ('open'::text, 'taken'::text)`; keep the "
        "rule as wide as the rows are, or change the rows first",
    ),
    "a value repeats": (
        lambda app: with_field(app, "Practitioner", field("name", Text(), max_length=200, unique=True)),
        "`Practitioner.name`: it would become unique, and 1 value occurs more than once; leave it as it is, "
        "or archive or change the rows that repeat a value first",
    ),
    "a reference leads nowhere": (
        lambda app: with_field(app, "Slot", reference("practitioner", "Patient")),
        "`Slot.practitioner`: 1 row refers to no `Patient`; add a field of another name for the new "
        "reference, or change the rows first",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_could_lose_data_is_refused_with_a_way_out(
    engines: Engines, app: TypedApp, owner_pool: Pool, change: Callable[[TypedApp], TypedApp], sentence: str
) -> None:
    # Archived rows count for what must hold of every row, and repeat nothing.
    for archived in ("NULL", "NULL", "now()"):
        await owner_pool.execute(f"INSERT INTO {app.name}.practitioner (name, archived_at) VALUES ('Twin', {archived})")
    changed = change(app)
    found = await planned(engines, changed)
    assert [str(refusal) for refusal in found.refusals] == [sentence.format(schema=app.name)]
    with pytest.raises(PublishRefused) as refused:
        await publish_app(engines, changed)
    assert refused.value.reasons == (sentence.format(schema=app.name),)
    assert await planned(engines, app) == Migration((), ())


async def test_what_becomes_required_is_done_where_every_row_has_a_value(
    engines: Engines, app: TypedApp, owner_pool: Pool
) -> None:
    await owner_pool.execute(f"UPDATE {app.name}.slot SET rating = 1")
    narrower = with_field(app, "Slot", field("rating", Number()))
    assert (await publish_app(engines, narrower)).statements == (
        f"ALTER TABLE {app.name}.slot ALTER COLUMN rating SET NOT NULL",
    )


async def test_rows_of_all_owners_are_counted(engines: Engines, app: TypedApp) -> None:
    born = with_field(app, "Patient", field("born", Date(), personal=True))
    assert [refusal.field for refusal in (await planned(engines, born)).refusals] == ["born"]


async def test_a_role_that_does_not_exist_is_named(engines: Engines, app: TypedApp) -> None:
    with pytest.raises(Failure, match="the role `nobody_here` does not exist"):
        await migration(engines.publish_database_url, app, app_role="nobody_here")
