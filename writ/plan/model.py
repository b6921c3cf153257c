"""Plan: a compiled tool. Frozen, typed, complete: with its SQL text and the types of every name its values may use.

Whatever runs is in these models and nothing else is. `TransactionPlan.nodes` is a closed union of database nodes, so
a call to the outside cannot be written down inside a transaction, by the compiler or by anybody else.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from writ.values.types import Record, ValueType

Scope = Literal["own", "all"]
Isolation = Literal["serializable", "repeatable_read", "read_committed"]


class Frozen(BaseModel):
    """A value of a plan: immutable, and refusing any key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Expression(Frozen):
    """A CEL expression over the names in scope. `may_be_absent`: a bare path to an optional value, absence is an
    answer.
    """

    kind: Literal["expression"] = "expression"
    cel: str
    type: ValueType
    may_be_absent: bool = False


class MapTemplate(Frozen):
    """A mapping whose values are templates; entries that turn out absent are left out."""

    kind: Literal["map"] = "map"
    entries: dict[str, Template]


class ListTemplate(Frozen):
    """A list of templates."""

    kind: Literal["list"] = "list"
    items: tuple[Template, ...]


Template = Annotated[Expression | MapTemplate | ListTemplate, Field(discriminator="kind")]


class ValueParameter(Frozen):
    """A statement parameter computed by an expression; NULL when `when` is false or the value is absent.

    `type` is the column's type, by which the value is handed to PostgreSQL. `part` picks one half of a money value.
    """

    kind: Literal["value"] = "value"
    value: Expression
    type: ValueType
    when: Expression | None = None
    part: Literal["amount", "currency"] | None = None


class WhenParameter(Frozen):
    """A boolean parameter: whether an optional condition applies."""

    kind: Literal["when"] = "when"
    when: Expression


class SubjectParameter(Frozen):
    """The principal's subject, as text."""

    kind: Literal["subject"] = "subject"


class SeesAllParameter(Frozen):
    """True when the principal's roles give it all rows and not only its own."""

    kind: Literal["sees_all"] = "sees_all"


class RowsParameter(Frozen):
    """The rows of a set-based create, as one JSON text: a list of objects keyed by column."""

    kind: Literal["rows"] = "rows"


Parameter = Annotated[
    ValueParameter | WhenParameter | SubjectParameter | SeesAllParameter | RowsParameter, Field(discriminator="kind")
]


class Statement(Frozen):
    """SQL text for PostgreSQL with `$1, $2, …` and what stands for each. Author's values only ever travel as
    parameters.
    """

    sql: str
    parameters: tuple[Parameter, ...] = ()


class ColumnValue(Frozen):
    """One column of a set-based create and the value it gets in each row."""

    column: str
    value: ValueParameter | SubjectParameter = Field(discriminator="kind")


class ReadPlan(Frozen):
    """Read rows. `one`: exactly one, else the refusal `missing`; `optional`: `{row: …}` or `{}`; `many`: a list."""

    kind: Literal["read"] = "read"
    name: str
    entity: str
    statement: Statement
    expect: Literal["one", "optional", "many"]
    missing: str = "not_found"
    summary: str


class CreatePlan(Frozen):
    """Insert one row, or with `over` one row per element of a list of at most `max`, in one statement."""

    kind: Literal["create"] = "create"
    name: str
    entity: str
    statement: Statement
    over: Expression | None = None
    item: str = "item"
    columns: tuple[ColumnValue, ...] = ()
    max: int | None = None
    summary: str


class WritePlan(Frozen):
    """What update, transition and archive share. The statement returns the new row and, prefixed `old_`, the old one.

    `rows_at_least`, `rows_at_most`: how many rows it must touch; otherwise the run is refused and nothing is kept.
    """

    name: str
    entity: str
    statement: Statement
    rows_at_least: int = 1
    rows_at_most: int = 1
    missing: str = "not_found"
    summary: str


class UpdatePlan(WritePlan):
    """Change fields of rows."""

    kind: Literal["update"] = "update"


class TransitionPlan(WritePlan):
    """Move rows to the state `to`; the statement names the states it may come from.

    `present` finds the rows whatever their state, to tell "not there" from "not in a state that allows it".
    """

    kind: Literal["transition"] = "transition"
    to: str
    present: Statement
    wrong_state: str = "wrong_state"


class ArchivePlan(WritePlan):
    """Hide rows for good without losing them (soft delete)."""

    kind: Literal["archive"] = "archive"


class TransformPlan(Frozen):
    """Compute a value and give it a name."""

    kind: Literal["transform"] = "transform"
    name: str
    value: Template
    type: ValueType


class RequirePlan(Frozen):
    """Go on only if `that` is true; else refuse with `otherwise`."""

    kind: Literal["require"] = "require"
    name: str
    that: Expression
    otherwise: str


class RefusePlan(Frozen):
    """End the run with a refusal."""

    kind: Literal["refuse"] = "refuse"
    name: str
    refusal: str


class RespondPlan(Frozen):
    """End the run with an answer."""

    kind: Literal["respond"] = "respond"
    name: str
    value: Template


class TransactionCase(Frozen):
    """One case of a choice inside a transaction; `when` absent: the default."""

    when: Expression | None
    nodes: tuple[DatabaseNode, ...]


class TransactionChoice(Frozen):
    """`if` and `switch` inside a transaction: the first case that holds is taken, none is an answer too."""

    kind: Literal["choice"] = "choice"
    name: str
    cases: tuple[TransactionCase, ...]


DatabaseNode = Annotated[
    ReadPlan | CreatePlan | UpdatePlan | TransitionPlan | ArchivePlan | TransformPlan | RequirePlan | TransactionChoice,
    Field(discriminator="kind"),
]


class Export(Frozen):
    """A value of a transaction that later nodes use; `fields` limits a row (or each row of a list) to these fields."""

    name: str
    fields: tuple[str, ...] | None = None


class TransactionPlan(Frozen):
    """One PostgreSQL transaction: short, claimed once per run, its invariants checked before commit.

    Timeouts in milliseconds. `needs` are the names from before that its values use; `exports` what it hands on.
    """

    kind: Literal["transaction"] = "transaction"
    name: str
    isolation: Isolation = "serializable"
    statement_timeout_ms: int = 2000
    timeout_ms: int = 5000
    nodes: tuple[DatabaseNode, ...]
    needs: tuple[str, ...] = ()
    exports: tuple[Export, ...] = ()
    summary: str


class FlowCase(Frozen):
    """One case of a choice between transactions; `when` absent: the default."""

    when: Expression | None
    nodes: tuple[FlowNode, ...]


class FlowChoice(Frozen):
    """`if` and `switch` between transactions."""

    kind: Literal["choice"] = "choice"
    name: str
    cases: tuple[FlowCase, ...]


FlowNode = Annotated[
    TransactionPlan | TransformPlan | RequirePlan | RefusePlan | RespondPlan | FlowChoice, Field(discriminator="kind")
]


class RefusalPlan(Frozen):
    """What a refusal code says to the caller: an HTTP status and a sentence."""

    status: int
    message: str


class PolicyPlan(Frozen):
    """A policy of the app applied to one tool. Refuses when `deny_when` is true or cannot be computed."""

    name: str
    deny_when: Expression
    status: int = 403
    message: str


class HttpTrigger(Frozen):
    """Where the tool answers over HTTP: `path` below the app, with `{name}` for inputs taken from the path."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str


class ToolPlan(Frozen):
    """A tool ready to run. `types` gives the type of every name its values use (`input`, `principal`, `now`, `run`,
    nodes).

    `masked`: JSON pointers into the input whose values are personal and must not stand in the audit record; a `*`
    stands for every element of a list. `version` is the major version of the contract. `conceal`: a caller without a
    role reads "not found" instead of "forbidden".
    """

    tool: str
    description: str
    http: HttpTrigger | None = None
    allow: dict[str, Scope]
    conceal: bool = False
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    input_type: ValueType
    output_type: ValueType
    types: dict[str, ValueType]
    version: int = 1
    masked: tuple[str, ...] = ()
    policies: tuple[PolicyPlan, ...] = ()
    refusals: dict[str, RefusalPlan] = {}
    flow: tuple[FlowNode, ...]


class RowInvariant(Frozen):
    """Must hold for every touched row, which is called `this`."""

    kind: Literal["row"] = "row"
    name: str
    that: Expression
    message: str


class AggregateInvariant(Frozen):
    """Must hold for a figure over other rows: `statement` computes it for `this` as column `figure`, which is called
    `count` or `sum`.

    Checked for each touched row of the entity, and for the rows that `affected` finds when a row of `over`, called
    `row`, was touched (its old and its new form), so that adding a line checks the order it belongs to.
    """

    kind: Literal["aggregate"] = "aggregate"
    name: str
    figure: Literal["count", "sum"]
    over: str
    statement: Statement
    affected: Statement
    that: Expression
    message: str


Invariant = Annotated[RowInvariant | AggregateInvariant, Field(discriminator="kind")]


class EntityPlan(Frozen):
    """What running transactions need to know of an entity: the type of its rows and what must hold for them."""

    entity: str
    table: str
    row: Record
    invariants: tuple[Invariant, ...] = ()


class AcknowledgedFinding(Frozen):
    """A yellow finding that somebody accepts: see `writ.acknowledgements`. `until` is the last day (`YYYY-MM-DD`)."""

    rule: str
    fingerprint: str
    path: str
    reason: str
    by: str
    until: str


class ReleaseCheck(Frozen):
    """How the safety engine judged the app: green, or yellow with everything acknowledged. Red has no form here.

    `catalogue` is the digest of the rules that judged.
    """

    colour: Literal["green", "yellow"]
    catalogue: str
    acknowledged: tuple[AcknowledgedFinding, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.colour == "yellow") != bool(self.acknowledged):
            raise ValueError("yellow is what somebody has acknowledged, and nothing else")
        return self


class Release(Frozen):
    """All plans of an app. Its digest (see `writ.plan.release`) is the version of everything.

    `check` says how the safety engine judged the app. `encrypted_history`: Temporal keeps what its runs hold encrypted,
    so nothing without a key may run them. `engines` records what computes values (`{"cel": "cel-expr-python 0.1.3",
    "plan": "1"}`); `schema_name` is the PostgreSQL schema; `definition` is the sorted DDL of the tables the plans rely
    on.
    """

    app: str
    description: str
    roles: dict[str, str]
    check: ReleaseCheck
    encrypted_history: bool = False
    engines: dict[str, str]
    schema_name: str
    entities: dict[str, EntityPlan]
    tools: dict[str, ToolPlan]
    definition: tuple[str, ...] = ()


for _model in (MapTemplate, ListTemplate, TransactionCase, TransactionChoice, FlowCase, FlowChoice):
    _model.model_rebuild()
