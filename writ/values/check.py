"""Check an expression before it ever runs: one door to everything that can be known without values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from writ.values.decode import Decoded, decode
from writ.values.descriptors import Environment, environment, value_type
from writ.values.dialect import LONGEST
from writ.values.infer import Typing, types_of
from writ.values.judge import Judge
from writ.values.mistakes import Mistake
from writ.values.objects import Hidden, hidden
from writ.values.plain import plain
from writ.values.presence import facts
from writ.values.syntax import Node, Path, Select, path_of, references
from writ.values.translate import EngineError, Translator, engine_errors, syntax_mistake
from writ.values.types import Anything, ValueType, accepts, field_of

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Checked:
    """An expression without mistakes.

    `references` are the longest paths it reads, by root variable, sorted. `implies` and `implies_not` are the dotted
    optional paths that are known to be present when it is true, and when it is false: the `present` of what follows a
    guard. `may_be_absent` says that it is a plain path that can have no value at all. `tree` is what it was parsed to.
    """

    source: str
    type: ValueType
    references: tuple[Path, ...]
    implies: frozenset[str]
    implies_not: frozenset[str]
    may_be_absent: bool
    tree: Node


def check(
    source: str,
    scope: Mapping[str, ValueType],
    *,
    expected: ValueType | None = None,
    present: frozenset[str] = frozenset(),
    may_be_absent: bool = False,
) -> Checked | tuple[Mistake, ...]:
    """The checked expression, or all mistakes that could be found, by place.

    `scope` has the type of every variable, `expected` the type the place needs, `present` the dotted optional paths
    proven present before. With `may_be_absent`, a plain path (`input.reason`) may be optional: it then gives no value.
    """
    if len(source) > LONGEST:
        message = f"the expression has {len(source):,} characters, {LONGEST:,} are allowed"
        return (Mistake("expression-too-long", 0, len(source), message, "split it up"),)
    if not source.strip():
        return (Mistake("expression-syntax", 0, 1, "the expression is empty"),)
    if surrogate := _SURROGATE.search(source):
        return (Mistake("expression-syntax", surrogate.start(), 1, "this character is not valid Unicode"),)
    parsed = _parse(source, scope)
    if isinstance(parsed, tuple):
        return parsed
    return _Check(source, scope, parsed).run(expected, present, may_be_absent)


@dataclass(frozen=True)
class _Parsed:
    root: Node
    types: Mapping[int, ValueType | None]
    errors: list[EngineError]


def _told(decoded: Decoded, prepared: Environment, errors: list[EngineError]) -> _Parsed:
    types = {id: value_type(message, prepared.records) for id, message in decoded.types.items()}
    return _Parsed(decoded.root, types, errors)


def _parse(source: str, scope: Mapping[str, ValueType]) -> _Parsed | tuple[Mistake, ...]:
    root = plain(source, scope)
    return _engine_parse(source, scope) if root is None else _Parsed(root, {}, [])


def _engine_parse(source: str, scope: Mapping[str, ValueType]) -> _Parsed | tuple[Mistake, ...]:
    prepared = environment(scope)
    errors: list[EngineError] = []
    try:
        compiled = prepared.engine.compile(source)
    except RuntimeError as error:
        errors = engine_errors(str(error), source)
        try:
            compiled = prepared.engine.compile(source, disable_check=True)
        except RuntimeError as broken:
            return (syntax_mistake(engine_errors(str(broken), source)[0], source),)
    decoded = decode(compiled.serialize())
    hiding = hidden(source, decoded.root, types_of(decoded.root, Typing({}), scope)) if errors else None
    found = _parse_hidden(hiding, prepared) if hiding else None
    return found or _told(decoded, prepared, errors)


def _parse_hidden(hiding: Hidden, prepared: Environment) -> _Parsed | None:
    errors: list[EngineError] = []
    try:
        compiled = prepared.engine.compile(hiding.text)
    except RuntimeError as error:
        found = engine_errors(str(error), hiding.text)
        errors = [EngineError(hiding.origin[one.offset], one.text) for one in found]
        try:
            compiled = prepared.engine.compile(hiding.text, disable_check=True)
        except RuntimeError:
            return None
    return _told(decode(compiled.serialize(), hiding), prepared, errors)


class _Check:
    def __init__(self, source: str, scope: Mapping[str, ValueType], parsed: _Parsed) -> None:
        self._source = source
        self._scope = scope
        self._root = parsed.root
        self._errors = parsed.errors
        self._typing = Typing(parsed.types)

    def run(
        self, expected: ValueType | None, present: frozenset[str], may_be_absent: bool
    ) -> Checked | tuple[Mistake, ...]:
        proven = frozenset(tuple(path.split(".")) for path in present)
        judge = Judge(self._source, self._typing)
        absent = may_be_absent and self._may_be_absent(self._root, proven)
        if not absent:
            judge.visit(self._root, self._scope, proven)
        mistakes = judge.mistakes
        mistakes += self._translated(judge.handled)
        if self._errors and not mistakes:
            mistakes = [Mistake("expression-type", self._errors[0].offset, 1, "this does not fit together")]
        type = self._typing.of(self._root, self._scope)
        if not mistakes:
            judge.fit(self._root, expected or Anything(), self._scope)
        if mistakes or type is None:
            return tuple(sorted(set(mistakes), key=lambda one: (one.offset, one.code, one.message)))
        return self._checked(type if expected is None or accepts(expected, type) else expected, absent)

    def _may_be_absent(self, node: Node, proven: frozenset[Path]) -> bool:
        path = path_of(node)
        if path is None or (isinstance(node, Select) and node.test):
            return False
        return any(self._optional(path[:end]) and path[:end] not in proven for end in range(2, len(path) + 1))

    def _optional(self, path: Path) -> bool:
        type: ValueType | None = self._scope.get(path[0])
        optional = False
        for name in path[1:]:
            field = field_of(type, name)
            type, optional = (field.type, field.optional) if field else (None, False)
        return optional

    def _translated(self, handled: set[int]) -> list[Mistake]:
        if not self._errors:
            return []
        types = types_of(self._root, self._typing, self._scope)
        translator = Translator(self._source, self._root, types, self._scope)
        found = [translator.mistake(error) for error in self._errors if error.offset not in handled]
        return [mistake for mistake in found if mistake]

    def _checked(self, type: ValueType, absent: bool) -> Checked:
        paths = (path for path in references(self._root) if path[0] in self._scope)
        proof = facts(self._root)
        return Checked(
            source=self._source,
            type=type,
            references=tuple(sorted(paths)),
            implies=self._dotted(proof.if_true),
            implies_not=self._dotted(proof.if_false),
            may_be_absent=absent,
            tree=self._root,
        )

    def _dotted(self, places: frozenset[Path] | None) -> frozenset[str]:
        return frozenset(".".join(place) for place in places or () if self._optional(place))
