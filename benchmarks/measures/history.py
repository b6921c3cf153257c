"""What one run leaves in Temporal; a booking is a run with one transaction."""

from __future__ import annotations

import asyncio
import json

from temporalio.api.history.v1 import History
from temporalio.client import Client, WorkflowHistory

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
        Figure("history_json", "history of a booking, as JSON", _compact(found) / 1024, "KiB"),
        Figure("history_proto", "history of a booking, as protobuf", proto / 1024, "KiB"),
    ]


def _compact(history: WorkflowHistory) -> int:
    """Bytes without the white space that a file for people has."""
    return len(json.dumps(history.to_json_dict(), separators=(",", ":")).encode())
