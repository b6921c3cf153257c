"""What the engine's own checker cannot see: absent values, undeclared values, unstable order, wrong offsets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from writ.problems import did_you_mean
from writ.values.constants import impossible
from writ.values.infer import Scope, Typing, built
from writ.values.mistakes import Mistake
from writ.values.objects import outcomes, sides
from writ.values.places import extent, text_of
from writ.values.presence import facts
from writ.values.syntax import (
    Call,
    Comprehension,
    Construction,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Node,
    Path,
    Select,
    children,
    place_of,
    walk,
)
from writ.values.types import (
    Anything,
    Boolean,
    Date,
    Duration,
    Enumeration,
    Integer,
    ListOf,
    Money,
    Nothing,
    Number,
    Record,
    Text,
    Timestamp,
    Unknown,
    Uuid,
    ValueType,
    accepts,
    describe,
    field_of,
    fields_of,
)
from writ.values.wire import normalise

_ZONE = re.compile(r"[+-](?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_CALENDAR = """
getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds
"""
_ZONED = frozenset(_CALENDAR.split())
_EQUALITY = ("_==_", "_!=_")
_WRITTEN_AS_TEXT = ("uuid", "date", "timestamp", "duration")


class Judge:
    """Walks one expression and collects mistakes. `handled`: offsets about which the engine need not be heard."""

    def __init__(self, source: str, typing: Typing) -> None:
        self.mistakes: list[Mistake] = []
        self.handled: set[int] = set()
        self._source = source
        self._typing = typing
        self._absent: set[Path] = set()
        self._variables: list[str] = []

    def visit(self, node: Node, scope: Scope, proven: frozenset[Path]) -> None:
        """Judge `node` and all below it, where the places in `proven` are known to be present."""
        match node:
            case Select():
                self._select(node, scope, proven)
            case Call(function="_&&_" | "_||_", arguments=(left, right)):
                self.visit(left, scope, proven)
                known = facts(left).if_true if node.function == "_&&_" else facts(left).if_false
                self.visit(right, scope, proven | (known or frozenset()))
            case Call(function="_?_:_", arguments=(condition, yes, no)):
                self.visit(condition, scope, proven)
                self.visit(yes, scope, proven | (facts(condition).if_true or frozenset()))
                self.visit(no, scope, proven | (facts(condition).if_false or frozenset()))
                self._literals(node, scope)
            case Call():
                self._call(node, scope, proven)
            case Comprehension():
                self._fold(node, scope, proven)
            case Construction():
                self._say(
                    "expression-syntax", node, f"`{node.name}{{...}}` builds nothing here", "write `{'name': ...}`"
                )
            case _:
                self._below(node, scope, proven)

    def fit(self, node: Node, expected: ValueType, scope: Scope) -> None:
        """Report where `node` does not give what `expected` wants, as far inside as it can be said."""
        match node:
            case Call(function="_?_:_", arguments=(_, yes, no)):
                self.fit(yes, expected, scope)
                self.fit(no, expected, scope)
            case ListLiteral() if isinstance(expected, ListOf):
                for element in node.elements:
                    self.fit(element, expected.element, scope)
            case Literal(value=str()) if isinstance(expected, Enumeration) or expected.kind in _WRITTEN_AS_TEXT:
                self._written(node, expected)
            case MapLiteral() if isinstance(expected, Record | Money):
                self._object(node, expected, scope)
            case Comprehension() if isinstance(expected, ListOf) and (one := built(node)):
                inner = {**scope, node.variable: self._typing.element(node.range, scope)}
                self.fit(one, expected.element, inner)
            case _:
                self._whole(node, expected, scope)

    def _say(self, code: str, node: Node, message: str, help: str = "") -> None:
        offset, length = extent(node, self._source)
        self.mistakes.append(Mistake(code, offset, length, message, help))

    def _below(self, node: Node, scope: Scope, proven: frozenset[Path]) -> None:
        for child in children(node):
            self.visit(child, scope, proven)

    def _select(self, node: Select, scope: Scope, proven: frozenset[Path]) -> None:
        self.visit(node.operand, scope, proven)
        if node.test:
            return
        field = field_of(self._typing.of(node.operand, scope), node.field)
        place = place_of(node)
        if field is None or not field.optional or place in proven or place in self._absent:
            return
        if place is not None:
            self._absent.add(place)
        written = text_of(node, self._source)
        message, help = f"`{written}` may be absent", f"write `has({written}) && ...` before it"
        mistake = Mistake("optional-without-has", *extent(node, self._source), message, help)
        bound = any(isinstance(part, Name) and part.name in self._variables for part in walk(node))
        self.mistakes.append(replace(mistake, absent=written, type=field.type, bound=bound))

    def _call(self, node: Call, scope: Scope, proven: frozenset[Path]) -> None:
        if node.function in _EQUALITY and self._null_comparison(node, scope, proven):
            return
        self._below(node, scope, proven)
        if node.function in (*_EQUALITY, "@in"):
            self._compare(node.arguments[0], node.arguments[1], scope)
            self._compare(node.arguments[1], node.arguments[0], scope)
        if node.function in _EQUALITY:
            self._disjoint(node, scope)
            self._literals(node, scope)
        if never := impossible(node):
            self._impossible(node, never)
        if node.function in _ZONED and node.arguments:
            self._zone(node.arguments[0])

    def _null_comparison(self, node: Call, scope: Scope, proven: frozenset[Path]) -> bool:
        nulls = [part for part in node.arguments if isinstance(part, Literal) and part.value is None]
        others = [part for part in node.arguments if part not in nulls]
        if len(nulls) != 1 or len(others) != 1:
            return False
        other = others[0]
        type = self._typing.of(other, scope)
        if type is None or isinstance(type, Anything | Nothing):
            return False
        self.handled.add(node.at.offset)
        self._below(other, scope, proven)
        self._never_null(node, other, scope)
        return True

    def _never_null(self, node: Call, other: Node, scope: Scope) -> None:
        written = text_of(other, self._source)
        field = field_of(self._typing.of(other.operand, scope), other.field) if isinstance(other, Select) else None
        if field is None or not field.optional:
            self._say("expression-type", node, f"`{written}` is never null", "leave the comparison out")
            return
        asked = f"has({written})" if node.function == "_!=_" else f"!has({written})"
        self._say("optional-without-has", node, f"`{written}` may be absent, but it is never null", f"use `{asked}`")

    def _compare(self, typed: Node, other: Node, scope: Scope) -> None:
        type = self._typing.of(typed, scope)
        if isinstance(type, ListOf):
            type = type.element
        if type is None or not (isinstance(type, Enumeration) or type.kind in _WRITTEN_AS_TEXT[:2]):
            return
        for part in other.elements if isinstance(other, ListLiteral) else (other,):
            if isinstance(part, Literal) and isinstance(part.value, str):
                self._written(part, type)

    def _literals(self, node: Call, scope: Scope) -> None:
        """Object literals beside a record must be such a record."""
        found = [outcome for side in sides(node) for outcome in outcomes(side)]
        types = [self._typing.of(one, scope) for one in found if not isinstance(one, MapLiteral)]
        record = next((type for type in types if isinstance(type, Record | Money)), None)
        for literal in found if record else ():
            if isinstance(literal, MapLiteral) and record:
                self.fit(literal, record, scope)

    def _impossible(self, call: Call, text: Literal) -> None:
        written = text_of(text, self._source)
        code, what, help = _IMPOSSIBLE[call.function]
        self._say(code, text, f"`{written}` is not {what}", help)

    def _disjoint(self, node: Call, scope: Scope) -> None:
        types = [self._typing.of(part, scope) for part in node.arguments]
        values = [set(type.values) for type in types if isinstance(type, Enumeration)]
        if len(values) == 2 and not values[0] & values[1]:
            one, other = (text_of(part, self._source) for part in node.arguments)
            self._say("undeclared-value", node, f"`{one}` and `{other}` have no value in common")

    def _written(self, node: Literal, type: ValueType) -> None:
        text = str(node.value)
        if isinstance(type, Enumeration):
            if text not in type.values:
                self._say(
                    "undeclared-value", node, f"`{text}` is not {describe(type)}", did_you_mean(text, type.values)
                )
            return
        try:
            normalise(text, type)
        except ValueError:
            self._say("expression-type", node, f"`{text}` is not {describe(type)}", _EXAMPLES[type.kind])

    def _fold(self, node: Comprehension, scope: Scope, proven: frozenset[Path]) -> None:
        self.visit(node.range, scope, proven)
        self._order(node, scope)
        inner = {**scope, node.variable: self._typing.element(node.range, scope), node.accumulator: None}
        known = frozenset(place for place in proven if place[0] != node.variable)
        self._variables.append(node.variable)
        for part in (node.condition, node.step, node.result):
            self.visit(part, inner, known)
        self._variables.pop()

    def _order(self, node: Comprehension, scope: Scope) -> None:
        type = self._typing.of(node.range, scope)
        if type is None or isinstance(type, ListOf):
            return
        if isinstance(type, Unknown):
            return
        self.handled.add(node.range.at.offset)
        written = text_of(node.range, self._source)
        if isinstance(type, Anything):
            reason = "its type is unknown, and the fields of an object have no order"
            self._say(
                "map-iteration", node.range, f"`{written}` cannot be iterated: {reason}", "iterate over a typed list"
            )
        elif type.kind in ("record", "money"):
            reason = "the fields of an object have no order"
            self._say(
                "map-iteration", node.range, f"`{written}` cannot be iterated: {reason}", "name each field you need"
            )
        else:
            self._say("expression-type", node.range, f"`{written}` is {describe(type)} and cannot be iterated")

    def _zone(self, zone: Node) -> None:
        """An offset that is none is a mistake; which names of zones there are is known only where it runs."""
        if (
            isinstance(zone, Literal)
            and str(zone.value).startswith(("+", "-"))
            and not _ZONE.fullmatch(str(zone.value))
        ):
            written = text_of(zone, self._source)
            message = f"`{written}` is not the offset of a time zone"
            self._say("expression-type", zone, message, "write one such as `'+01:00'`, or `'UTC'`")

    def _object(self, node: MapLiteral, expected: Record | Money, scope: Scope) -> None:
        given = {key.value: value for key, value in node.entries if isinstance(key, Literal)}
        for name, value in given.items():
            field = field_of(expected, str(name))
            if name == "amount" and isinstance(expected, Money) and isinstance(self._typing.of(value, scope), Number):
                self._fraction(value)
            elif field:
                self.fit(value, field.type, scope)
        missing = [field.name for field in fields_of(expected) if not field.optional and field.name not in given]
        if missing and len(given) == len(node.entries):
            names = ", ".join(f"`{name}`" for name in missing)
            self._say("expression-type", node, f"{describe(expected)} needs {names} too")

    def _fraction(self, amount: Node) -> None:
        message = f"an amount of money is whole minor units, but `{text_of(amount, self._source)}` is a number"
        self._say("expression-type", amount, message, "calculate in integers, and say how it is rounded")

    def _whole(self, node: Node, expected: ValueType, scope: Scope) -> None:
        given = self._typing.of(node, scope)
        written = text_of(node, self._source)
        if given is None:
            self._say(
                "expression-type", node, f"`{written}` has no JSON form", "give a text, a number, a list or an object"
            )
        elif isinstance(expected, Enumeration) and isinstance(given, Enumeration) and not accepts(expected, given):
            self._values(node, expected, given)
        elif not accepts(expected, given):
            message = f"expected {describe(expected)}, but `{written}` is {describe(given)}"
            self._say("expression-type", node, message, conversion(expected, given, written))

    def _values(self, node: Node, expected: Enumeration, given: Enumeration) -> None:
        others = [f"`{value}`" for value in given.values if value not in expected.values]
        are, them = ("are", "them") if len(others) > 1 else ("is", "it")
        message = f"{', '.join(others)} {are} not among {describe(expected).removeprefix('one of ')}"
        source = f"the {given.of}" if given.of else f"`{text_of(node, self._source)}`"
        target = f"the {expected.of}" if expected.of else "those"
        self._say("expression-type", node, message, f"add {them} to {target}, or take {them} out of {source}")


def conversion(wanted: ValueType, given: ValueType, written: str) -> str:
    """How an author turns `written`, of type `given`, into what is wanted; empty where there is no way."""
    if isinstance(given, Text) and (isinstance(wanted, Uuid | Date | Enumeration)):
        return f"write `dyn({written})` to have it checked when it runs"
    if isinstance(given, Text | Date | Integer) and isinstance(wanted, Timestamp):
        return f"write `timestamp({written}{_MIDNIGHT if isinstance(given, Date) else ''})`"
    if isinstance(wanted, Text):
        scalar = isinstance(given, Integer | Number | Boolean | Timestamp | Duration)
        return f"write `string({written})`" if scalar else ""
    if isinstance(wanted, Integer) and isinstance(given, Number | Text):
        return f"write `int({written})`"
    if isinstance(wanted, Number) and isinstance(given, Text | Integer):
        return f"write `double({written})`"
    return f"write `duration({written})`" if isinstance(wanted, Duration) and isinstance(given, Text) else ""


_MIDNIGHT = " + 'T00:00:00Z'"
_EXAMPLES: Mapping[str, str] = {
    "uuid": "a uuid looks like `'0198c0de-0000-7000-8000-000000000000'`",
    "date": "a date looks like `'2026-11-20'`",
    "timestamp": "a timestamp looks like `'2026-11-20T16:00:00Z'`",
    "duration": "a duration is written in seconds, like `'3600s'`",
}
_IMPOSSIBLE: Mapping[str, tuple[str, str, str]] = {
    "matches": ("pattern", "a regular expression", "special characters such as `(` are written `\\\\(`"),
    "timestamp": ("expression-type", "a timestamp", _EXAMPLES["timestamp"]),
    "duration": ("expression-type", "a duration", "a duration looks like `'90s'`, `'30m'` or `'5h'`"),
    "int": ("expression-type", "an integer", ""),
    "double": ("expression-type", "a number", ""),
}
