"""What one run leaves in Temporal; a booking is a run with one transaction."""

from __future__ import annotations

import asyncio

from temporalio.api.history.v1 import History
from temporalio.client import Client

from benchmarks.report import Figure


def history(temporal_address: str, run: str) -> list[Figure]:
    """The size of the history of a run that has ended."""
    return asyncio.run(_history(temporal_address, run))


async def _history(address: str, run: str) -> list[Figure]:
    client = await Client.connect(address)
    found = await client.get_workflow_handle(run).fetch_history()
    proto = History(events=found.events).ByteSize()
    return [
        Figure("history_events", "history of a booking, events", len(found.events), "events"),
        Figure("history_json", "history of a booking, as JSON", len(found.to_json().encode()) / 1024, "KiB"),
        Figure("history_proto", "history of a booking, as protobuf", proto / 1024, "KiB"),
    ]
