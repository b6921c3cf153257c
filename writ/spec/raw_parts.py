"""Parts of a document that are taken as they stand and understood later, each named by what may be written there.

For the reader all of them are `Raw`; what describes documents to editors tells them apart by their `Part`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from writ.spec.authored import Raw


class Part(StrEnum):
    """What may be written in such a part."""

    node = "node"
    object_schema = "object_schema"
    schema = "schema"
    condition = "condition"
    expression = "expression"
    value = "value"
    value_mapping = "value_mapping"
    rows = "rows"
    order = "order"
    text = "text"
    short_time = "short_time"
    literal = "literal"


NodePart = Annotated[Raw, Part.node]
"""A node of a flow."""

ObjectSchemaPart = Annotated[Raw, Part.object_schema]
"""A JSON Schema of type `object`."""

SchemaPart = Annotated[Raw, Part.schema]
"""Any JSON Schema."""

ConditionPart = Annotated[Raw, Part.condition]
"""What a field is compared with: an expression, or a mapping of conditions."""

ExpressionPart = Annotated[Raw, Part.expression]
"""One expression."""

ValuePart = Annotated[Raw, Part.value]
"""An expression, or a mapping or list of such."""

ValueMappingPart = Annotated[Raw, Part.value_mapping]
"""A mapping of expressions, or of mappings or lists of such."""

RowsPart = Annotated[Raw, Part.rows]
"""A number of rows, or its bounds."""

OrderPart = Annotated[Raw, Part.order]
"""The name of a field, `-` before it for descending."""

TextPart = Annotated[Raw, Part.text]
"""A text."""

ShortTimePart = Annotated[Raw, Part.short_time]
"""A time in which a transaction has to end, or `none`."""

LiteralPart = Annotated[Raw, Part.literal]
"""A value as it is, no expression."""
