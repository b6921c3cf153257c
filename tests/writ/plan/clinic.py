"""A checked app built by hand: the compiler's input, without any YAML or checker in between."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from writ.lifecycle import Lifecycle
from writ.nodes.typed import (
    TypedApp,
    TypedArchive,
    TypedCase,
    TypedChoice,
    TypedCreate,
    TypedNode,
    TypedRead,
    TypedRequire,
    TypedRespond,
    TypedTool,
    TypedTransaction,
    TypedTransform,
    TypedTransition,
    TypedUpdate,
)
from writ.source import Span
from writ.spec.resolved import (
    Aggregate,
    Assignment,
    Condition,
    Entity,
    EntityField,
    Operator,
    ResolvedInvariant,
    Role,
    TypedExpression,
    TypedTemplate,
)
from writ.values.types import (
    Boolean,
    Date,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Money,
    Number,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
)

SPAN = Span("specs/clinic/tools/book.yaml", 1, 1)
_PATH = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")


def expr(source: str, type: ValueType, *references: str, absent: bool = False) -> TypedExpression:
    """A checked expression; what is a bare path refers to itself."""
    bare = (source,) if _PATH.fullmatch(source) and source not in ("true", "false") and not references else references
    return TypedExpression(source, type, tuple(tuple(path.split(".")) for path in bare), SPAN, absent)


def field(name: str, type: ValueType, **kwargs: Any) -> EntityField:
    return EntityField(name, type, SPAN, **kwargs)


def reference(name: str, to: str, **kwargs: Any) -> EntityField:
    return field(name, Uuid(), references=to, **kwargs)


def entity(
    name: str,
    *fields: EntityField,
    owner: str | None = None,
    states: Mapping[str, tuple[str, ...]] | None = None,
    unique: tuple[tuple[str, ...], ...] = (),
    invariants: tuple[ResolvedInvariant, ...] = (),
) -> Entity:
    life = Lifecycle(tuple(states), next(iter(states)), states) if states else None
    system = [field("id", Uuid(), system=True)]
    if life:
        system.append(field("state", Enumeration(values=life.states, of=f"states of {name}"), system=True))
    system += [field("version", Integer(), system=True)]
    system += [field(moment, Timestamp(), system=True) for moment in ("created_at", "updated_at")]
    system.append(field("archived_at", Timestamp(), system=True, optional=True))
    every = {it.name: it for it in (*fields, *system)}
    row = Record(
        name=name,
        fields=tuple(FieldType(name=it.name, type=it.type, optional=it.optional) for it in every.values()),
    )
    return Entity(name, f"A {name}.", SPAN, every, row, owner, lifecycle=life, unique=unique, invariants=invariants)


PRACTITIONER = entity(
    "Practitioner",
    field("name", Text(), max_length=200),
    field("tags", ListOf(element=Text()), max_items=5, optional=True),
)
PATIENT = entity(
    "Patient",
    field("subject", Text(), immutable=True, unique=True, max_length=200),
    field("email", Text(), personal=True, max_length=320),
    field("born", Date(), optional=True, personal=True),
    owner="subject",
)
SLOT = entity(
    "Slot",
    reference("practitioner", "Practitioner"),
    field("starts_at", Timestamp()),
    field("minutes", Integer(), minimum=5, maximum=240, default=30),
    field("price", Money(), optional=True),
    field("rating", Number(), optional=True),
    field("remote", Boolean(), default=False),
    field("kind", Enumeration(values=("first", "follow_up"), of="values of kind"), default="first"),
    states={"free": ("taken",), "taken": ("free",)},
    unique=(("practitioner", "starts_at"),),
)
ONE_BOOKING = ResolvedInvariant(
    "one_booking_per_slot",
    expr("count <= 1", Boolean(), "count"),
    "This slot is already taken.",
    SPAN,
    Aggregate(
        "count",
        "Appointment",
        (
            Condition(field("slot", Uuid(), references="Slot"), "equals", expr("this.slot", Uuid())),
            Condition(field("state", Enumeration(values=("booked",))), "equals", expr("'booked'", Text(), *())),
        ),
    ),
)
APPOINTMENT = entity(
    "Appointment",
    reference("patient", "Patient", immutable=True),
    reference("slot", "Slot"),
    field("reason", Text(), max_length=500, optional=True, personal=True),
    owner="patient",
    states={"booked": ("kept", "cancelled"), "kept": (), "cancelled": ()},
    invariants=(ONE_BOOKING,),
)
NOTE = entity("AppointmentNote", reference("appointment", "Appointment"), field("order", Text()), owner="appointment")
ENTITIES = {it.name: it for it in (PRACTITIONER, PATIENT, SLOT, APPOINTMENT, NOTE)}

INPUT = Record(
    name="input",
    fields=(
        FieldType(name="slot", type=Uuid()),
        FieldType(name="patient", type=Uuid()),
        FieldType(name="reason", type=Text(), optional=True),
    ),
)
INPUT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["slot", "patient"],
    "properties": {
        "slot": {"type": "string", "format": "uuid"},
        "patient": {"type": "string", "format": "uuid"},
        "reason": {"type": "string", "maxLength": 500},
    },
}


def where(entity: Entity, name: str, operator: Operator, value: TypedExpression | None, **kwargs: Any) -> Condition:
    return Condition(entity.fields[name], operator, value, **kwargs)


def by_id(entity: Entity, source: str) -> tuple[Condition, ...]:
    return (where(entity, "id", "equals", expr(source, Uuid())),)


def assign(entity: Entity, /, **values: TypedExpression) -> tuple[Assignment, ...]:
    return tuple(Assignment(entity.fields[name], value, SPAN) for name, value in values.items())


LIMIT = expr("100", Integer())


def read(name: str, entity: Entity, conditions: tuple[Condition, ...], **kwargs: Any) -> TypedRead:
    given: dict[str, Any] = {
        "expect": "one",
        "order": (),
        "limit": LIMIT if kwargs.get("expect") == "many" else None,
        "lock": None,
        "missing": "not_found",
        **kwargs,
    }
    return TypedRead(name, SPAN, entity, conditions, **given)


def create(
    node: str, entity: Entity, /, over: TypedExpression | None = None, item: str = "item", **values: TypedExpression
) -> TypedCreate:
    return TypedCreate(node, SPAN, entity, assign(entity, **values), over, item, 100 if over else None)


def update(node: str, entity: Entity, conditions: tuple[Condition, ...], /, **values: TypedExpression) -> TypedUpdate:
    return TypedUpdate(node, SPAN, entity, conditions, assign(entity, **values), (1, 1), "not_found")


def move(name: str, entity: Entity, conditions: tuple[Condition, ...], to: str) -> TypedTransition:
    return TypedTransition(name, SPAN, entity, conditions, to, (), (1, 1), "not_found")


def archive(name: str, entity: Entity, conditions: tuple[Condition, ...]) -> TypedArchive:
    return TypedArchive(name, SPAN, entity, conditions, (1, 1), "not_found")


def require(name: str, that: TypedExpression) -> TypedRequire:
    return TypedRequire(name, SPAN, that, "refused_here")


def respond(value: TypedTemplate) -> TypedRespond:
    return TypedRespond("respond", SPAN, value)


def transform(name: str, value: TypedTemplate, type: ValueType) -> TypedTransform:
    return TypedTransform(name, SPAN, value, type)


def choice(name: str, *cases: TypedCase) -> TypedChoice:
    return TypedChoice(name, SPAN, "switch", cases)


def transaction(name: str, *nodes: TypedNode) -> TypedTransaction:
    return TypedTransaction(name, SPAN, "serializable", 2000, 5000, nodes)


def tool(name: str, *flow: TypedNode, **kwargs: Any) -> TypedTool:
    given: dict[str, Any] = {
        "description": "A tool.",
        "http": None,
        "allow": {"patient": "own", "reception": "all"},
        "conceal": False,
        "input_schema": INPUT_SCHEMA,
        "output_schema": {"type": "object"},
        "input_type": INPUT,
        "output_type": Record(name="output"),
        "types": {"input": INPUT},
        "refusals": {"refused_here": (409, "No.")},
        "policies": (),
    } | kwargs
    return TypedTool(name=name, span=SPAN, flow=flow, **given)


def app(*tools: TypedTool, entities: Mapping[str, Entity] = ENTITIES, name: str = "clinic") -> TypedApp:
    roles = {"patient": Role("patient", "A patient.", SPAN), "reception": Role("reception", "Reception.", SPAN, True)}
    return TypedApp(name, "A clinic.", roles, entities, {it.name: it for it in tools})


def booking() -> TypedTool:
    """The tool of the design: reads and locks a slot, takes it, books it, answers."""
    return tool(
        "book_appointment",
        transaction(
            "booking",
            read("slot", SLOT, by_id(SLOT, "input.slot"), lock="update"),
            require(
                "slot_is_free",
                expr("slot.state == 'free' && slot.starts_at > now", Boolean(), "slot.state", "slot.starts_at", "now"),
            ),
            move("taken", SLOT, by_id(SLOT, "slot.id"), "taken"),
            create(
                "appointment",
                APPOINTMENT,
                patient=expr("input.patient", Uuid()),
                slot=expr("slot.id", Uuid()),
                reason=expr("input.reason", Text(), absent=True),
            ),
        ),
        respond({"appointment": expr("appointment.id", Uuid()), "starts_at": expr("slot.starts_at", Timestamp())}),
        http=("POST", "/appointments"),
        types={"input": INPUT, "slot": SLOT.row, "taken": SLOT.row, "appointment": APPOINTMENT.row},
    )


def everything() -> TypedTool:
    """A tool with every kind of statement and every kind of condition."""
    text = expr("input.reason", Text(), absent=True)
    conditions: tuple[Condition, ...] = (
        where(SLOT, "state", "among", expr("['free', 'taken']", ListOf(element=Text()))),
        where(SLOT, "starts_at", "at_least", expr("now", Timestamp())),
        where(SLOT, "starts_at", "below", expr("now + duration('24h')", Timestamp(), "now")),
        where(
            SLOT, "minutes", "at_most", expr("60", Integer()), when=expr("has(input.reason)", Boolean(), "input.reason")
        ),
        where(SLOT, "minutes", "above", expr("5", Integer())),
        where(SLOT, "rating", "present", None, expects=False),
        where(SLOT, "price", "equals", expr("{'amount': 1, 'currency': 'EUR'}", Money())),
        where(SLOT, "price", "differs", expr("{'amount': 2, 'currency': 'EUR'}", Money())),
        where(SLOT, "kind", "differs", expr("'follow_up'", Text())),
        where(SLOT, "remote", "equals", expr("false", Boolean())),
    )
    items = expr("input.slots", ListOf(element=Record(fields=(FieldType(name="at", type=Timestamp()),))))
    return tool(
        "everything",
        transaction(
            "all",
            read(
                "many",
                SLOT,
                conditions,
                expect="many",
                order=(("starts_at", True), ("rating", True)),
                limit=expr("10", Integer()),
                lock="share",
            ),
            read("mine", APPOINTMENT, (), expect="many"),
            read("note", NOTE, (where(NOTE, "order", "equals", text),), expect="optional"),
            read("born", PATIENT, (where(PATIENT, "born", "present", None),), expect="many"),
            read(
                "tagged",
                PRACTITIONER,
                (where(PRACTITIONER, "tags", "equals", expr("['a']", ListOf(element=Text()))),),
                expect="many",
            ),
            create(
                "slots",
                SLOT,
                over=items,
                practitioner=expr("input.practitioner", Uuid()),
                starts_at=expr("item.at", Timestamp()),
                price=expr("input.price", Money(), absent=True),
            ),
            create("patient", PATIENT, email=expr("input.reason", Text())),
            create("patients", PATIENT, over=items, email=expr("item.at", Text())),
            update(
                "described", APPOINTMENT, by_id(APPOINTMENT, "input.slot"), reason=text, slot=expr("input.slot", Uuid())
            ),
            update("moved", NOTE, by_id(NOTE, "input.slot"), order=text),
            archive("gone", PATIENT, by_id(PATIENT, "input.patient")),
            update("priced", SLOT, by_id(SLOT, "input.slot"), price=expr("input.price", Money(), absent=True)),
            move("cancelled", APPOINTMENT, by_id(APPOINTMENT, "input.slot"), "cancelled"),
        ),
    )


def clinic() -> TypedApp:
    return app(booking(), everything())


def with_field(of: TypedApp, name: str, *changed: EntityField, without: str | None = None) -> TypedApp:
    """The app with fields of one entity added, replaced or left out."""
    old = of.entities[name]
    own = {it.name: it for it in old.fields.values() if not it.system and it.name != without}
    own |= {it.name: it for it in changed}
    new = entity(
        name,
        *own.values(),
        owner=old.owner,
        states=old.lifecycle.moves if old.lifecycle else None,
        unique=old.unique,
        invariants=old.invariants,
    )
    return replace(of, entities={**of.entities, name: new})
