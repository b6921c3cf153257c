"""The example app as tests use it: compiled once from `specs/clinic`, and invocations of its tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from activities.publish import publish
from writ.check import check_app
from writ.effects import Invocation, Principal
from writ.nodes.typed import TypedApp
from writ.plan.compile import compile_app
from writ.plan.model import Release
from writ.plan.release import release_digest

SPECS = Path(__file__).parents[1] / "specs" / "clinic"
TOOLS = tuple(sorted(file.stem for file in (SPECS / "tools").glob("*.yaml")))
NOBODY = "00000000-0000-4000-8000-000000000000"

# Far enough ahead that a slot never lies in the past and a cancellation is never late.
_FIRST_SLOT = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Clinic:
    """The app, its release, the digest of that, and the files it was made from."""

    app: TypedApp
    release: Release
    digest: str
    files: Mapping[str, bytes]


@cache
def clinic() -> Clinic:
    """`specs/clinic` checked and compiled."""
    files = {str(path.relative_to(SPECS.parent)): path.read_bytes() for path in sorted(SPECS.rglob("*.yaml"))}
    checked = check_app(files, SPECS.name)
    assert checked.app is not None, checked.problems
    release = compile_app(checked.app)
    assert isinstance(release, Release), release
    return Clinic(checked.app, release, release_digest(release), files)


async def publish_clinic(owner_url: str) -> None:
    """Make the clinic the active release of its app, tables included."""
    found = clinic()
    await publish(owner_url, found.app, found.release, files=found.files, published_by="tests")


def invocation(tool: str, input: Any, subject: str, *roles: str) -> Invocation:
    """A call of one of the clinic's tools, as the API would make it."""
    return Invocation(
        release=clinic().digest,
        app=clinic().app.name,
        tool=tool,
        input=input,
        principal=Principal(subject=subject, roles=roles),
        trigger="http",
    )


def slots(first: int, count: int) -> list[dict[str, Any]]:
    """The input of `open_slots`: `count` half hours in 2099, beginning with number `first`."""
    times = (_FIRST_SLOT + timedelta(minutes=30 * number) for number in range(first, first + count))
    return [{"starts_at": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "minutes": 30} for time in times]
