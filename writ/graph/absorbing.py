"""Where a condition can come out although a part of it cannot be computed: `||` and `&&` absorb errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from writ.graph.aliases import named
from writ.graph.app import ToolFacts
from writ.graph.flow import Step
from writ.graph.origins import DataFlow
from writ.nodes.facts import Use
from writ.spec.resolved import TypedExpression
from writ.values.places import text_of
from writ.values.syntax import (
    Call,
    Comprehension,
    Literal,
    Name,
    Node,
    Path,
    Select,
    children,
    path_of,
    references,
    walk,
)
from writ.values.types import Anything, Integer, Number, Timestamp

_CONVERSIONS = frozenset({"int", "uint", "double", "timestamp", "duration", "bool"})
_NUMBERS = Integer | Number | Timestamp
_COMPARISONS = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a condition that may not be what it seems: what `happens` to it, `how` the condition then comes out."""

    message: str
    happens: str
    how: str
    help: str


def doubts_at(tool: ToolFacts, step: Step, use: Use) -> Iterator[Doubt]:
    """Those in a guard of a step, or in what says whether a condition of its `where` applies. Of a choice nobody can
    say which of its ways is the strict one, unless one of them refuses: there only absorbed errors count.
    """
    if use.purpose == "condition":
        yield from _doubts(tool, tool.data, use.expression, opens=False, negated=True)
    elif use.purpose == "guard":
        strict = step.facts.refuses
        opens = strict or not _refuses(tool, step, "then" if use.place == "when" else use.place.rpartition(".")[0])
        yield from _doubts(tool, tool.data, use.expression, opens=opens, negated=strict)


def _refuses(tool: ToolFacts, step: Step, way: str) -> bool:
    """Whether that way of a choice ends in a refusal."""
    inside = (one for one in tool.graph.steps if one.containers[-1:] == ((step.index, way),))
    return any(one.facts.effect == "refusal" for one in inside)


def doubts(data: DataFlow, expression: TypedExpression, *, opens: bool) -> Iterator[Doubt]:
    """The parts of a condition whose errors are absorbed in favour of going on, and what is turned round although
    nothing is known of its type. `opens`: which outcome lets the run go on.
    """
    yield from _doubts(None, data, expression, opens=opens, negated=True)


def _doubts(
    tool: ToolFacts | None, data: DataFlow, expression: TypedExpression, *, opens: bool, negated: bool
) -> Iterator[Doubt]:
    if expression.tree is not None:
        yield from _Search(tool, data, expression.source, negated).below(expression.tree, opens)


@dataclass(frozen=True, slots=True)
class _Search:
    """`tool` is where names of computed values are followed, None where there are none; `negated` asks for what is
    turned round too.
    """

    tool: ToolFacts | None
    data: DataFlow
    source: str
    negated: bool

    def below(self, node: Node, opens: bool) -> Iterator[Doubt]:
        """The doubts in a part whose value `opens` lets the run go on."""
        match node:
            case Call(function="!_", arguments=(inner,)):
                yield from self._negated(node, inner) if opens else ()
                yield from self.below(inner, not opens)
            case Call(function="_!=_") if opens:
                yield from self._negated(node, node)
            case Call(function="_||_" | "_&&_" as word):
                operands = list(_operands(node, word))
                if (word == "_||_") is opens:
                    yield from self._absorbed(operands, "||" if opens else "&&")
                for operand in operands:
                    yield from self.below(operand, opens)
            case Call(function="_?_:_", arguments=(_, yes, no)):
                yield from self.below(yes, opens)
                yield from self.below(no, opens)
            case Name() | Select(test=False) if self.tool is not None:
                computed = named(self.tool, node)
                if computed is not None:
                    yield from _doubts(self.tool, self.data, computed, opens=opens, negated=self.negated)

    def _absorbed(self, operands: list[Node], word: str) -> Iterator[Doubt]:
        for operand in operands:
            known = frozenset[Path]().union(*(references(one) for one in operands if one is not operand))
            for risk in self._risks(operand, known):
                text = text_of(risk, self.source)
                yield Doubt(
                    message=f"`{text}` can fail, and `{word}` absorbs the error",
                    happens=f"`{text}` cannot be computed",
                    how=f"is decided by the other side of `{word}` alone",
                    help=f"ask first whether `{text}` can be computed, or make two checks of it",
                )

    def _negated(self, whole: Node, inner: Node) -> Iterator[Doubt]:
        path = next((path for path in map(path_of, _compared(inner)) if path and self._untyped(path)), None)
        if path is not None and self.negated:
            value = ".".join(path)
            text = text_of(whole, self.source) if whole is inner else f"!({text_of(inner, self.source)})"
            yield Doubt(
                message=f"nothing is known of the type of `{value}`, and `{text}` is true for every other type",
                happens=f"`{value}` is of another type than expected",
                how=f"is passed: `{text}` is true",
                help=f"give `{value}` a type, or ask for what must hold instead of what must not",
            )

    def _risks(self, node: Node, known: frozenset[Path]) -> Iterator[Node]:
        """The parts that can fail and about whose values nothing beside them asks."""
        match node:
            case Comprehension():
                return
            case Call(function="_&&_" | "_||_", arguments=(left, right)):
                yield from self._risks(left, known | references(right))
                yield from self._risks(right, known | references(left))
                return
            case Call(function="_?_:_", arguments=(condition, yes, no)):
                yield from self._risks(condition, known)
                for branch in (yes, no):
                    yield from self._risks(branch, known | references(condition))
                return
        asked = self._asked(node)
        if asked and not any(_meet(one, other) for one in asked for other in known):
            yield node
        else:
            for child in children(node) if path_of(node) is None else ():
                yield from self._risks(child, known)

    def _asked(self, node: Node) -> frozenset[Path]:
        """What one would have to ask about to know that this part can be computed; nothing where it always can."""
        match node:
            case Call(function="_[_]", arguments=arguments):
                return frozenset[Path]().union(*map(references, arguments))
            case Call(function="_/_" | "_%_", arguments=(_, divisor)) if not isinstance(divisor, Literal):
                return references(divisor)
            case Call(function=function, arguments=(value,)) if function in _CONVERSIONS:
                return references(value) if self._may_not_convert(value) else frozenset()
            case Select(test=False):
                path = path_of(node)
                return frozenset({path}) if path and self._untyped(path) else frozenset()
        return frozenset()

    def _may_not_convert(self, value: Node) -> bool:
        path = path_of(value)
        return not isinstance(value, Literal) and not (path and isinstance(self.data.type_of(path), _NUMBERS))

    def _untyped(self, path: Path) -> bool:
        return isinstance(self.data.type_of(path), Anything)


def _operands(node: Node, word: str) -> Iterator[Node]:
    if isinstance(node, Call) and node.function == word:
        for argument in node.arguments:
            yield from _operands(argument, word)
    else:
        yield node


def _compared(node: Node) -> Iterator[Node]:
    """The values that are compared in a condition as they stand, and the condition itself where it is a value."""
    if path_of(node) is not None:
        yield node
    for part in walk(node):
        if isinstance(part, Call) and part.function in _COMPARISONS:
            yield from (one for one in part.arguments if not (isinstance(one, Select) and one.test))


def _meet(one: Path, other: Path) -> bool:
    """Whether one path is the other or leads to it."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]
