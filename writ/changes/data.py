"""What the app keeps: entities, their fields, and what every row must meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from writ.changes.change import Change, Versions, gone, paired
from writ.changes.expressions import same, strength
from writ.changes.kinds import Kind
from writ.changes.limits import LEAST, MOST, limited
from writ.spec.resolved import Aggregate, Entity, EntityField, ResolvedInvariant
from writ.values.types import Enumeration, describe

_ROWS = "give every row that is there what it needs first"


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what is kept."""
    old, new = versions.old.app.entities, versions.new.app.entities
    for name, entity in gone(old, new):
        message = f"the entity `{name}` is gone: publishing is refused while its table holds rows"
        help = "keep the entity until its rows and the runs that use it are gone"
        yield Change(Kind.ENTITY_REMOVED, f"{versions.name}.{name}", message, entity.span, versions.new.app.span, help)
    for name, entity in gone(new, old):
        message = f"the app keeps `{name}`"
        yield Change(Kind.ENTITY_ADDED, f"{versions.name}.{name}", message, versions.old.app.span, entity.span)
    for name, before, after in paired(old, new):
        path = f"{versions.name}.{name}"
        yield from _fields(path, before, after)
        yield from _unique(path, before, after)
        yield from _invariants(path, before, after)
        if before.description != after.description:
            message = f"`{name}` is described otherwise"
            yield Change(Kind.WORDING_CHANGED, path, message, before.span, after.span)


def _fields(path: str, old: Entity, new: Entity) -> Iterator[Change]:
    before = {name: field for name, field in old.fields.items() if not field.system}
    after = {name: field for name, field in new.fields.items() if not field.system}
    for name, field in gone(before, after):
        keeps = field.optional or field.default is not None
        what = "nobody reads it any more" if keeps else "publishing is refused, its column takes no row without it"
        message = f"the field `{new.name}.{name}` is gone: {what}"
        help = "keep the field (a rename is a new field: copy, then drop)"
        yield Change(Kind.FIELD_REMOVED, f"{path}.{name}", message, field.span, new.span, help)
    for name, field in gone(after, before):
        message = f"rows of `{new.name}` have a new field `{name}`"
        yield Change(Kind.FIELD_ADDED, f"{path}.{name}", message, old.span, field.span)
        if not field.optional and field.default is None:
            message = f"`{name}` is new and required: rows that are there have no value for it"
            help = "make it `optional`, or give it a `default`"
            yield Change(Kind.ROWS_MAY_NOT_FIT, f"{path}.{name}", message, old.span, field.span, help)
    for name, one, other in paired(before, after):
        yield from _field(f"{path}.{name}", one, other)


def _field(path: str, old: EntityField, new: EntityField) -> Iterator[Change]:
    places, name = (old.span, new.span), new.name
    yield from _type(path, old, new)
    if old.optional != new.optional:
        kind = Kind.NOW_OPTIONAL if new.optional else Kind.NOW_REQUIRED
        message = f"rows may be without `{name}`" if new.optional else f"every row must have `{name}`"
        yield Change(kind, path, message, *places)
        if old.optional:
            yield _may_not_fit(path, f"rows that are there may be without `{name}`", old, new)
    yield from _switched(path, old, new)
    if old.type.kind == new.type.kind:
        yield from _bounds(path, old, new)
    if old.default != new.default:
        yield Change(Kind.DEFAULT_CHANGED, path, f"new rows begin with another `{name}`", *places)
    if old.description != new.description:
        yield Change(Kind.WORDING_CHANGED, path, f"`{name}` is described otherwise", *places)


def _may_not_fit(path: str, message: str, old: EntityField, new: EntityField) -> Change:
    return Change(Kind.ROWS_MAY_NOT_FIT, path, message, old.span, new.span, _ROWS)


def _type(path: str, old: EntityField, new: EntityField) -> Iterator[Change]:
    places, name = (old.span, new.span), new.name
    if isinstance(old.type, Enumeration) and isinstance(new.type, Enumeration):
        for value in sorted(set(old.type.values) - set(new.type.values)):
            message = f"`{name}` no longer takes `{value}`: publishing is refused while rows have it"
            yield Change(Kind.VALUES_REMOVED, path, message, *places, f"keep `{value}` until no row has it")
        for value in sorted(set(new.type.values) - set(old.type.values)):
            yield Change(Kind.VALUES_ADDED, path, f"`{name}` takes `{value}`", *places)
    elif (old.type, old.references) != (new.type, new.references):
        types = f"{_described(new)}, and no longer {_described(old)}"
        message = f"`{name}` is {types}: publishing is refused"
        help = "keep the type, or add a field of another name with the new type"
        yield Change(Kind.TYPE_CHANGED, path, message, *places, help)


def _described(field: EntityField) -> str:
    return f"a reference to `{field.references}`" if field.references else describe(field.type)


def _switched(path: str, old: EntityField, new: EntityField) -> Iterator[Change]:
    """What is said of a field by yes or no."""
    places, name = (old.span, new.span), new.name
    asked = (
        ("immutable", "can be changed", old.immutable, new.immutable, Kind.IMMUTABLE_LOST, Kind.IMMUTABLE_GAINED),
        ("unique", "may be the same in two rows", old.unique, new.unique, Kind.UNIQUE_LOST, Kind.UNIQUE_GAINED),
        ("personal", "is protected as any other", old.personal, new.personal, Kind.CLASS_LOST, Kind.CLASS_GAINED),
        ("secret", "is protected as any other", old.secret, new.secret, Kind.CLASS_LOST, Kind.CLASS_GAINED),
    )
    for key, without, before, after, lost, gained in asked:
        if before and not after:
            message = f"`{name}` is no longer `{key}`: it {without}"
            yield Change(lost, path, message, *places, f"write `{key}: true` again")
        elif after and not before:
            yield Change(gained, path, f"`{name}` is `{key}`", *places)
            if key == "unique":
                yield _may_not_fit(path, f"rows that are there may have the same `{name}`", old, new)


def _bounds(path: str, old: EntityField, new: EntityField) -> Iterator[Change]:
    asked = (
        ("least length", LEAST, old.min_length, new.min_length),
        ("greatest length", MOST, old.max_length, new.max_length),
        ("minimum", LEAST, old.minimum, new.minimum),
        ("maximum", MOST, old.maximum, new.maximum),
        ("most elements", MOST, old.max_items, new.max_items),
    )
    for what, kinds, before, after in asked:
        told = f"the {what} of `{new.name}`"
        for change in limited(kinds, path, told, (before, after), (old.span, new.span)):
            yield change
            if change.kind is Kind.BOUND_TIGHTENED:
                message = f"rows that are there may not keep to the {what} of `{new.name}`"
                yield replace(change, kind=Kind.ROWS_MAY_NOT_FIT, message=message, help=_ROWS)


def _unique(path: str, old: Entity, new: Entity) -> Iterator[Change]:
    before, after = ({tuple(sorted(names)) for names in one.unique} for one in (old, new))
    for names in sorted(before - after):
        message = f"two rows of `{new.name}` may have the same {_together(names)}"
        help = f"write `[{', '.join(names)}]` under `unique` again"
        yield Change(Kind.UNIQUE_LOST, path, message, old.span, new.span, help)
    for names in sorted(after - before):
        message = f"no two rows of `{new.name}` may have the same {_together(names)}"
        yield Change(Kind.UNIQUE_GAINED, path, message, old.span, new.span)
        message = f"rows that are there may have the same {_together(names)}"
        yield Change(Kind.ROWS_MAY_NOT_FIT, path, message, old.span, new.span, _ROWS)


def _together(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _invariants(path: str, old: Entity, new: Entity) -> Iterator[Change]:
    before = {one.name: one for one in old.invariants}
    after = {one.name: one for one in new.invariants}
    for name, one in gone(before, after):
        message = f"rows of `{new.name}` need not meet `{name}` any more: `{_line(one)}`"
        yield Change(Kind.INVARIANT_REMOVED, f"{path}.{name}", message, one.span, new.span, "write it again")
    for name, one in gone(after, before):
        message = f"rows of `{new.name}` must meet `{name}`: `{_line(one)}`"
        yield Change(Kind.INVARIANT_ADDED, f"{path}.{name}", message, old.span, one.span)
    for name, first, second in paired(before, after):
        yield from _invariant(f"{path}.{name}", first, second)


def _line(invariant: ResolvedInvariant) -> str:
    return " ".join(invariant.that.source.split())


_BY_STRENGTH = {
    "weaker": (Kind.INVARIANT_WEAKENED, "asks for less than before"),
    "stronger": (Kind.INVARIANT_STRENGTHENED, "asks for more than before"),
    "other": (Kind.INVARIANT_CHANGED, "asks for something else than before"),
}


def _invariant(path: str, old: ResolvedInvariant, new: ResolvedInvariant) -> Iterator[Change]:
    found = strength(old.that, new.that)
    if found != "same":
        kind, what = _BY_STRENGTH[found]
        message = f"`{new.name}` {what}: `{_line(new)}`, and no longer `{_line(old)}`"
        help = "keep what it asked for" if found == "weaker" else ""
        yield Change(kind, path, message, old.that.span, new.that.span, help)
    if _figure(old.aggregate) != _figure(new.aggregate):
        message = f"`{new.name}` counts or adds up other rows than before"
        yield Change(Kind.INVARIANT_CHANGED, path, message, old.span, new.span)
    if old.message != new.message:
        yield Change(Kind.WORDING_CHANGED, path, f"what `{new.name}` says reads otherwise", old.span, new.span)


def _figure(aggregate: Aggregate | None) -> tuple[object, ...]:
    if aggregate is None:
        return ()
    where = sorted(
        ((one.field.name, one.operator, one.expects) for one in aggregate.where),
    )
    values = {(one.field.name, one.operator): (same(one.value), same(one.when)) for one in aggregate.where}
    return aggregate.figure, aggregate.entity, where, values, aggregate.of.name if aggregate.of else None
