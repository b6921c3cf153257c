"""A run as its history recorded it, for the strict replay that Temporal's own does not do: it compares no arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any, TypeVar

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import PayloadCodec

from workflows.converter import data_converter
from writ.effects import Answer, Audited, Invocation, RunFacts, TransactionAnswer
from writ.values import timestamp

_T = TypeVar("_T")

_LOCAL_ACTIVITY = "core_local_activity"
_ANSWERS: dict[str, type[TransactionAnswer] | type[Audited]] = {
    "transaction": TransactionAnswer,
    "cancel_transaction": TransactionAnswer,
    "audit": Audited,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run was given and what the world answered, in order."""

    invocation: Invocation
    facts: RunFacts
    answers: tuple[Answer, ...]


async def in_clear(history: WorkflowHistory, codec: PayloadCodec) -> WorkflowHistory:
    """A copy of a history with every payload decrypted; Unreadable (see `workflows.history_codec`)."""
    events = []
    for event in history.events:
        copy = HistoryEvent()
        copy.CopyFrom(event)
        for payload in _payloads(copy):
            [opened] = await codec.decode([payload])
            payload.CopyFrom(opened)
        events.append(copy)
    return WorkflowHistory(history.workflow_id, events)


def _payloads(message: Any) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            inner = value.values() if field.message_type.fields_by_name["value"].message_type is not None else ()
        else:
            inner = value if field.is_repeated else (value,)
        for each in inner:
            yield from _payloads(each)


def recorded(history: WorkflowHistory) -> Recorded:
    """Read a run from its history in clear; ValueError where the history is not that of a run."""
    started = history.events[0].workflow_execution_started_event_attributes
    if len(started.input.payloads) != 1:
        raise ValueError(f"`{history.workflow_id}` was not started with an invocation")
    # Workflow time has microseconds, the event has nanoseconds.
    began = history.events[0].event_time.ToDatetime(tzinfo=UTC)
    return Recorded(
        invocation=_read(started.input.payloads[0], Invocation),
        facts=RunFacts(id=history.workflow_id, now=timestamp(began)),
        answers=tuple(answer for event in history.events if (answer := _answer(event)) is not None),
    )


def _answer(event: HistoryEvent) -> Answer | None:
    marker = event.marker_recorded_event_attributes
    if event.event_type != EventType.EVENT_TYPE_MARKER_RECORDED or marker.marker_name != _LOCAL_ACTIVITY:
        return None
    if "result" not in marker.details:
        return None
    about = _read(marker.details["data"].payloads[0], dict)
    return _read(marker.details["result"].payloads[0], _ANSWERS[about["activity_type"]])


def _read(payload: Payload, type: type[_T]) -> _T:
    value: _T = data_converter.payload_converter.from_payload(payload, type)
    return value
