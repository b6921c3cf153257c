"""Commands that run until somebody ends them: logging, signals, and a good end."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from settings import Settings

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_until_signalled(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `work`, whose event is set by the first SIGINT, SIGTERM or SIGHUP; the same one again ends it at once."""
    import uvloop

    # What is loaded by now stays; only what comes is worth looking through.
    gc.freeze()
    gc.enable()
    before = {each: signal.getsignal(each) for each in _ENDING}
    try:
        uvloop.run(_with_signals(work))
    finally:
        # The loop leaves the system's own ways behind; whoever supervises engines around us had theirs.
        for each, handler in before.items():
            signal.signal(each, handler)


async def _with_signals(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for each in _ENDING:
        loop.add_signal_handler(each, asked, each)
    await work(stop)


def log_to_stderr(settings: Settings, *, quiet: bool = False) -> None:
    """Log to stderr; `quiet` leaves out what is said anyway, and the libraries below their warnings."""
    level = settings.log_level.upper()
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    if quiet and level == "INFO":
        logging.getLogger().setLevel("WARNING")
