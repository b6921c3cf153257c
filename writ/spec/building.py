"""From a marked value to what an annotation asks for: bottom up, so that every problem is found at its own place.

The validation library sees a mapping only once its entries have their types; it adds what fields and models declare
beyond types (bounds, patterns, validators).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from writ.problems import Problem, did_you_mean
from writ.spec.authored import Expr, PlacedText, SpecModel
from writ.spec.complaints import library_problem, listed, not_allowed, quoted, wrong_type
from writ.spec.marked import Marked

_SCALARS: dict[object, tuple[str, tuple[type, ...]]] = {
    str: ("a text", (str,)),
    bool: ("`true` or `false`", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
    NoneType: ("nothing", (NoneType,)),
}


class Built(NamedTuple):
    """What was made of a value; it is there only when there are no problems."""

    value: Any
    problems: list[Problem]


def build(wanted: Any, marked: Marked) -> Built:
    """What the annotation `wanted` makes of the value, or every reason why it cannot."""
    wanted = _bare(wanted)
    origin = get_origin(wanted)
    if wanted is Marked:
        return Built(marked, [])
    if isinstance(wanted, type) and issubclass(wanted, SpecModel):
        return build_model(wanted, marked, wanted.called)
    if isinstance(wanted, type) and issubclass(wanted, PlacedText | Expr):
        return _result(wanted.shaped(marked))
    if origin in {Union, UnionType}:
        return _any_of(wanted, marked)
    if origin in {list, tuple, dict}:
        return _collection(wanted, marked)
    return _single(wanted, marked)


def build_model(model: type[SpecModel], marked: Marked, called: str) -> Built:
    """A model of a mapping; `called` is what messages call the mapping (`this mapping`, `an entity`)."""
    entries = marked.value
    if not isinstance(entries, dict):
        return Built(None, [wrong_type(["a mapping"], marked)])
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    problems = _key_problems(fields, marked, called)
    values = {}
    for key, field in fields.items():
        if key in entries:
            built = _entry(field, entries[key])
            problems.extend(built.problems)
            if not built.problems:
                values[key] = built.value
    return _validated(model, fields, values, marked, problems)


def _entry(field: FieldInfo, marked: Marked) -> Built:
    """The value of a key. Nothing is a value only where a key that must stand says so (`respond:`); for one that may
    be left out, `None` is what it then is, and nothing behind it a value that somebody forgot.
    """
    if marked.value is None and field.is_required() and NoneType in get_args(field.annotation):
        return Built(None, [])
    return build(field.annotation, marked)


def words(wanted: Any) -> list[str]:
    """What an annotation asks for, in words, one for each type that fits."""
    wanted = _bare(wanted)
    origin = get_origin(wanted)
    if origin in {Union, UnionType}:
        each = [word for member in get_args(wanted) if member is not NoneType for word in words(member)]
        return [word for word in dict.fromkeys(each) if word != "a whole number" or "a number" not in each]
    if _choices(wanted):
        return [quoted(choice) for choice in _choices(wanted)]
    if wanted in _SCALARS:
        return [_SCALARS[wanted][0]]
    if origin in {list, tuple}:
        return ["a list"]
    if origin is dict or (isinstance(wanted, type) and issubclass(wanted, SpecModel)):
        return ["a mapping"]
    return [getattr(wanted, "expected", "a value")]


def _bare(wanted: Any) -> Any:
    return get_args(wanted)[0] if get_origin(wanted) is Annotated else wanted


def _result(shaped: object) -> Built:
    return Built(None, [shaped]) if isinstance(shaped, Problem) else Built(shaped, [])


def _any_of(union: Any, marked: Marked) -> Built:
    """The first member that fits; else the problems of the one that came nearest, so that each mistake is told once."""
    members = get_args(union)
    tried = [build(member, marked) for member in members if member is not NoneType]
    for built in tried:
        if not built.problems or len(tried) == 1:
            return built
    nearer = [built for built in tried if not _is_of_wrong_type(built, marked)]
    if not nearer:
        return Built(None, [wrong_type(words(union), marked)])
    return min(nearer, key=lambda built: len(built.problems))


def _is_of_wrong_type(built: Built, marked: Marked) -> bool:
    return any(problem.code == "wrong-type" and problem.span == marked.span for problem in built.problems)


def _collection(wanted: Any, marked: Marked) -> Built:
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is dict:
        return _mapping(arguments[0], arguments[1], marked)
    if not isinstance(marked.value, list):
        return Built(None, [wrong_type(["a list"], marked)])
    built = [build(arguments[0], item) for item in marked.value]
    problems = [problem for each in built for problem in each.problems]
    return Built(origin(each.value for each in built), problems)


def _mapping(key_wanted: Any, value_wanted: Any, marked: Marked) -> Built:
    if not isinstance(marked.value, dict):
        return Built(None, [wrong_type(["a mapping"], marked)])
    made: dict[Any, Any] = {}
    problems: list[Problem] = []
    for name, item in marked.value.items():
        key, value = build(key_wanted, marked.key(name)), build(value_wanted, item)
        problems += key.problems + value.problems
        made[key.value] = value.value
    return Built(made, problems)


def _single(wanted: Any, marked: Marked) -> Built:
    """A scalar, one of a set of choices, or else whatever the validation library will make of the plain value."""
    value = marked.value
    choices = _choices(wanted)
    if choices:
        return _choice(wanted, choices, marked)
    if wanted not in _SCALARS:
        return Built(marked.plain(), [])
    word, types = _SCALARS[wanted]
    if not isinstance(value, types) or (isinstance(value, bool) and wanted is not bool):
        return Built(None, [wrong_type([word], marked)])
    return Built(float(value) if wanted is float and isinstance(value, int) else value, [])


def _choices(wanted: Any) -> list[Any]:
    if get_origin(wanted) is Literal:
        return list(get_args(wanted))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return [member.value for member in wanted]
    return []


def _choice(wanted: Any, choices: list[Any], marked: Marked) -> Built:
    value = marked.value
    if value is None or isinstance(value, list | dict):
        return Built(None, [wrong_type([quoted(choice) for choice in choices], marked)])
    if not any(type(choice) is type(value) and choice == value for choice in choices):
        return Built(None, [not_allowed(choices, marked)])
    return Built(value if get_origin(wanted) is Literal else wanted(value), [])


def _key_problems(fields: Mapping[str, FieldInfo], marked: Marked, called: str) -> list[Problem]:
    """Unknown and missing keys. A missing key that stands there misspelt is one mistake, told as the unknown key."""
    unknown = [
        Problem("unknown-key", span, f"{quoted(key)} is not a key of {called}", did_you_mean(key, fields))
        for key, span in marked.key_spans.items()
        if key not in fields
    ]
    misspelt = {did_you_mean(key, fields) for key in marked.key_spans if key not in fields}
    missing = [
        Problem(
            "missing-key",
            marked.head,
            f"the key `{key}` is missing in {called}",
            field.description or f"add `{key}:` with {listed(words(field.annotation))}",
        )
        for key, field in fields.items()
        if field.is_required() and key not in marked.key_spans and did_you_mean(key, [key]) not in misspelt
    ]
    return unknown + missing


def _validated(
    model: type[SpecModel],
    fields: Mapping[str, FieldInfo],
    values: dict[str, Any],
    marked: Marked,
    problems: list[Problem],
) -> Built:
    try:
        made = model.model_validate(values, context=marked)
    except ValidationError as error:
        found = [_translated(details, fields, marked) for details in error.errors() if not _is_told(details, problems)]
        return Built(None, problems + found)
    return Built(made, problems)


def _is_told(details: ErrorDetails, problems: list[Problem]) -> bool:
    """Keys that are missing or were left out for a problem of their own have been told, so has what follows from it."""
    return details["type"] == "missing" or (not details["loc"] and bool(problems))


def _translated(details: ErrorDetails, fields: Mapping[str, FieldInfo], marked: Marked) -> Problem:
    path = details["loc"]
    field = fields.get(str(path[0])) if path else None
    return library_problem(details, _at(marked, path), (field.description if field else None) or "")


def _at(marked: Marked, path: tuple[int | str, ...]) -> Marked:
    """The value at the library's path, whose steps may also name a member of a union: those lead nowhere here."""
    for step in path:
        match marked.value:
            case dict() as entries if isinstance(step, str) and step in entries:
                marked = entries[step]
            case list() as items if isinstance(step, int) and step < len(items):
                marked = items[step]
    return marked
