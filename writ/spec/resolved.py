"""What the documents mean once every name is resolved and every expression has a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from writ.lifecycle import Lifecycle
from writ.source import Span
from writ.values.types import Record, ValueType

Operator = Literal["equals", "differs", "among", "at_least", "at_most", "above", "below", "present"]


@dataclass(frozen=True, slots=True)
class EntityField:
    """A field of an entity, the author's or the system's (`id`, `state`, `version`, `created_at`, `updated_at`,
    `archived_at`).

    `references` names the entity a reference leads to. Bounds are None where the author set none.
    """

    name: str
    type: ValueType
    span: Span
    optional: bool = False
    immutable: bool = False
    personal: bool = False
    unique: bool = False
    system: bool = False
    references: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    max_items: int | None = None
    default: Any = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class TypedExpression:
    """An expression that has been checked. `references` are the paths it reads, from the root name on."""

    source: str
    type: ValueType
    references: tuple[tuple[str, ...], ...]
    span: Span
    may_be_absent: bool = False


TypedTemplate = TypedExpression | dict[str, "TypedTemplate"] | list["TypedTemplate"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a `where`: `field` `operator` `value`, applied only when `when` is true.

    For `present`, `value` is None and `expects` says whether the field must have a value.
    """

    field: EntityField
    operator: Operator
    value: TypedExpression | None
    when: TypedExpression | None = None
    expects: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """One entry of a `set`."""

    field: EntityField
    value: TypedExpression


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over the rows of `entity` that match `where` (in which the checked row is `this`); `of` for a sum."""

    figure: Literal["count", "sum"]
    entity: str
    where: tuple[Condition, ...]
    of: EntityField | None = None


@dataclass(frozen=True, slots=True)
class ResolvedInvariant:
    """What must hold for `this`; with an aggregate, `count` or `sum` is its figure."""

    name: str
    that: TypedExpression
    message: str
    span: Span
    aggregate: Aggregate | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity with its names resolved. `fields` holds the author's fields in order, then the system's.

    `owner` is a text field that holds the owning principal's subject, or a reference whose row's owner owns this row
    too. `row` is the type of one row as expressions and plans see it (money as a record; optional fields may be
    absent).
    """

    name: str
    description: str
    span: Span
    fields: Mapping[str, EntityField]
    row: Record
    owner: str | None = None
    lifecycle: Lifecycle | None = None
    unique: tuple[tuple[str, ...], ...] = ()
    invariants: tuple[ResolvedInvariant, ...] = field(default=())
