"""Expressions of a spec: checked against the names in scope, with each mistake placed in the author's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.absence import GUARD, VALUE, Standing, way_out
from writ.spec.marked import Marked
from writ.spec.resolved import TypedExpression, TypedTemplate
from writ.spec.shape import Expr
from writ.values import Checked, Mistake, Record, ValueType, check, describe
from writ.values.types import Anything, Boolean, Enumeration, FieldType, ListOf, Text

_EMPTY: frozenset[str] = frozenset()
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = re.compile(r"[A-Za-z][A-Za-z]*(?: [A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Names:
    """The names an expression may use, with their types, and the optional paths known to have a value there."""

    types: Mapping[str, ValueType]
    present: frozenset[str] = field(default=_EMPTY)

    def with_name(self, name: str, type: ValueType) -> Names:
        """These names and one more, which hides one of the same name and what was known of it."""
        known = frozenset(path for path in self.present if path.split(".")[0] != name)
        return Names({**self.types, name: type}, known)

    def mentioned(self, source: str) -> dict[str, ValueType]:
        """Those names that an expression can mean at all: a flow may know thousands."""
        return {name: self.types[name] for name in dict.fromkeys(_NAME.findall(source)) if name in self.types}

    def knowing(self, present: frozenset[str]) -> Names:
        """These names where more optional paths are known to have a value."""
        return replace(self, present=self.present | present)


@dataclass(frozen=True, slots=True)
class CheckedExpression:
    """A typed expression, and which optional paths have a value when it is true, and when it is false."""

    typed: TypedExpression
    implies: frozenset[str]
    implies_not: frozenset[str]


def check_expression(
    expr: Expr,
    names: Names,
    expected: ValueType | None,
    problems: list[Problem],
    *,
    may_be_absent: bool = False,
    standing: Standing | None = None,
) -> CheckedExpression | None:
    """The expression with its type; None when it is wrong, with every mistake added to `problems`.

    Where it is not said how the expression is `standing`, one that must be true or false is a guard.
    """
    result = check(
        expr.source,
        names.mentioned(expr.source),
        expected=expected,
        present=names.present,
        may_be_absent=may_be_absent,
    )
    if not isinstance(result, Checked):
        standing = standing or (GUARD if isinstance(expected, Boolean) else VALUE)
        for mistake in result:
            help = _way_out(mistake, expr.source, expected, names)
            help = way_out(mistake, result, expr.source, standing) if mistake.absent else help
            place = expr.marked.place(mistake.offset, mistake.length)
            problems.append(Problem(mistake.code, place, mistake.message, help))
        return None
    typed = TypedExpression(
        expr.source, result.type, result.references, expr.marked.span, result.may_be_absent, result.tree
    )
    return CheckedExpression(typed, result.implies, result.implies_not)


def _way_out(mistake: Mistake, source: str, expected: ValueType | None, names: Names) -> str:
    """The help for a mistake: the nearest name, or quotes for somebody who wrote a text as it is (`state: free`)."""
    help = mistake.help
    if mistake.code == "unknown-name":
        help = did_you_mean(source[mistake.offset : mistake.offset + mistake.length], names.types)
    read_as_name = mistake.code in ("unknown-name", "expression-syntax") and not help.startswith("did")
    if read_as_name and isinstance(expected, Text | Enumeration) and _WORDS.fullmatch(source):
        return f"a text in an expression has its own quotes: \"'{source}'\""
    return help


def typed_expression(
    marked: Marked,
    names: Names,
    expected: ValueType | None,
    problems: list[Problem],
    *,
    may_be_absent: bool = False,
    standing: Standing = VALUE,
) -> TypedExpression | None:
    """What stands at `marked`, taken for an expression; None when it is not one or a wrong one."""
    expr = Expr.shaped(marked)
    if isinstance(expr, Problem):
        problems.append(expr)
        return None
    checked = check_expression(expr, names, expected, problems, may_be_absent=may_be_absent, standing=standing)
    return checked.typed if checked else None


def typed_template(
    marked: Marked, names: Names, expected: ValueType | None, problems: list[Problem], *, may_be_absent: bool = False
) -> TypedTemplate | None:
    """A value made of mappings and lists of expressions, checked against the type it must have where one is given."""
    if isinstance(marked.value, dict):
        return _mapping(marked, marked.value, names, expected, problems)
    if isinstance(marked.value, list):
        if expected is not None and not isinstance(expected, ListOf | Anything):
            problems.append(Problem("expression-type", marked.head, f"expected {describe(expected)}, found a list"))
            return None
        element = expected.element if isinstance(expected, ListOf) else None
        items = [typed_template(item, names, element, problems) for item in marked.value]
        return None if None in items else [item for item in items if item is not None]
    return typed_expression(marked, names, expected, problems, may_be_absent=may_be_absent)


def _mapping(
    marked: Marked, value: dict[str, Marked], names: Names, expected: ValueType | None, problems: list[Problem]
) -> TypedTemplate | None:
    if expected is not None and not isinstance(expected, Record | Anything):
        problems.append(Problem("expression-type", marked.head, f"expected {describe(expected)}, found a mapping"))
        return None
    record = expected if isinstance(expected, Record) else None
    entries: dict[str, TypedTemplate] = {}
    for key, item in value.items():
        declared = record.field(key) if record else None
        if record and declared is None:
            problems.append(_undeclared(marked.key_spans[key], key, record))
            continue
        wanted = declared.type if declared else None
        optional = record is None or bool(declared and declared.optional)
        typed = typed_template(item, names, wanted, problems, may_be_absent=optional)
        if typed is not None:
            entries[key] = typed
    problems.extend(_missing(marked, value, record))
    return entries if len(entries) == len(value) else None


def _undeclared(span: Span, key: str, record: Record) -> Problem:
    known = [field.name for field in record.fields]
    return Problem(
        "undeclared-value", span, f"`{key}` is not declared in {record.name or 'this object'}", did_you_mean(key, known)
    )


def _missing(marked: Marked, value: Mapping[str, Marked], record: Record | None) -> list[Problem]:
    if record is None:
        return []
    return [
        Problem(
            "missing-value",
            marked.head,
            f"`{field.name}` is required in {record.name or 'this object'} and has no value",
            f"add `{field.name}`",
        )
        for field in record.fields
        if not field.optional and field.name not in value
    ]


def template_type(template: TypedTemplate, name: str = "") -> ValueType:
    """The type of the value a template makes."""
    if isinstance(template, dict):
        fields = (
            FieldType(
                name=key,
                type=template_type(item),
                optional=isinstance(item, TypedExpression) and item.may_be_absent,
            )
            for key, item in template.items()
        )
        return Record(name=name, fields=tuple(fields))
    if isinstance(template, list):
        types = {template_type(item) for item in template}
        return ListOf(element=types.pop() if len(types) == 1 else Anything())
    return template.type
