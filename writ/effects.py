"""What a run may ask of the world, and the answers.

The engine asks with `perform(effect)` and knows nothing else of the outside. Effects and answers are plain JSON
inside, so that a recorded run can be compared with a replayed one byte for byte.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Json = Any
"""A wire value: str, int, float, bool, None, list or dict of the same."""

StepName = Literal[
    "validate", "authorize", "policies", "start_transaction", "execute", "invariants", "commit", "audit", "respond"
]
StepOutcome = Literal["passed", "refused", "failed", "skipped", "rolled_back"]
FailureKind = Literal["retryable", "permanent", "unknown"]


class Value(BaseModel):
    """An immutable value that crosses the border between the engine and the world."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Principal(Value):
    """Who calls. `claims` are the verified token's other claims."""

    subject: str
    roles: tuple[str, ...] = ()
    claims: dict[str, Json] = {}


class Invocation(Value):
    """One call of one tool: all that a run is given. `release` is the digest of the release that decides."""

    release: str
    app: str
    tool: str
    input: Json
    principal: Principal
    trigger: str = "unknown"


class RunFacts(Value):
    """The two inputs fixed when a run starts: its id and its `now` (RFC 3339, UTC)."""

    id: str
    now: str


class Refusal(Value):
    """Governance says no. `code` is stable; `message` is for the caller; `pointers` pairs JSON pointers into the
    input with what is wrong there.

    `status` is the HTTP status it maps to. `source` says what decided: a step, node, policy or invariant, by name.
    """

    code: str
    status: int
    message: str
    source: str
    pointers: tuple[tuple[str, str], ...] = ()


class Step(Value):
    """What one of the nine steps did. `transaction` names the block for steps 4 to 7."""

    step: StepName
    outcome: StepOutcome
    transaction: str | None = None
    detail: str | None = None


class Traced(Value):
    """One node that ran: what it did, in words and numbers, without values of the business."""

    node: str
    kind: str
    result: str


class RunTransaction(Value):
    """Run the transaction `node` of the tool's plan. `values` are the names from before that it uses."""

    kind: Literal["transaction"] = "transaction"
    run: RunFacts
    release: str
    tool: str
    node: str
    principal: Principal
    sees_all: bool
    values: dict[str, Json]


class TransactionAnswer(Value):
    """What became of a transaction: committed with what later nodes need, or rolled back, refused or failed for good.

    It is decided once: the same effect of the same run is always answered like this, also after a crash.
    """

    outcome: Literal["committed", "refused", "failed"]
    values: dict[str, Json] = {}
    refusal: Refusal | None = None
    failure: str | None = None
    steps: tuple[Step, ...]
    trace: tuple[Traced, ...]
    effect_digest: str
    attempts: int = 1


class AuditRecord(Value):
    """One row of the audit: who asked what of which release, what each step decided, and how it ended.

    `input` has personal fields masked; the digests are SHA-256 of the canonical JSON (RFC 8785) of the unmasked values.
    """

    run_id: str
    app: str
    tool: str
    release: str
    trigger: str
    subject: str
    roles: tuple[str, ...]
    started_at: str
    outcome: Literal["answered", "refused", "failed"]
    refusal: Refusal | None = None
    failure: str | None = None
    steps: tuple[Step, ...]
    trace: tuple[Traced, ...]
    input: Json
    input_digest: str
    output_digest: str | None = None


class RecordAudit(Value):
    """Write the audit row of this run. Writing it again changes nothing."""

    kind: Literal["audit"] = "audit"
    record: AuditRecord


class Audited(Value):
    """The audit row stands. `effect_digest` as in `TransactionAnswer`."""

    effect_digest: str


Effect = Annotated[RunTransaction | RecordAudit, Field(discriminator="kind")]
Answer = TransactionAnswer | Audited


class Outcome(Value):
    """How a run ended, as its caller and the workflow's result see it."""

    outcome: Literal["answered", "refused", "failed"]
    response: Json = None
    refusal: Refusal | None = None
    failure: str | None = None
    failure_kind: FailureKind | Literal["bug"] | None = None


class Bug(Exception):
    """Our own invariant broke. The message is for those who mend it and holds no value of a run."""


class Failure(Exception):
    """The world broke. Made only where the world is touched, from that vendor's error, in one table.

    `kind`: `retryable`, `permanent`, or `unknown` when it cannot be told whether the effect happened.
    """

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
