"""A stored release by the beginning of its digest, or the one that decides for an app; and what it was made from."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from cli.endings import CannotGoOn, Misused

T = TypeVar("T")
_NAMED = 3


def active_release(app: str) -> str:
    """The digest that decides for new runs of `app`; CannotGoOn where none does."""
    from activities.stored_releases import deciding

    digest = _asked(deciding(_url(), app))
    if digest is None:
        raise CannotGoOn(f"no release of `{app}` is active", "`writ publish` makes one so")
    return digest


def release_files(beginning: str) -> tuple[str, dict[str, str]]:
    """The digest of the release that begins so, and its texts by path below the folder of its app.

    Misused where none or several begin so; CannotGoOn where its texts are not kept, or nobody can tell.
    """
    from activities.release_sources import read_sources
    from activities.stored_releases import beginning_with

    url = _url()
    given = f"sha256:{beginning.removeprefix('sha256:')}"
    found = _asked(beginning_with(url, given))
    if not found:
        help = "for a revision of git, name the folder too: `main:specs/clinic`"
        raise Misused(f"no stored release begins with `{beginning}`", help)
    if len(found) > 1:
        listed = ", ".join(f"`{digest}`" for digest in found[:_NAMED])
        raise Misused(f"more than one release begins with `{beginning}`", f"such as {listed}")
    texts = _asked(read_sources(url, found[0]))
    if not texts:
        help = "compare with a revision of git: `main:specs/clinic`"
        raise CannotGoOn(f"nobody kept what the release `{found[0]}` was made from", help)
    return found[0], texts


def _url() -> str:
    from cli.engines import with_engines
    from settings import Settings

    return with_engines(Settings(), "publish").require_publish_database()


def _asked(question: Coroutine[Any, Any, T]) -> T:
    from writ.effects import Failure

    try:
        return asyncio.run(question)
    except Failure as failure:
        raise CannotGoOn(f"the stored releases cannot be read: {failure.message}") from failure
