"""The engine's messages in an author's words: never a type, signature or status of the engine.

The one place where error text is parsed: the engine gives nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from writ.problems import did_you_mean
from writ.values.dialect import FUNCTIONS, NAMESPACES, RESERVED
from writ.values.infer import Scope
from writ.values.judge import conversion
from writ.values.mistakes import Mistake
from writ.values.places import extent, field_place, text_of
from writ.values.syntax import Call, Comprehension, Name, Node, Select, walk
from writ.values.types import Integer, Money, Number, Record, Text, Timestamp, Unknown, ValueType, describe, fields_of

_ERROR = re.compile(
    r"^(?:[A-Z_]+: )?ERROR: <input>:(?P<line>\d+):(?P<column>\d+): (?P<text>.*?)(?: \[[A-Z_]+\])?$", re.MULTILINE
)
_OVERLOAD = re.compile(r"found no matching overload for '(?P<function>[^']*)'")
_FIELD = re.compile(r"undefined field '(?P<field>[^']*)'")
_UNDECLARED = re.compile(r"undeclared reference to '(?P<name>[^']*)'")
_OFFENDING = re.compile(r"(?:input|at:) '(?P<text>.*?)'(?: expecting .*)?$")
_MISSING = re.compile(r"missing '(?P<text>.*?)' at")
_WORDS_OF_OTHERS = {"and": "&&", "or": "||", "not": "!", "=": "==", "is": "=="}
_OPERATORS = {"@in": "in", "_[_]": "[ ]", "!_": "!", "-_": "-"}
_ARITHMETIC = ("_+_", "_-_", "_*_", "_/_", "_%_", "-_")
_ORDER = ("_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_")


@dataclass(frozen=True, slots=True)
class EngineError:
    """One error of the engine: its place as an offset into the source, and its text."""

    offset: int
    text: str


def engine_errors(message: str, source: str) -> list[EngineError]:
    """The errors a failed compilation names, in order, each once."""
    starts = [0]
    starts += [at + 1 for at, character in enumerate(source) if character == "\n"]
    found = []
    for match in _ERROR.finditer(message):
        line, column = int(match["line"]), int(match["column"])
        start = starts[line - 1] if 0 < line <= len(starts) else 0
        found.append(EngineError(min(start + max(0, column - 1), len(source)), match["text"]))
    return list(dict.fromkeys(found)) or [EngineError(0, message)]


def syntax_mistake(error: EngineError, source: str) -> Mistake:
    """The first error of a source that could not be parsed; what follows it is only its echo."""
    code, at = "expression-syntax", min(error.offset, max(0, len(source) - 1))
    if "recursion" in error.text:
        return Mistake("expression-too-long", 0, len(source), "the expression is nested too deeply", "split it up")
    if missing := _MISSING.search(error.text):
        return Mistake(code, at, 1, f"`{missing['text']}` is missing")
    if "'<EOF>' expecting" in error.text and "mismatched" in error.text:
        return Mistake(code, at, 1, "the expression ends too early")
    if "has() argument" in error.text:
        return Mistake(code, at, 1, "`has` asks about a field", "write `has(name.field)`")
    if "must be a simple identifier" in error.text:
        return Mistake(code, at, 1, "the first part names each element", "write a plain name, as in `map(x, x.id)`")
    if "int literal" in error.text:
        return Mistake(code, at, _word_at(source, at)[1], "this integer is too large")
    if "unsupported syntax" in error.text:
        return Mistake(code, at, len(source) - at, "optional selection is not part of the language", "use `has(...)`")
    return _offending(code, source, at, error)


def _offending(code: str, source: str, at: int, error: EngineError) -> Mistake:
    found = _OFFENDING.search(error.text)
    word, length = _word_at(source, at)
    if found and found["text"].strip().startswith(('"', "'")):
        return Mistake(code, at, len(source) - at, "this text has no end", "close it with the same quote")
    if word in _WORDS_OF_OTHERS:
        return Mistake(code, at, length, f"`{word}` cannot stand here", f"write `{_WORDS_OF_OTHERS[word]}`")
    if word in RESERVED:
        return Mistake(code, at, length, f"`{word}` is a reserved word", "choose another name")
    return Mistake(code, at, length, f"`{word}` cannot stand here")


def _word_at(source: str, at: int) -> tuple[str, int]:
    found = re.compile(r"\w+|\S").match(source, at)
    return (found[0], len(found[0])) if found else (source[at : at + 1], 1)


class Translator:
    """Says the checker's errors about one expression in our words; `types` has what we know of each node by its id."""

    def __init__(self, source: str, root: Node, types: Mapping[int, ValueType | None], scope: Scope) -> None:
        self._source = source
        self._types = types
        self._scope = scope
        self._by_offset: dict[int, list[Node]] = {}
        for node in walk(root):
            self._by_offset.setdefault(node.at.offset, []).append(node)
        self._unknown = {node.at.offset for node in walk(root) if isinstance(node, Name) and node.name not in scope}

    def mistake(self, error: EngineError) -> Mistake | None:
        """The mistake, or None where the error only repeats another one."""
        if _FIELD.search(error.text) or "operand of a select" in error.text:
            return self._field(error)
        if undeclared := _UNDECLARED.search(error.text):
            return self._undeclared(error, undeclared["name"])
        if overload := _OVERLOAD.search(error.text):
            return self._overload(error, overload["function"])
        if "range of a comprehension" in error.text:
            return self._range(error)
        return Mistake("expression-type", *self._place(error), "this does not fit together")

    def _node(self, error: EngineError, *kinds: type) -> Node | None:
        return next((node for node in self._by_offset.get(error.offset, ()) if isinstance(node, kinds)), None)

    def _place(self, error: EngineError) -> tuple[int, int]:
        node = self._node(error, object)
        return extent(node, self._source) if node else (error.offset, 1)

    def _field(self, error: EngineError) -> Mistake | None:
        node = self._node(error, Select)
        if not isinstance(node, Select):
            return Mistake("unknown-field", *self._place(error), "this field is not known")
        owner = self._types.get(node.operand.at.id)
        place = field_place(node, self._source)
        if isinstance(owner, Record | Money):
            known = [field.name for field in fields_of(owner)]
            if node.field in known and node.field in RESERVED:
                return Mistake("unknown-field", *place, f"`{node.field}` is a reserved word", "rename the field")
            return Mistake(
                "unknown-field",
                *place,
                f"{describe(owner)} has no field `{node.field}`",
                did_you_mean(node.field, known),
            )
        what = describe(owner) if owner else "this value"
        written = text_of(node.operand, self._source)
        help = f"select from one element, as in `{written}[0]`" if owner and owner.kind == "list" else ""
        return Mistake("unknown-field", *place, f"`{written}` is {what} and has no fields", help)

    def _undeclared(self, error: EngineError, name: str) -> Mistake | None:
        call = self._node(error, Call)
        if isinstance(call, Call) and self._source[error.offset : error.offset + 1] == "(":
            return self._function(call)
        first = name.removeprefix(".").partition(".")[0]
        if first in NAMESPACES:
            return None
        start = self._place(error)[0]
        return Mistake("unknown-name", start, len(first), f"`{first}` is not known here", self._similar_name(first))

    def _similar_name(self, name: str) -> str:
        return did_you_mean(name, [known for known in self._scope if not known.startswith("@")])

    def _function(self, call: Call) -> Mistake | None:
        target = call.target
        spaced = isinstance(target, Name) and target.name in NAMESPACES
        if isinstance(target, Name) and target.at.offset in self._unknown and not spaced:
            return None
        name = f"{target.name}.{call.function}" if spaced and isinstance(target, Name) else call.function
        place = (call.at.offset - len(call.function), len(call.function))
        if name in FUNCTIONS:
            return Mistake("unknown-function", *place, f"`{name}` cannot be called like this", "look at what it takes")
        close = did_you_mean(name, FUNCTIONS)
        return Mistake("unknown-function", *place, f"there is no function `{name}`", close if "?" in close else "")

    def _range(self, error: EngineError) -> Mistake | None:
        node = self._node(error, object)
        folds = [fold for nodes in self._by_offset.values() for fold in nodes if isinstance(fold, Comprehension)]
        ranged = next((fold.range for fold in folds if fold.range.at.offset == error.offset), node)
        type = self._types.get(ranged.at.id) if ranged else None
        if isinstance(type, Unknown):
            return None
        what = describe(type) if type else "this value"
        return Mistake("expression-type", *self._place(error), f"only a list can be iterated, this is {what}")

    def _overload(self, error: EngineError, function: str) -> Mistake | None:
        node = self._node(error, Call)
        if not isinstance(node, Call):
            return Mistake("expression-type", *self._place(error), "this does not fit together")
        parts = ((node.target,) if node.target else ()) + node.arguments
        given = [self._types.get(part.at.id) for part in parts]
        place = extent(node, self._source)
        if "uint" in error.text:
            message = f"`{_sign(function)}` cannot combine an unsigned integer with anything else"
            return Mistake("expression-type", *place, message, "leave out the `u`, or write `int(...)`")
        if any(isinstance(type, Number) for type in given) and any(self._is_amount(part) for part in parts):
            message = f"`{_sign(function)}` cannot combine an amount of money, which is whole minor units, and a number"
            return Mistake("expression-type", *place, message, "calculate in integers, and say how it is rounded")
        return Mistake("expression-type", *place, _cannot(function, given), self._help(function, parts, given))

    def _is_amount(self, node: Node) -> bool:
        if isinstance(node, Call) and node.function in _ARITHMETIC:
            return any(self._is_amount(part) for part in node.arguments)
        return (
            isinstance(node, Select)
            and node.field == "amount"
            and isinstance(self._types.get(node.operand.at.id), Money)
        )

    def _help(self, function: str, parts: tuple[Node, ...], given: list[ValueType | None]) -> str:
        if len(parts) < 2 or function in ("_?_:_", "_[_]", "_&&_", "_||_"):
            return ""
        pairs = [(parts[0], given[0], given[1]), (parts[1], given[1], given[0])]
        pairs.sort(key=lambda pair: not isinstance(pair[2], Timestamp))  # towards a timestamp, not away from it
        for node, type, other in pairs:
            if type and other and (help := self._convert(node, type, other)):
                return help
        if function in _ORDER and isinstance(given[0], Money) and isinstance(given[1], Money):
            return "compare `.amount`, and `.currency` with `==`"
        return ""

    def _convert(self, node: Node, given: ValueType, wanted: ValueType) -> str:
        written = text_of(node, self._source)
        if isinstance(given, Integer) and isinstance(wanted, Number):
            return f"write `{written}.0`" if written.lstrip("-").isdigit() else f"write `double({written})`"
        if isinstance(wanted, Timestamp) and not isinstance(given, Integer):
            return conversion(wanted, given, written)
        return conversion(wanted, given, written) if isinstance(wanted, Text) else ""


def _cannot(function: str, given: list[ValueType | None]) -> str:
    words = [describe(type) if type else "this value" for type in given]
    sign = _sign(function)
    if function == "_?_:_":
        return _choice(given, words)
    if function in ("_&&_", "_||_", "!_"):
        wrong = next((word for word in words if word != "true or false"), words[0])
        return f"`{sign}` takes true or false, not {wrong}"
    if function == "-_":
        return f"`-` takes a number, not {words[0]}"
    if function == "@in":
        return f"`in` cannot look for {words[0]} in {words[-1]}"
    if function == "_[_]":
        return f"{words[0]} cannot be indexed with {words[-1]}"
    verb = "compare" if function in _ORDER else "take" if "_" not in function else "combine"
    last = f"{words[0]} with {words[1]}" if verb == "compare" and len(words) == 2 else " and ".join(words)
    return f"`{sign}` cannot {verb} {last}" if words else f"`{sign}` cannot be called without a value"


def _sign(function: str) -> str:
    return _OPERATORS.get(function, function.strip("_"))


def _choice(given: list[ValueType | None], words: list[str]) -> str:
    if given[0] is not None and given[0].kind not in ("boolean", "anything", "nothing"):
        return f"the condition before `?` must be true or false, not {words[0]}"
    return f"both sides of `:` must have the same type, not {words[1]} and {words[2]}"
