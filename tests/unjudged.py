"""Apps made by hand for one statement or migration, past the judgement that stands before compiling and publishing.

Such an app is not safe as a whole and has no files. Nothing outside the tests comes this way.
"""

from __future__ import annotations

from activities.publish import Published, _keep
from activities.release_sources import packed
from writ.nodes.typed import TypedApp
from writ.plan.compile import _release
from writ.plan.model import Release, ReleaseCheck
from writ.problems import Problem

CHECK = ReleaseCheck(colour="green", catalogue="not judged")


def compile_unjudged(app: TypedApp) -> Release | list[Problem]:
    """What the compiler alone makes of an app."""
    return _release(app, CHECK)


def released(app: TypedApp) -> Release:
    """The release of an app that compiles."""
    release = compile_unjudged(app)
    assert isinstance(release, Release), release
    return release


async def publish_unjudged(url: str, app: TypedApp, release: Release | None = None, *, by: str = "tests") -> Published:
    """Have an app decide for new runs, with its tables."""
    return await _keep(url, app, release or released(app), packed(app, {}), by)
