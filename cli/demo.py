"""The guided tour of `make demo`: everything started, called over real HTTP with real tokens, checked, and stopped.

Runs in a data folder of its own, so it can be repeated and leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cli.endings import BLOCKED, FINE, CannotGoOn, leave
from cli.terminal import complain, say
from cli.tour.show import Show, TourFailed
from cli.typed import as_typed

if TYPE_CHECKING:
    from cli.tour.guide import Guide
    from cli.tour.stage import Stage
    from embedded.child import Child

APP = Path("specs") / "clinic"
DEMO_FOLDER = Path(".writ") / "demo"


def main(arguments: list[str]) -> int:
    """Take the tour; the exit code. With `--keep` everything goes on until Ctrl-C."""
    if set(arguments) - {"--keep"}:
        complain("the tour knows one option: `--keep`, to keep everything running after it")
        return 2
    try:
        from embedded.engines import EngineFailed
    except ImportError as error:
        complain(str(error))
        return BLOCKED
    show = Show()
    began = time.monotonic()
    try:
        _tour(show, keep="--keep" in arguments)
    except TourFailed as failed:
        complain(f"the tour failed: {failed}")
        return BLOCKED
    except CannotGoOn as stopped:
        complain(stopped.reason, stopped.help)
        return stopped.code
    except EngineFailed as failed:
        complain(str(failed))
        return BLOCKED
    except KeyboardInterrupt:
        say("stopped, nothing runs any longer")
        return 130
    show.plain("")
    show.plain(f"The tour is over after {time.monotonic() - began:.0f} s; nothing is left running.", "bold green")
    show.plain(as_typed("`make up` starts everything to stay, `writ new specs/my_app` makes an app of your own."))
    return FINE


def _tour(show: Show, *, keep: bool) -> None:
    from cli.tour.stage import Stage
    from embedded.engines import start

    if not (APP / "app.yaml").is_file():
        raise CannotGoOn(f"there is no `{APP}` here", "take the tour from the folder of the checkout")
    with _own_folder() as folder:
        say("starting a Temporal server and a PostgreSQL of the tour's own …")
        with start(folder, say=say) as engines:
            stage = Stage(engines, folder)
            try:
                asyncio.run(_on(stage, show, keep))
            finally:
                stage.end()


@contextmanager
def _own_folder() -> Iterator[Path]:
    folder = DEMO_FOLDER.absolute() / str(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another tour goes on beside this one
            DEMO_FOLDER.rmdir()


async def _on(stage: Stage, show: Show, keep: bool) -> None:
    import httpx

    from cli.database import open_pool
    from cli.tour.guide import Guide

    api, worker = stage.start_api(), stage.start_worker()
    await _publish(stage, show)
    await stage.takes_runs(worker)
    url = await stage.api_url(api)
    show.plain("")
    show.plain(f"API          {url}  (docs: {url}/docs)")
    show.plain(f"Temporal UI  {stage.engines.ui_url}  (every run below is there while the tour lasts)")
    async with (
        open_pool(stage.engines.superuser_url) as database,
        httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http,
    ):
        await _steps(Guide(stage, show, http, database), worker)
    if keep:
        show.plain("")
        show.plain(f"Everything goes on until Ctrl-C. Temporal UI: {stage.engines.ui_url}", "bold")
        await asyncio.Event().wait()


async def _publish(stage: Stage, show: Show) -> None:
    """Compile and publish the app, while the other processes are starting."""
    from cli.checked_spec import check_folder
    from cli.publishing import publish_checked, said

    show.step(f"`writ publish {APP}`: the specs are checked, compiled to a release, and the tables made")
    published = await publish_checked(check_folder(APP), stage.engines.publish_database_url)
    show.note(said(published))
    show.sure("the release is active", not published.already_active)


async def _steps(guide: Guide, worker: Child) -> None:
    from cli.tour import steps
    from cli.tour.broken_spec import broken_spec
    from cli.tour.killed_worker import killed_worker
    from cli.tour.unsafe_specs import unsafe_specs

    for step in (
        steps.opening,
        steps.registering,
        steps.booking,
        steps.the_same_again,
        steps.too_late,
        steps.twenty_at_once,
        steps.not_yours,
        steps.wrong_role,
        steps.invalid_input,
        steps.policy,
        steps.invariant,
        steps.why,
    ):
        guide.show.step(_title(step.__doc__))
        await step(guide)
    guide.show.step(_title(killed_worker.__doc__))
    await killed_worker(guide, worker)
    guide.show.step(_title(broken_spec.__doc__))
    await broken_spec(guide, APP)
    guide.show.step(_title(unsafe_specs.__doc__))
    await unsafe_specs(guide, APP)


def _title(docstring: str | None) -> str:
    return (docstring or "").strip().rstrip(".")


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
