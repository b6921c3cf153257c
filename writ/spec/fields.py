"""Fields of entities: which bounds go with which type, and the type of the value language each becomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.bounds import bounds_problems, outside
from writ.spec.entity_documents import FieldDocument
from writ.spec.marked import Marked
from writ.spec.resolved import EntityField
from writ.values import (
    RESERVED,
    Boolean,
    Date,
    Enumeration,
    Integer,
    ListOf,
    Money,
    Number,
    Text,
    Timestamp,
    Unknown,
    Uuid,
    ValueType,
)
from writ.values.types import FieldType, Record
from writ.values.wire import normalise

SYSTEM_FIELDS = ("id", "state", "version", "created_at", "updated_at", "archived_at")
"""The fields every entity has (`state` where it has states); the system keeps them."""

_SCALARS: Mapping[str, ValueType] = {
    "text": Text(),
    "integer": Integer(),
    "number": Number(),
    "boolean": Boolean(),
    "timestamp": Timestamp(),
    "date": Date(),
    "uuid": Uuid(),
    "money": Money(),
    "reference": Uuid(),
}

BELONGS: Mapping[str, tuple[str, ...]] = {
    "to": ("reference",),
    "of": ("list",),
    "values": ("enum",),
    "min_length": ("text",),
    "max_length": ("text",),
    "minimum": ("integer", "number", "money"),
    "maximum": ("integer", "number", "money"),
    "max_items": ("list",),
    "unique": ("text", "integer", "timestamp", "date", "uuid", "enum", "reference"),
}
"""Keys of a field that mean something for some types only."""

NEEDS = {"reference": "to", "enum": "values", "list": "of"}
"""The key without which a field of such a type means nothing."""


def resolve_field(
    entity: str,
    name: str,
    span: Span,
    document: FieldDocument,
    entities: Collection[str],
    problems: list[Problem],
    broken: Collection[str] = (),
) -> EntityField:
    """The field of `entity` with its type. `entities` are those there are, `broken` those whose documents are wrong.

    Where this document is wrong the reasons are added to `problems`, and what can be told of the field is told, so that
    the places that use it are still checked and not reported as well.
    """
    found = [*_naming(name, span), *_misplaced(document), *bounds_problems(document)]
    found += _target(document, entities, broken)
    problems.extend(found)
    field = EntityField(
        name=name,
        type=_type(f"{entity}.{name}", document),
        span=span,
        optional=document.optional,
        immutable=document.immutable,
        personal=document.personal,
        secret=document.secret,
        unique=document.unique,
        references=document.to if document.type == "reference" else None,
        min_length=document.min_length,
        max_length=document.max_length,
        minimum=document.minimum,
        maximum=document.maximum,
        max_items=document.max_items,
        description=document.description,
    )
    return field if found or document.default is None else _with_default(field, document.default, problems)


def system_fields(span: Span, states: Enumeration | None) -> list[EntityField]:
    """The fields the system keeps for every entity."""
    kept: list[tuple[str, ValueType, bool]] = [("id", Uuid(), False)]
    if states:
        kept.append(("state", states, False))
    kept += [("version", Integer(), False), ("created_at", Timestamp(), False), ("updated_at", Timestamp(), False)]
    kept.append(("archived_at", Timestamp(), True))
    return [
        EntityField(name, type, span, optional=optional, immutable=True, system=True) for name, type, optional in kept
    ]


def row_type(entity: str, fields: Mapping[str, EntityField]) -> Record:
    """The type of one row of the entity."""
    return Record(
        name=entity,
        fields=tuple(FieldType(name=field.name, type=field.type, optional=field.optional) for field in fields.values()),
    )


def _naming(name: str, span: Span) -> list[Problem]:
    if name in SYSTEM_FIELDS:
        return [
            Problem(
                "reserved-name", span, f"`{name}` is kept by the system", "every entity has it already; leave it out"
            )
        ]
    if name.startswith("old_"):
        return [Problem("reserved-name", span, "a field's name cannot start with `old_`", "choose another name")]
    if name in RESERVED:
        return [Problem("reserved-name", span, f"`{name}` cannot be named in an expression", "choose another name")]
    return []


def _misplaced(document: FieldDocument) -> list[Problem]:
    written = document.marked.key_spans
    found = [
        Problem(
            "misplaced-key",
            written[key],
            f"`{key}` has no meaning for a field of type `{document.type}`",
            f"it goes with {_listed(types)}",
        )
        for key, types in BELONGS.items()
        if key in written and document.type not in types
    ]
    needed = NEEDS.get(document.type)
    if needed and needed not in written:
        found.append(
            Problem("missing-key", document.marked.head, f"a field of type `{document.type}` needs `{needed}`")
        )
    return found


def _listed(types: tuple[str, ...]) -> str:
    return ", ".join(f"`{type}`" for type in types)


def _target(document: FieldDocument, entities: Collection[str], broken: Collection[str]) -> list[Problem]:
    if document.to is None or document.type != "reference" or document.to in entities or document.to in broken:
        return []
    help = did_you_mean(document.to, entities)
    return [Problem("unknown-entity", document.to.span, f"there is no entity `{document.to}`", help)]


def _type(path: str, document: FieldDocument) -> ValueType:
    needed = NEEDS.get(document.type)
    if needed and not getattr(document, needed):
        return Unknown()
    if document.type == "enum":
        return Enumeration(values=tuple(document.values or ()), of=f"values of {path}")
    if document.type == "list":
        return ListOf(element=_SCALARS[document.of or "text"])
    return _SCALARS[document.type]


def _with_default(field: EntityField, default: Marked, problems: list[Problem]) -> EntityField:
    try:
        value = normalise(default.plain(), field.type)
    except ValueError as mismatch:
        problems.append(Problem("wrong-type", default.span, f"this default does not fit the field: {mismatch}"))
        return field
    reason = outside(field, value)
    if reason:
        problems.append(Problem("out-of-bounds", default.span, f"this default does not fit the field: it {reason}"))
    return replace(field, default=value)
