"""A mistake in an expression, as a value; the caller knows in which file the expression stands."""

from __future__ import annotations

from dataclasses import dataclass

from writ.values.types import ValueType


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where and what to do instead.

    `offset` and `length` count characters of the whole source of the expression, which may have several lines. `code`
    is one of `expression-syntax`, `expression-too-long`, `expression-type`, `unknown-name`, `unknown-field`,
    `unknown-function`, `optional-without-has`, `undeclared-value`, `map-iteration`, `pattern`.

    Of a value that may be absent, `absent` is what the source calls it, `type` what it is when it is there, and `bound`
    whether it belongs to an element that only a part of the expression sees.
    """

    code: str
    offset: int
    length: int
    message: str
    help: str = ""
    absent: str = ""
    type: ValueType | None = None
    bound: bool = False
