"""Questions about a contract, which is a JSON Schema: what it leaves open, and what a new one breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from writ.spec.resolved import EntityField
from writ.values.types import ListOf, Text

Contract: TypeAlias = Mapping[str, Any]

Gap = Literal["names", "length", "count", "type"]
"""What is open: which properties there are, how long a text is, how many elements there are, what it is at all."""

_UNBOUNDED = re.compile(r"[*+]|\{\d+,\}")
_CLASS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_OF_FIXED_LENGTH = frozenset({"uuid", "date", "time", "date-time", "duration", "hostname", "ipv4", "ipv6"})
_BRANCHES = ("anyOf", "oneOf", "allOf")
_BY_WORD = {
    "object": ("properties", "additionalProperties", "patternProperties"),
    "array": ("items", "prefixItems", "maxItems", "minItems"),
    "string": ("maxLength", "minLength", "pattern", "format"),
    "number": ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a contract: `name` as an author calls it (`input.lines[].price`), `place` its path of keys in the
    document (`input.properties.lines.items.properties.price`).
    """

    name: str
    place: str

    def property(self, name: str) -> Part:
        """One of its properties."""
        return Part(f"{self.name}.{name}", f"{self.place}.properties.{name}")

    def items(self) -> Part:
        """Its elements."""
        return Part(f"{self.name}[]", f"{self.place}.items")


def open_parts(schema: Contract, part: Part) -> Iterator[tuple[Part, Gap]]:
    """The parts that let in more than anybody has thought of, at any depth, in the order they are written."""
    if "enum" in schema or "const" in schema:
        return
    kinds = kinds_of(schema)
    if not kinds and not any(word in schema for word in _BRANCHES):
        yield part, "type"
        return
    if "object" in kinds and _takes_more(schema):
        yield part, "names"
    if "string" in kinds and not _is_bounded_text(schema):
        yield part, "length"
    if "array" in kinds and "maxItems" not in schema and schema.get("items") is not False:
        yield part, "count"
    if "array" in kinds and "items" not in schema:
        yield Part(f"{part.name}[]", part.place), "type"
    yield from _below(schema, part)


def open_gaps(field: EntityField) -> Iterator[Gap]:
    """What a field of an entity leaves open."""
    if isinstance(field.type, ListOf) and field.max_items is None:
        yield "count"
    if isinstance(field.type, Text) and field.max_length is None:
        yield "length"


def kinds_of(schema: Contract) -> frozenset[str]:
    """The types of JSON a schema allows by its `type`, or without one by the words that only belong to some; none
    where nothing is said.
    """
    written = schema.get("type")
    if written is not None:
        return frozenset(written if isinstance(written, list) else [written])
    return frozenset(kind for kind, words in _BY_WORD.items() if any(word in schema for word in words))


def properties_of(schema: Contract) -> Mapping[str, Contract]:
    """The properties that are described."""
    found = schema.get("properties", {})
    return {name: inner for name, inner in found.items() if isinstance(inner, Mapping)}


def _takes_more(schema: Contract) -> bool:
    others = schema.get("additionalProperties", True)
    more = others is not False or any(inner is not False for inner in schema.get("patternProperties", {}).values())
    return more and "maxProperties" not in schema


def _is_bounded_text(schema: Contract) -> bool:
    if "maxLength" in schema or schema.get("format") in _OF_FIXED_LENGTH:
        return True
    pattern = str(schema.get("pattern", ""))
    anchored = pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern
    return anchored and not _UNBOUNDED.search(_CLASS.sub("c", pattern))


def _below(schema: Contract, part: Part) -> Iterator[tuple[Part, Gap]]:
    for name, inner in schema.get("properties", {}).items():
        yield from _inner(inner, part.property(name))
    if "items" in schema:
        yield from _inner(schema["items"], part.items())
    others = schema.get("additionalProperties")
    if isinstance(others, Mapping):
        yield from open_parts(others, Part(f"{part.name}.*", f"{part.place}.additionalProperties"))
    for pattern, inner in schema.get("patternProperties", {}).items():
        yield from _inner(inner, Part(f"{part.name}.*", f"{part.place}.patternProperties.{pattern}"))
    for word in ("prefixItems", *_BRANCHES):
        for number, inner in enumerate(schema.get(word, ())):
            if word == "prefixItems" or (isinstance(inner, Mapping) and "type" in inner):
                yield from _inner(inner, Part(part.name, f"{part.place}.{word}.{number}"))


def _inner(schema: Contract | bool, part: Part) -> Iterator[tuple[Part, Gap]]:
    if schema is not False:
        yield from open_parts(schema if isinstance(schema, Mapping) else {}, part)
