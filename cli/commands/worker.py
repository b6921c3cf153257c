"""`writ worker`: a worker process."""

from __future__ import annotations


def worker() -> None:
    """Run a worker.

    Until SIGTERM or Ctrl-C. Start as many workers as there is work.
    """
    import worker as workers
    from cli.engines import with_engines
    from cli.processes import log_to_stderr, run_until_signalled
    from settings import Settings

    settings = with_engines(Settings(), "database", "temporal")
    log_to_stderr(settings)
    run_until_signalled(lambda stop: workers.serve(settings, stop=stop))
