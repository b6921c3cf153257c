"""A small app with plans and tables written by hand: what the run time is tested with, independent of the compiler."""

from __future__ import annotations

from typing import Any

from writ.digest import digest
from writ.effects import Invocation, Principal
from writ.plan.model import (
    AggregateInvariant,
    ColumnValue,
    CreatePlan,
    EntityPlan,
    Export,
    Expression,
    HttpTrigger,
    MapTemplate,
    PolicyPlan,
    ReadPlan,
    RefusalPlan,
    Release,
    ReleaseCheck,
    RequirePlan,
    RespondPlan,
    RowInvariant,
    RowsParameter,
    Statement,
    SubjectParameter,
    ToolPlan,
    TransactionPlan,
    TransitionPlan,
    UpdatePlan,
    ValueParameter,
)
from writ.program import LoadedRelease, load
from writ.values import (
    Boolean,
    Enumeration,
    FieldType,
    Integer,
    ListOf,
    Money,
    Record,
    Text,
    Timestamp,
    Uuid,
    ValueType,
)

APP = "diary"
SLOT_STATES = Enumeration(values=("free", "taken"), of="states of Slot")
SLOT = Record(
    name="Slot",
    fields=(
        FieldType(name="id", type=Uuid()),
        FieldType(name="state", type=SLOT_STATES),
        FieldType(name="starts_at", type=Timestamp()),
        FieldType(name="fee", type=Money(), optional=True),
        FieldType(name="places", type=Integer()),
    ),
)
APPOINTMENT = Record(
    name="Appointment",
    fields=(
        FieldType(name="id", type=Uuid()),
        FieldType(name="slot", type=Uuid()),
        FieldType(name="patient", type=Text()),
        FieldType(name="reason", type=Text(), optional=True),
    ),
)
INPUT = Record(
    fields=(FieldType(name="slot", type=Uuid()), FieldType(name="reason", type=Text(), optional=True)),
)
PRINCIPAL = Record(
    name="principal",
    fields=(FieldType(name="subject", type=Text()), FieldType(name="roles", type=ListOf(element=Text()))),
)


def tables(schema: str) -> str:
    """The tables of the app in `schema`, as the role that owns them makes them."""
    return f"""
    CREATE SCHEMA {schema};
    CREATE TABLE {schema}.slot (
        id uuid PRIMARY KEY DEFAULT uuidv7(), state text NOT NULL CHECK (state IN ('free', 'taken')),
        starts_at timestamptz NOT NULL, fee_amount bigint, fee_currency text, places integer NOT NULL DEFAULT 1,
        UNIQUE (starts_at));
    CREATE TABLE {schema}.appointment (
        id uuid PRIMARY KEY DEFAULT uuidv7(), slot uuid NOT NULL REFERENCES {schema}.slot (id),
        patient text NOT NULL, reason text CHECK (length(reason) <= 20));
    ALTER TABLE {schema}.appointment ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {schema}.appointment FORCE ROW LEVEL SECURITY;
    CREATE POLICY owned ON {schema}.appointment
        USING (current_setting('writ.sees_all', true) = 'on'
               OR patient = nullif(current_setting('writ.subject', true), ''))
        WITH CHECK (current_setting('writ.sees_all', true) = 'on'
               OR patient = nullif(current_setting('writ.subject', true), ''));
    CREATE POLICY owner_sets_up ON {schema}.appointment TO writ_owner USING (true) WITH CHECK (true);
    GRANT USAGE ON SCHEMA {schema} TO writ_app;
    GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO writ_app;
    """


def expression(cel: str, type: ValueType, *, absent: bool = False) -> Expression:
    return Expression(cel=cel, type=type, may_be_absent=absent)


def value(cel: str, type: ValueType, **more: Any) -> ValueParameter:
    return ValueParameter(value=expression(cel, type, absent=more.pop("absent", False)), type=type, **more)


_SLOT = "id, state, starts_at, fee_amount, fee_currency, places"
_CHANGED_SLOT = ", ".join(f"new.{it}, old.{it} AS old_{it}" for it in _SLOT.split(", "))
_APPOINTMENT = "id, slot, patient, reason"


def read_slot(schema: str) -> ReadPlan:
    return ReadPlan(
        name="slot",
        entity="Slot",
        statement=Statement(
            sql=f"SELECT {_SLOT} FROM {schema}.slot WHERE id = $1 LIMIT 2 FOR UPDATE",
            parameters=(value("input.slot", Uuid()),),
        ),
        expect="one",
        summary="read slot",
    )


def take_slot(schema: str) -> TransitionPlan:
    return TransitionPlan(
        name="taken",
        entity="Slot",
        to="taken",
        statement=Statement(
            sql=f"UPDATE {schema}.slot SET state = 'taken' WHERE id = $1 AND state = 'free' RETURNING {_CHANGED_SLOT}",
            parameters=(value("input.slot", Uuid()),),
        ),
        present=Statement(sql=f"SELECT id FROM {schema}.slot WHERE id = $1", parameters=(value("input.slot", Uuid()),)),
        summary="move slot to taken",
    )


def create_appointment(schema: str) -> CreatePlan:
    return CreatePlan(
        name="appointment",
        entity="Appointment",
        statement=Statement(
            sql=f"INSERT INTO {schema}.appointment (slot, patient, reason) VALUES ($1, $2, $3) "
            f"RETURNING {_APPOINTMENT}",
            parameters=(value("input.slot", Uuid()), SubjectParameter(), value("input.reason", Text(), absent=True)),
        ),
        summary="create appointment",
    )


def _tool(name: str, nodes: tuple[Any, ...], types: dict[str, ValueType], **more: Any) -> ToolPlan:
    known: dict[str, ValueType] = {
        "input": more.get("input_type", INPUT),
        "principal": PRINCIPAL,
        "now": Timestamp(),
        "run": Record(fields=(FieldType(name="id", type=Text()),)),
    }
    plan: dict[str, Any] = {
        "tool": name,
        "description": name,
        "allow": {"patient": "own", "reception": "all"},
        "input_schema": {
            "type": "object",
            "additionalProperties": False,
            "required": ["slot"],
            "properties": {
                "slot": {"type": "string", "format": "uuid"},
                "reason": {"type": "string", "maxLength": 500},
            },
        },
        "output_schema": {"type": "object"},
        "input_type": INPUT,
        "output_type": Record(),
        "types": {**known, **types},
        "flow": nodes,
    }
    return ToolPlan(**{**plan, **more})


def book(schema: str, **more: Any) -> ToolPlan:
    """Book a free slot: read and lock, require, move, create."""
    require = RequirePlan(
        name="slot_is_free",
        that=expression("slot.state == 'free' && slot.starts_at > now", Boolean()),
        otherwise="slot_not_free",
    )
    transaction = TransactionPlan(
        name="booking",
        nodes=(read_slot(schema), require, take_slot(schema), create_appointment(schema)),
        needs=("input",),
        exports=(Export(name="slot", fields=("starts_at",)), Export(name="appointment", fields=("id",))),
        summary="booking: read slot, require slot_is_free, move slot to taken, create appointment",
        **more.pop("transaction", {}),
    )
    respond = RespondPlan(
        name="respond",
        value=MapTemplate(
            entries={
                "appointment": expression("appointment.id", Uuid()),
                "starts_at": expression("slot.starts_at", Timestamp()),
            }
        ),
    )
    output = Record(fields=(FieldType(name="appointment", type=Uuid()), FieldType(name="starts_at", type=Timestamp())))
    plan: dict[str, Any] = {
        "http": HttpTrigger(method="POST", path="/appointments"),
        "masked": ("/reason",),
        "policies": (
            PolicyPlan(
                name="no_blocked_patients",
                deny_when=expression("principal.subject.startsWith('blocked')", Boolean()),
                message="You may not book.",
            ),
        ),
        "refusals": {"slot_not_free": RefusalPlan(status=409, message="The slot is not free.")},
        "output_schema": {
            "type": "object",
            "required": ["appointment", "starts_at"],
            "properties": {
                "appointment": {"type": "string", "format": "uuid"},
                "starts_at": {"type": "string", "format": "date-time"},
            },
        },
        "output_type": output,
    }
    types: dict[str, ValueType] = {"slot": SLOT, "taken": SLOT, "appointment": APPOINTMENT}
    return _tool("book", (transaction, respond), types, **{**plan, **more})


def taking(schema: str) -> ToolPlan:
    """Take a slot and nothing else."""
    transaction = TransactionPlan(
        name="taking", nodes=(take_slot(schema),), needs=("input",), summary="move slot to taken"
    )
    respond = RespondPlan(name="respond", value=MapTemplate(entries={}))
    return _tool("take", (transaction, respond), {"taken": SLOT})


def book_and_list(schema: str) -> ToolPlan:
    """Two transactions, one after the other."""
    booking, _ = book(schema).flow
    listing, respond = mine(schema).flow
    types: dict[str, ValueType] = {"slot": SLOT, "taken": SLOT, "appointment": APPOINTMENT}
    return _tool(
        "book_and_list",
        (booking, listing, respond),
        {**types, "found": ListOf(element=APPOINTMENT)},
        refusals=book(schema).refusals,
    )


def overbook(schema: str, isolation: str = "serializable") -> ToolPlan:
    """Make an appointment without looking whether the slot is free: only the invariant stands in the way."""
    transaction = TransactionPlan(
        name="overbooking",
        isolation=isolation,  # type: ignore[arg-type]
        nodes=(create_appointment(schema),),
        needs=("input",),
        exports=(Export(name="appointment", fields=("id",)),),
        summary="create appointment",
    )
    respond = RespondPlan(
        name="respond", value=MapTemplate(entries={"appointment": expression("appointment.id", Uuid())})
    )
    return _tool("overbook", (transaction, respond), {"appointment": APPOINTMENT})


def mine(schema: str) -> ToolPlan:
    """List appointments, as row-level security alone lets them be seen."""
    read = ReadPlan(
        name="found",
        entity="Appointment",
        statement=Statement(sql=f"SELECT {_APPOINTMENT} FROM {schema}.appointment ORDER BY id"),
        expect="many",
        summary="read appointments",
    )
    transaction = TransactionPlan(
        name="listing", nodes=(read,), exports=(Export(name="found"),), summary="read appointments"
    )
    found = ListOf(element=APPOINTMENT)
    respond = RespondPlan(name="respond", value=MapTemplate(entries={"found": expression("found", found)}))
    return _tool("mine", (transaction, respond), {"found": found}, input_schema={"type": "object"}, input_type=Record())


def give_away(schema: str) -> ToolPlan:
    """Give one's appointment to somebody else, which row-level security has to refuse for the new row."""
    update = UpdatePlan(
        name="given",
        entity="Appointment",
        statement=Statement(
            sql=f"UPDATE {schema}.appointment SET patient = 'somebody else' WHERE slot = $1 "
            f"RETURNING {', '.join(f'new.{it}, old.{it} AS old_{it}' for it in _APPOINTMENT.split(', '))}",
            parameters=(value("input.slot", Uuid()),),
        ),
        summary="update appointment",
    )
    transaction = TransactionPlan(name="giving", nodes=(update,), needs=("input",), summary="update appointment")
    respond = RespondPlan(name="respond", value=MapTemplate(entries={}))
    return _tool("give_away", (transaction, respond), {"given": APPOINTMENT})


def open_slots(schema: str) -> ToolPlan:
    """Open a slot for each of a list of times, in one statement."""
    times = ListOf(element=Timestamp())
    given = Record(fields=(FieldType(name="times", type=times), FieldType(name="fee", type=Money(), optional=True)))
    create = CreatePlan(
        name="slots",
        entity="Slot",
        statement=Statement(
            sql=f"INSERT INTO {schema}.slot (starts_at, state, fee_amount, fee_currency) "
            "SELECT starts_at, 'free', fee_amount, fee_currency FROM jsonb_to_recordset($1::text::jsonb) "
            f"AS it (starts_at timestamptz, fee_amount bigint, fee_currency text) RETURNING {_SLOT}",
            parameters=(RowsParameter(),),
        ),
        over=expression("input.times", times),
        item="time",
        columns=(
            ColumnValue(column="starts_at", value=value("time", Timestamp())),
            ColumnValue(column="fee_amount", value=_fee("amount", Integer())),
            ColumnValue(column="fee_currency", value=_fee("currency", Text())),
        ),
        max=3,
        summary="create slots",
    )
    transaction = TransactionPlan(
        name="opening", nodes=(create,), needs=("input",), exports=(Export(name="slots"),), summary="create slots"
    )
    slots = ListOf(element=SLOT)
    respond = RespondPlan(name="respond", value=MapTemplate(entries={"slots": expression("slots", slots)}))
    schema_of_input = {
        "type": "object",
        "required": ["times"],
        "properties": {"times": {"type": "array", "items": {"type": "string", "format": "date-time"}}, "fee": {}},
    }
    return _tool("open_slots", (transaction, respond), {"slots": slots}, input_schema=schema_of_input, input_type=given)


def _fee(part: Any, type: ValueType) -> ValueParameter:
    return ValueParameter(value=expression("input.fee", Money(), absent=True), type=type, part=part)


def repeat_reason(schema: str) -> ToolPlan:
    """Answer with a text of any size, to see what happens to one that is too large."""
    read = ReadPlan(
        name="found",
        entity="Appointment",
        statement=Statement(
            sql="SELECT uuidv7() AS id, $1::uuid AS slot, 'p' AS patient, repeat('x', $2::int) AS reason",
            parameters=(value("input.slot", Uuid()), value("size(input.reason) * 10000", Integer())),
        ),
        expect="one",
        summary="read a large text",
    )
    transaction = TransactionPlan(
        name="reading",
        nodes=(read, create_appointment(schema)),
        needs=("input",),
        exports=(Export(name="found"),),
        summary="read a large text",
    )
    respond = RespondPlan(name="respond", value=MapTemplate(entries={}))
    return _tool("repeat_reason", (transaction, respond), {"found": APPOINTMENT, "appointment": APPOINTMENT})


def entities(schema: str) -> dict[str, EntityPlan]:
    count = Statement(
        sql=f"SELECT count(*) AS figure FROM {schema}.appointment WHERE slot = $1",
        parameters=(value("this.id", Uuid()),),
    )
    affected = Statement(
        sql=f"SELECT {_SLOT} FROM {schema}.slot WHERE id = $1", parameters=(value("row.slot", Uuid()),)
    )
    one_booking = AggregateInvariant(
        name="one_booking_per_slot",
        figure="count",
        over="Appointment",
        statement=count,
        affected=affected,
        that=expression("count <= this.places", Boolean()),
        message="This slot is already taken.",
    )
    has_places = RowInvariant(
        name="has_places", that=expression("this.places >= 1", Boolean()), message="A slot has at least one place."
    )
    return {
        "Slot": EntityPlan(entity="Slot", table=f"{schema}.slot", row=SLOT, invariants=(one_booking, has_places)),
        "Appointment": EntityPlan(entity="Appointment", table=f"{schema}.appointment", row=APPOINTMENT),
    }


def release(schema: str, *more: ToolPlan) -> Release:
    tools = (book(schema), overbook(schema), mine(schema), give_away(schema), open_slots(schema), repeat_reason(schema))
    return Release(
        app=APP,
        description="A diary",
        roles={"patient": "A patient", "reception": "The reception"},
        check=ReleaseCheck(colour="green", catalogue="test"),
        engines={"cel": "test", "plan": "1"},
        schema_name=schema,
        entities=entities(schema),
        tools={tool.tool: tool for tool in (*tools, *more)},
    )


def loaded(plans: Release) -> LoadedRelease:
    return load(plans, digest(plans.model_dump(mode="json")))


def invocation(
    release: LoadedRelease, tool: str, input: Any, subject: str = "ann", roles: tuple[str, ...] = ("patient",)
) -> Invocation:
    return Invocation(
        release=release.digest, app=APP, tool=tool, input=input, principal=Principal(subject=subject, roles=roles)
    )
