"""`writ serve`: the API alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.terminal import say

if TYPE_CHECKING:
    import asyncio

    from settings import Settings


def serve() -> None:
    """Serve the API.

    Until SIGTERM or Ctrl-C. The runs themselves are done by workers.
    """
    from cli.development_key import with_some_key
    from cli.engines import with_engines
    from cli.processes import log_to_stderr, run_until_signalled
    from settings import Settings

    settings = with_some_key(with_engines(Settings(), "database", "temporal"))
    settings.require_token_keys()
    log_to_stderr(settings)
    run_until_signalled(lambda stop: _serve(settings, stop))


async def _serve(settings: Settings, stop: asyncio.Event) -> None:
    from cli.api_address import address_of, noted
    from cli.serving import listen, open_parts, serve_api

    with listen(settings) as listening:
        url = address_of(settings.api_host, int(listening.getsockname()[1]))
        async with open_parts(settings, stop) as parts:
            if parts is not None:
                say(f"the API answers at {url}")
                with noted(settings.data_folder, url):
                    await serve_api(parts, settings, listening, stop)
