"""`python -m cli`: the command `writ` where its entry point is not installed."""

from __future__ import annotations

from cli.main import run

if __name__ == "__main__":
    run()
