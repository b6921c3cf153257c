"""Our dialect of CEL: which engine, which extensions, which words are taken.

The engine's built-in functions and the `strings` and `math` extensions are on: both give the same answer everywhere.
Optionals, bindings, protobuf and encoders are off: smaller is easier to judge.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from cel_expr_python import cel  # type: ignore[import-untyped]
from cel_expr_python.ext import ext_math, ext_strings  # type: ignore[import-untyped]

_RESERVED = """
as break const continue else false for function if import in let loop null namespace package return true var void while
"""
_FUNCTIONS = """
size contains endsWith startsWith matches int uint double string bool bytes dyn type timestamp duration
getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds
charAt indexOf join lastIndexOf lowerAscii upperAscii replace reverse split substring trim format strings.quote
math.greatest math.least math.ceil math.floor math.round math.trunc math.abs math.sign math.sqrt
math.isNaN math.isInf math.isFinite
math.bitOr math.bitAnd math.bitXor math.bitNot math.bitShiftLeft math.bitShiftRight
"""
_TYPE_NAMES = "int uint double string bool bytes list map null_type type google"

RESERVED: frozenset[str] = frozenset(_RESERVED.split())
"""Words that cannot be selected in an expression, so no field or name may be called so."""

LONGEST = 10_000
"""Characters an expression may have."""

NAMESPACES = frozenset({"math", "strings"})

TYPE_NAMES = frozenset(_TYPE_NAMES.split())
"""Names that are types to the engine and so no variables."""

FUNCTIONS = frozenset({"has", "all", "exists", "exists_one", "map", "filter"}) | frozenset(_FUNCTIONS.split())
"""Every function an author can write, for suggestions."""


def engine_version() -> str:
    """Name and version of the engine, as each release records it: the same text means the same results."""
    return f"cel-expr-python {version('cel-expr-python')}"


def extensions() -> list[cel.CelExtensionBase]:
    """The extensions that are on, for checking and for evaluating alike."""
    return [ext_strings.ExtStrings(), ext_math.ExtMath()]


@cache
def evaluation() -> cel.Env:
    """The one environment expressions are evaluated in: it declares no variables, since those are given as values."""
    return cel.NewEnv(extensions=extensions())
