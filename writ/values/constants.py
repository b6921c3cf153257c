"""Calls whose outcome is settled by a written text: one that fails, fails in every run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from cel_expr_python import cel  # type: ignore[import-untyped]

from writ.values.dialect import evaluation
from writ.values.syntax import Call, Literal

_CALLS: Mapping[str, str] = {
    "matches": "''.matches(it)",
    "timestamp": "timestamp(it)",
    "duration": "duration(it)",
    "int": "int(it)",
    "double": "double(it)",
}


def impossible(call: Call) -> Literal | None:
    """The text in `call` that it can do nothing with, or None."""
    last = call.arguments[-1] if call.arguments else None
    if call.function not in _CALLS or not isinstance(last, Literal) or not isinstance(last.value, str):
        return None
    return last if _fails(call.function, last.value) else None


@lru_cache(maxsize=256)
def _fails(function: str, text: str) -> bool:
    """Asked of the engine itself: nobody else knows exactly what it reads."""
    try:
        outcome = evaluation().compile(_CALLS[function], disable_check=True).eval(data={"it": text})
    except (RuntimeError, ValueError):
        return True
    return bool(outcome.type() == cel.Type.ERROR)
