"""The refusals the run time itself makes: code, HTTP status and sentence, in one table.

An app's own refusals, policies and invariants bring theirs. A sentence here names no table, statement or constraint: it
is read by the caller, who must not learn from a refusal what it may not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from writ.effects import Refusal

CANCELLED = "cancelled"
"""The code that a transaction is answered with that was not begun because its run was cancelled."""

INVARIANT_STATUS = 409
"""The HTTP status of a broken invariant."""


class Worded(Protocol):
    """What a refusal of an app says to the caller."""

    @property
    def status(self) -> int: ...

    @property
    def message(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What a refusal of the run time says to the caller."""

    status: int
    message: str


REFUSALS: Mapping[str, Known] = {
    "invalid_input": Known(422, "The input does not fit what this tool takes."),
    "forbidden": Known(403, "You may not use this tool."),
    "invalid_principal": Known(403, "What is said about the caller cannot be represented."),
    "not_found": Known(404, "There is no such thing, or it is not yours to see."),
    "wrong_state": Known(409, "This is not possible in the present state."),
    "too_many_rows": Known(409, "This would touch more than it is allowed to."),
    "too_few_rows": Known(409, "This would touch less than it has to."),
    "conflict": Known(409, "Something with these values is already there."),
    "reference_missing": Known(422, "Something this refers to is not there."),
    "invalid_value": Known(422, "A value is not within what is allowed."),
    "value_missing": Known(422, "A value that is needed is missing."),
    "guard_not_computable": Known(409, "A condition could not be computed, so it does not hold."),
    "value_not_computable": Known(409, "A value could not be computed."),
    "invariant_not_computable": Known(409, "A rule that must hold could not be computed, so it does not hold."),
    "policy_not_computable": Known(403, "A policy could not be computed, so it does not permit this."),
    "cancelled": Known(409, "The run was cancelled before this was begun."),
    "result_too_large": Known(422, "The result is larger than one run may hand on; ask for less."),
}


def refusal(code: str, source: str, own: Mapping[str, Worded] | None = None, message: str | None = None) -> Refusal:
    """The refusal `code` decided by `source`: as the app words it in `own`, else as the table above does."""
    if own is not None and code in own:
        return Refusal(code=code, status=own[code].status, message=own[code].message, source=source)
    known = REFUSALS.get(code)
    if known is None:
        return Refusal(code=code, status=409, message=message or f"Refused: {code.replace('_', ' ')}.", source=source)
    return Refusal(code=code, status=known.status, message=message or known.message, source=source)


class Refused(Exception):
    """A refusal on its way out of the nodes of a flow; never seen outside the engine and its transactions.

    `detail` is for those who may read the audit, in names and numbers; the caller does not see it.
    """

    def __init__(self, refusal: Refusal, detail: str | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.detail = detail or refusal.source
