"""Typed nodes: what the node kinds mean once checked. The compiler turns each into a plan, and needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from writ.source import Span
from writ.spec.resolved import Assignment, Condition, Entity, TypedExpression, TypedTemplate
from writ.values.types import ValueType


@dataclass(frozen=True, slots=True)
class TypedRead:
    """`order` pairs a field's name with True for descending. `missing` is a refusal code."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    expect: Literal["one", "optional", "many"]
    order: tuple[tuple[str, bool], ...]
    limit: TypedExpression | None
    lock: Literal["update", "share"] | None
    missing: str


@dataclass(frozen=True, slots=True)
class TypedCreate:
    """With `over`, one row per element, called `item` in the assignments' expressions."""

    name: str
    span: Span
    entity: Entity
    set: tuple[Assignment, ...]
    over: TypedExpression | None
    item: str
    max: int | None


@dataclass(frozen=True, slots=True)
class TypedUpdate:
    """`rows` are the least and the most rows it must touch."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    set: tuple[Assignment, ...]
    rows: tuple[int, int]
    missing: str


@dataclass(frozen=True, slots=True)
class TypedTransition:
    """As an update, moving rows to the state `to`."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    to: str
    set: tuple[Assignment, ...]
    rows: tuple[int, int]
    missing: str


@dataclass(frozen=True, slots=True)
class TypedArchive:
    """Archives the rows that match."""

    name: str
    span: Span
    entity: Entity
    where: tuple[Condition, ...]
    rows: tuple[int, int]
    missing: str


@dataclass(frozen=True, slots=True)
class TypedTransform:
    """A named value."""

    name: str
    span: Span
    value: TypedTemplate
    type: ValueType


@dataclass(frozen=True, slots=True)
class TypedRequire:
    """`otherwise` is a refusal code of the tool."""

    name: str
    span: Span
    that: TypedExpression
    otherwise: str


@dataclass(frozen=True, slots=True)
class TypedRefuse:
    """Ends the run with the refusal."""

    name: str
    span: Span
    refusal: str


@dataclass(frozen=True, slots=True)
class TypedRespond:
    """Ends the run with the answer."""

    name: str
    span: Span
    value: TypedTemplate


@dataclass(frozen=True, slots=True)
class TypedCase:
    """`when` None: the default."""

    when: TypedExpression | None
    nodes: tuple[TypedNode, ...]


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """`if` and `switch`; for a switch with `on`, the cases' conditions are already expressions. `kind` is the
    author's word.
    """

    name: str
    span: Span
    kind: Literal["if", "switch"]
    cases: tuple[TypedCase, ...]


@dataclass(frozen=True, slots=True)
class TypedTransaction:
    """Timeouts in milliseconds. `nodes` are whatever the author wrote there; the compiler refuses what has no place
    in it. `isolation_span` is None where the author said nothing of it.
    """

    name: str
    span: Span
    isolation: Literal["serializable", "repeatable_read", "read_committed"]
    statement_timeout_ms: int
    timeout_ms: int
    nodes: tuple[TypedNode, ...]
    isolation_span: Span | None = None


TypedNode = (
    TypedTransaction
    | TypedRead
    | TypedCreate
    | TypedUpdate
    | TypedTransition
    | TypedArchive
    | TypedTransform
    | TypedRequire
    | TypedRefuse
    | TypedRespond
    | TypedChoice
)


@dataclass(frozen=True, slots=True)
class TypedPolicy:
    """A policy as it applies to one tool: its expression has been checked against that tool's input."""

    name: str
    deny_when: TypedExpression
    status: int
    message: str


@dataclass(frozen=True, slots=True)
class TypedTool:
    """A checked tool. `types` gives the type of every name in the flow: `input`, `principal`, `now`, `run`, node
    names, items.
    """

    name: str
    description: str
    span: Span
    http: tuple[str, str] | None
    allow: Mapping[str, Literal["own", "all"]]
    conceal: bool
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    input_type: ValueType
    output_type: ValueType
    types: Mapping[str, ValueType]
    refusals: Mapping[str, tuple[int, str]]
    policies: tuple[TypedPolicy, ...]
    flow: tuple[TypedNode, ...]


@dataclass(frozen=True, slots=True)
class TypedApp:
    """A checked app, ready to be compiled."""

    name: str
    description: str
    roles: Mapping[str, str]
    entities: Mapping[str, Entity]
    tools: Mapping[str, TypedTool]
