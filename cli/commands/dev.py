"""`writ dev`: everything on one machine, in one process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cli.endings import CannotGoOn
from cli.terminal import say
from cli.typed import as_typed, writ

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine

    from cli.serving import Parts
    from cli.watching import Apps
    from embedded.engines import AlreadyRunning, Supervised
    from settings import Settings

_LOOK_EVERY_SECONDS = 1.0


def dev() -> None:
    """Run everything on this machine.

    Starts the engines, publishes every app, serves the API and runs a worker, until Ctrl-C. Saving a spec publishes it
    again.
    """
    from cli.development_key import with_development_key
    from cli.processes import log_to_stderr
    from settings import Settings

    began = time.monotonic()
    settings = with_development_key(Settings())
    log_to_stderr(settings, quiet=True)
    wants_postgres, wants_temporal = settings.database_url is None, settings.temporal_address is None
    if not wants_postgres:
        settings.require_publish_database()
    if not wants_postgres and not wants_temporal:
        _run(settings, None, began)
        return
    try:
        from embedded.engines import AlreadyRunning, start
    except ImportError as error:
        raise CannotGoOn(str(error)) from error
    say("starting the engines …")
    try:
        with start(settings.data_folder, say=say, postgres=wants_postgres, temporal=wants_temporal) as engines:
            _run(_found(settings, engines), engines, began)
            say("stopping …")
    except AlreadyRunning as running:
        raise _already(running, settings) from running
    say("stopped, nothing runs any longer")


def _found(settings: Settings, engines: Supervised) -> Settings:
    from cli.history_key import with_history_key

    update = {} if settings.database_url else {"database_url": engines.database_url}
    if not settings.database_url:
        update["publish_database_url"] = engines.publish_database_url
    if not settings.temporal_address:
        update["temporal_address"] = engines.temporal_address
    found = settings.model_copy(update=update)
    return found if settings.temporal_address else with_history_key(found)


def _already(running: AlreadyRunning, settings: Settings) -> CannotGoOn:
    from cli.api_address import running_url

    api = running_url(settings.data_folder)
    places = [("API", api), ("docs", f"{api}/docs" if api else None), ("Temporal UI", running.engines.ui_url)]
    listed = "".join(f"\n  {name:<12} {url}" for name, url in places if url)
    pid = running.engines.supervisor_pid
    return CannotGoOn(f"Writ runs here already, started by process {pid}{listed}", f"`kill {pid}` stops it")


def _run(settings: Settings, engines: Supervised | None, began: float) -> None:
    from cli.processes import run_until_signalled

    run_until_signalled(lambda stop: _serve(settings, engines, stop, began))


async def _serve(settings: Settings, engines: Supervised | None, stop: asyncio.Event, began: float) -> None:
    from cli.api_address import address_of, noted
    from cli.gone_apps import gone, notice
    from cli.publishing import prepare_database
    from cli.serving import listen, open_parts, serve_api
    from cli.watching import Apps

    await prepare_database(settings.require_publish_database())
    apps = Apps(settings)
    await apps.publish_changed()
    with listen(settings, anywhere="api_port" not in settings.model_fields_set) as listening:
        url = address_of(settings.api_host, int(listening.getsockname()[1]))
        async with open_parts(settings, stop) as parts:
            if parts is None:
                return
            with noted(settings.data_folder, url):
                for app in gone(parts.releases.apps(), settings.specs_folder):
                    say("-- " + ": ".join(notice(app, settings.specs_folder)))
                say(f"ready after {time.monotonic() - began:.1f} s; Ctrl-C stops everything")
                print(_welcome(url, engines, apps), flush=True)
                jobs = [
                    serve_api(parts, settings, listening, stop),
                    _work(settings, parts, stop),
                    apps.watch(stop),
                    _guard(engines, stop),
                ]
                await _all(jobs, stop)


async def _work(settings: Settings, parts: Parts, stop: asyncio.Event) -> None:
    import worker

    await worker.serve(settings, client=parts.client, pool=parts.pool, registry=parts.registry, stop=stop)


async def _guard(engines: Supervised | None, stop: asyncio.Event) -> None:
    """Notice that an engine has ended by itself: EngineFailed with its last words."""
    import asyncio

    while not stop.is_set():
        lost = engines.lost() if engines is not None else None
        if lost is not None:
            raise lost
        try:
            await asyncio.wait_for(stop.wait(), _LOOK_EVERY_SECONDS)
        except TimeoutError:
            continue


async def _all(jobs: list[Coroutine[None, None, None]], stop: asyncio.Event) -> None:
    """Until every job has ended; one that breaks ends the others, in good order."""
    import asyncio

    tasks = [asyncio.create_task(job) for job in jobs]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.wait(tasks)
    for task in tasks:
        task.result()


def _welcome(url: str, engines: Supervised | None, apps: Apps) -> str:
    ui = engines.ui_url if engines is not None else None
    lines = ["", f"  API          {url}", f"  docs         {url}/docs"]
    if ui:
        lines.append(f"  Temporal UI  {ui}")
    return "\n".join([*lines, *_first_call(url, apps), ""])


def _first_call(url: str, apps: Apps) -> list[str]:
    from cli.first_call import easiest

    call = easiest(apps.releases())
    if call is None:
        return ["", as_typed("  nothing is published yet: `writ new specs/my_app` makes an app to start from")]
    return [
        "",
        f"  TOKEN=$({writ()} token --subject ada --role {call.role})",
        f'  curl -s {call.curl(url)} -H "Authorization: Bearer $TOKEN"',
        f"  {writ()} call {call.tool}{call.values} --role {call.role} --subject ada",
    ]
