"""What an author writes in an entity's document: fields, states, invariants."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from writ.spec.forms import (
    Sentence,
)
from writ.spec.raw_parts import ConditionPart, LiteralPart
from writ.spec.shape import EntityName, Expr, Name, SpecModel

FieldKind = Literal[
    "text", "integer", "number", "boolean", "timestamp", "date", "uuid", "enum", "money", "reference", "list"
]
ScalarKind = Literal["text", "integer", "number", "boolean", "timestamp", "date", "uuid"]
LONGEST_TEXT = 1_048_576
"""Characters: no request that could bring a longer text is taken."""

LONGEST_LIST = 10_000
"""Elements of a list: no expression may look at more."""


class FieldDocument(SpecModel):
    """One field of an entity. Which of the bounds may stand depends on `type`."""

    called: ClassVar[str] = "a field"

    type: FieldKind
    """What kind of value the field holds."""
    description: str = ""
    """What it is, for people."""
    optional: bool = False
    """It may be absent. It is never null."""
    immutable: bool = False
    """Set once, by `create`."""
    personal: bool = False
    """Data about a person: masked in the audit record, and answered only to whom it may be."""
    secret: bool = False
    """A secret such as a hash: it never leaves the database."""
    unique: bool = False
    """No two rows that are not archived have the same value."""
    to: EntityName | None = None
    """With `reference`: the entity whose row it leads to."""
    of: ScalarKind | None = None
    """With `list`: what its elements are."""
    values: list[Sentence] | None = None
    """With `enum`: the values it can have."""
    min_length: int | None = Field(default=None, ge=0, le=LONGEST_TEXT)
    """With `text`: so many characters at least."""
    max_length: int | None = Field(default=None, ge=1, le=LONGEST_TEXT)
    """With `text`: so many characters at most. Needed where the text is unique or an owner, then at most 650."""
    minimum: int | float | None = None
    """The least value; of `money` the least amount, in minor units."""
    maximum: int | float | None = None
    """The greatest value; of `money` the greatest amount, in minor units."""
    max_items: int | None = Field(default=None, ge=1, le=LONGEST_LIST)
    """With `list`: so many elements at most."""
    default: LiteralPart | None = None
    """The value, not an expression, of a new row for which none is set."""


class StateDocument(SpecModel):
    """One state of an entity and the states it may move to."""

    called: ClassVar[str] = "a state"

    meaning: Sentence
    """What it means for a row to be in this state."""
    initial: bool = False
    """A new row is in this state. Exactly one state is."""
    to: list[Name] = []
    """The states it may move to; none: it is final."""


class AggregateDocument(SpecModel):
    """A figure over the rows of an entity that match `where`; `of` names the field a `sum` adds up."""

    called: ClassVar[str] = "a `count` or `sum`"

    entity: EntityName
    """The entity whose rows are counted or added up."""
    where: dict[Name, ConditionPart]
    """Which of its rows: fields and their values, with the row that is checked as `this`."""
    of: Name | None = None
    """With `sum`: the field that is added up."""


class InvariantDocument(SpecModel):
    """What must hold for a row, called `this`, whenever a transaction commits."""

    called: ClassVar[str] = "an invariant"

    that: Expr
    """What must hold, with the row as `this` and the figure as `count` or `sum`."""
    message: Sentence
    """What the caller is told when it would not hold."""
    count: AggregateDocument | None = None
    """How many rows match, called `count` in `that`."""
    sum: AggregateDocument | None = None
    """What a field of the rows that match adds up to, called `sum` in `that`."""


class EntityDocument(SpecModel):
    """An entity: its fields, states, owner, tenant and invariants."""

    called: ClassVar[str] = "an entity"

    entity: EntityName
    """Its name, which begins with a capital letter."""
    description: Sentence
    """What it is, for people."""
    owner: Name | None = None
    """The field that says whose a row is: a text with a principal's subject, or a reference to an entity that has an
    owner."""
    tenant: Name | None = None
    """The text field that says which tenant a row belongs to."""
    fields: dict[Name, FieldDocument]
    """Its fields. The system keeps `id`, `state`, `version`, `created_at`, `updated_at` and `archived_at` itself."""
    states: dict[Name, StateDocument] = {}
    """The states of its life cycle."""
    unique: list[list[Name]] = []
    """Keys of several required fields: no two rows that are not archived have the same values in them."""
    invariants: dict[Name, InvariantDocument] = {}
    """What must hold for every row a transaction touched, by the code it is refused with."""
