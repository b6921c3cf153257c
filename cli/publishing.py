"""Publishing from the command line: what it says when it worked, and why when it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.endings import CannotGoOn
from cli.person import user
from writ.effects import Failure

if TYPE_CHECKING:
    from activities.migration import Migration
    from activities.publish import Published
    from cli.checked_spec import CheckedSpec


async def publish_checked(checked: CheckedSpec, url: str) -> Published:
    """Publish a checked app at `url`; CannotGoOn, with every reason, where it has problems or is refused."""
    from activities.publish import PublishRefused, publish
    from cli.showing import required

    app, release = required(checked)
    try:
        return await publish(url, app, release, files=checked.files, published_by=user())
    except PublishRefused as refused:
        reasons = "".join(f"\n  {reason}" for reason in refused.reasons)
        raise CannotGoOn(f"`{checked.folder}` was not published, nothing was changed:{reasons}") from refused
    except Failure as failure:
        raise CannotGoOn(f"`{checked.folder}` was not published: {failure.message}") from failure


async def pending_migration(checked: CheckedSpec, url: str) -> Migration:
    """What publishing would do to the database; CannotGoOn where that cannot be told."""
    from activities.migration import migration
    from cli.showing import required

    app, _ = required(checked)
    try:
        return await migration(url, app)
    except Failure as failure:
        raise CannotGoOn(f"the database could not be compared: {failure.message}") from failure


async def prepare_database(url: str) -> None:
    """Make our own tables, so that processes can start before the first app is published; CannotGoOn."""
    from activities.own_schema import ForeignSchema, ensure_own_schema
    from activities.schema_connection import driver, schema_connection

    try:
        async with schema_connection(url) as connection:
            await ensure_own_schema(await driver(connection))
    except Failure as failure:
        raise CannotGoOn(failure.message) from failure
    except ForeignSchema as error:
        raise CannotGoOn(str(error)) from error


def said(published: Published) -> str:
    """What was done, in one line."""
    if published.already_active:
        return f"{published.app}: nothing changed, {published.digest} is active already"
    count = len(published.statements)
    changes = f", {count} change{'s' if count > 1 else ''} to its tables" if count else ""
    return f"{published.app}: published {published.digest}{changes}"
