"""How effects, answers and outcomes are written into Temporal: as JSON without defaults, to keep histories lean, and
encrypted where there are keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverter,
    DefaultPayloadConverter,
    EncodingPayloadConverter,
    JSONProtoPayloadConverter,
    PayloadConverter,
)

from workflows.history_codec import SHOWN, HistoryCodec, Unreadable
from writ.registry import ReleaseMissing


class ShownText(str):
    """A text that stays readable in an encrypted history, so it is made of the plan alone and holds no value."""

    __slots__ = ()


class _LeanJson(PydanticJSONPlainPayloadConverter):
    def to_payload(self, value: Any) -> Payload | None:
        if not isinstance(value, BaseModel):
            return super().to_payload(value)
        data = value.__pydantic_serializer__.to_json(value, exclude_defaults=True)
        return Payload(metadata={"encoding": self.encoding.encode()}, data=data)


class _MarkedJson(_LeanJson):
    """Marks what the codec is to leave as it is: it sees payloads and not what they were made of."""

    def to_payload(self, value: Any) -> Payload | None:
        payload = super().to_payload(value)
        if payload is not None and isinstance(value, ShownText):
            payload.metadata[SHOWN] = b"1"
        return payload


class _MarkedProto(JSONProtoPayloadConverter):
    """Marks what Temporal tells of a workflow, its current details above all: see `_show` in `tool_run`."""

    def to_payload(self, value: Any) -> Payload | None:
        payload = super().to_payload(value)
        if payload is not None and isinstance(value, WorkflowMetadata):
            payload.metadata[SHOWN] = b"1"
        return payload


class LeanPayloadConverter(CompositePayloadConverter):
    """Temporal's own converters, with pydantic models written lean."""

    def __init__(self, *instead: EncodingPayloadConverter) -> None:
        ours = {each.encoding: each for each in instead or (_LeanJson(),)}
        known = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(ours.get(each.encoding, each) for each in known))


class MarkedPayloadConverter(LeanPayloadConverter):
    """The lean converters for a history that is encrypted."""

    def __init__(self) -> None:
        super().__init__(_MarkedJson(), _MarkedProto())


class EncryptedFailureConverter(DefaultFailureConverter):
    """Messages and stack traces become payloads, which are encrypted. Why a run waits stays readable: no value of the
    business is in it, and operators have to see it in the Temporal UI.
    """

    def __init__(self) -> None:
        super().__init__(encode_common_attributes=True)
        self._readable = DefaultFailureConverter()

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """See the base class."""
        if isinstance(exception, Unreadable | ReleaseMissing) and exception.__cause__ is None:
            self._readable.to_failure(exception, payload_converter, failure)
        else:
            super().to_failure(exception, payload_converter, failure)


data_converter = DataConverter(payload_converter_class=LeanPayloadConverter, payload_codec=HistoryCodec({}))
"""The data converter of clients and workers without keys."""


def data_converter_with(keys: Mapping[str, bytes]) -> DataConverter:
    """The data converter of a client or worker with these keys, by name: the first encrypts, all decrypt."""
    if not keys:
        return data_converter
    return DataConverter(
        payload_converter_class=MarkedPayloadConverter,
        payload_codec=HistoryCodec(keys),
        failure_converter_class=EncryptedFailureConverter,
    )
