"""The value language: expressions over typed JSON values, checked before they run and computed without surprises.

Everything outside this package sees wire values (JSON) and the types below; that the language is CEL is nobody else's
business.
"""

from writ.values.check import Checked, check
from writ.values.dialect import RESERVED, engine_version
from writ.values.evaluate import ABSENT, Absent, Program
from writ.values.failures import EvaluationFailed
from writ.values.mistakes import Mistake
from writ.values.schema import from_json_schema
from writ.values.types import (
    Anything,
    Boolean,
    Date,
    Duration,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Money,
    Nothing,
    Number,
    Record,
    Text,
    Timestamp,
    Unknown,
    Uuid,
    ValueType,
    accepts,
    describe,
    field_of,
    fields_of,
)
from writ.values.wire import (
    Json,
    Mismatch,
    duration,
    normalise,
    parse_duration,
    parse_timestamp,
    sort_keys,
    timestamp,
)

__all__ = [
    "ABSENT",
    "RESERVED",
    "Absent",
    "Anything",
    "Boolean",
    "Checked",
    "Date",
    "Duration",
    "Enumeration",
    "EvaluationFailed",
    "FieldType",
    "Integer",
    "Json",
    "ListOf",
    "Mismatch",
    "Mistake",
    "Money",
    "Nothing",
    "Number",
    "Program",
    "Record",
    "Text",
    "Timestamp",
    "Unknown",
    "Uuid",
    "ValueType",
    "accepts",
    "check",
    "describe",
    "duration",
    "engine_version",
    "field_of",
    "fields_of",
    "from_json_schema",
    "normalise",
    "parse_duration",
    "parse_timestamp",
    "sort_keys",
    "timestamp",
]
