"""What the documents mean once every name is resolved and every expression has a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from writ.lifecycle import Lifecycle
from writ.source import Span
from writ.values.syntax import Node
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
    secret: bool = False
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
    """An expression that has been checked. `references` are the paths it reads, from the root name on; `tree` is what
    it was parsed to.
    """

    source: str
    type: ValueType
    references: tuple[tuple[str, ...], ...]
    span: Span
    may_be_absent: bool = False
    tree: Node | None = field(default=None, compare=False, repr=False)


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
    """One entry of a `set`; `span` is the place of the field's name."""

    field: EntityField
    value: TypedExpression
    span: Span


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
    too. `tenant` is a text field that holds the principal's tenant. `row` is the type of one row as expressions and
    plans see it (money as a record; optional fields may be absent).
    """

    name: str
    description: str
    span: Span
    fields: Mapping[str, EntityField]
    row: Record
    owner: str | None = None
    tenant: str | None = None
    lifecycle: Lifecycle | None = None
    unique: tuple[tuple[str, ...], ...] = ()
    invariants: tuple[ResolvedInvariant, ...] = field(default=())


EffectClass = Literal["none", "reversible", "irreversible", "payment"]
"""What a call does to the world outside: nothing, something that another call undoes, something that stays, money."""


@dataclass(frozen=True, slots=True)
class IdempotencySupport:
    """How an operation recognises a repeated request: by a key in `header`, for `window` seconds (None: not said)."""

    header: str
    window: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a connector. `request` and `response` are JSON Schemas, None where the author gave none; a
    response without one is untyped. `lookup` and `compensate_with` name operations of the same connector. `retryable`
    are the HTTP statuses after which a request may be repeated. `notifies`: it tells a person something.
    """

    name: str
    span: Span
    effect: EffectClass
    method: str
    path: str
    path_span: Span
    request: dict[str, Any] | None
    request_type: ValueType
    response: dict[str, Any] | None
    response_type: ValueType
    idempotency: IdempotencySupport | None = None
    lookup: str | None = None
    compensate_with: str | None = None
    retryable: tuple[int, ...] = ()
    notifies: bool = False


@dataclass(frozen=True, slots=True)
class Connector:
    """A service outside. `base_url` stands as the author wrote it. `provider` names the payment provider whose API it
    is (`stripe`, `simulated`). `secret` is the name under which a deployment keeps its credential. `cleared_for` are
    the classes of data that may be sent there (`personal`). `rate_limit` is the most requests a second.
    """

    name: str
    description: str
    span: Span
    base_url: str
    base_url_span: Span
    operations: Mapping[str, Operation]
    provider: str | None = None
    secret: str | None = None
    cleared_for: tuple[str, ...] = ()
    rate_limit: float | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A role a principal can have. `staff` may be given all rows, also those that belong to others. `reads` are the
    classes of data it may be answered about rows that are not its own (`personal`).
    """

    name: str
    description: str
    span: Span
    staff: bool = False
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenRules:
    """How an app says tokens are verified, as written; the deployment verifies at least this."""

    span: Span
    algorithms: tuple[str, ...]
    issuer: str | None
    audience: str | None
    require: tuple[str, ...]
    spans: Mapping[str, Span]
