"""How effects, answers and outcomes are written into Temporal: as JSON without defaults, to keep histories lean."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)


class _LeanJson(PydanticJSONPlainPayloadConverter):
    def to_payload(self, value: Any) -> Payload | None:
        if not isinstance(value, BaseModel):
            return super().to_payload(value)
        data = value.__pydantic_serializer__.to_json(value, exclude_defaults=True)
        return Payload(metadata={"encoding": self.encoding.encode()}, data=data)


class LeanPayloadConverter(CompositePayloadConverter):
    """Temporal's own converters, with pydantic models written lean."""

    def __init__(self) -> None:
        lean = _LeanJson()
        known = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(lean if isinstance(each, JSONPlainPayloadConverter) else each for each in known))


data_converter = DataConverter(payload_converter_class=LeanPayloadConverter)
"""The data converter of every client and worker of Writ."""
