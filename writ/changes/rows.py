"""Which rows are read and changed, what is written into them, and how they are kept from other runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.changes.change import Change, ToolPair, Versions
from writ.changes.expressions import same
from writ.changes.kinds import Kind
from writ.changes.limits import COUNT, TIME, limited
from writ.changes.steps import StepPair
from writ.graph.belonging import conditions
from writ.graph.flow import Step
from writ.nodes.facts import Use
from writ.nodes.typed import TypedRead, TypedSql, TypedTransaction
from writ.spec.resolved import Condition, TypedExpression
from writ.values.syntax import Literal

_FOR_GOOD = frozenset({"delete", "erase", "sql"})
_ISOLATIONS = ("read_committed", "repeatable_read", "serializable")
_LOCKS = (None, "share", "update")


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what happens to rows in tools that both versions have."""
    for tool in versions.tools:
        if tool.steps is None:
            continue
        for step in tool.steps.gone:
            yield from _gone(tool, step)
        for step in tool.steps.fresh:
            yield from _fresh(tool, step)
        for pair in tool.steps.pairs:
            yield from _conditions(tool, pair)
            yield from _writes(tool, pair)
            yield from _reads(tool, pair)
            yield from _counts(tool, pair)
            yield from _transaction(tool, pair)


def _gone(tool: ToolPair, step: Step) -> Iterator[Change]:
    kind = {"write": Kind.WRITE_REMOVED, "read": Kind.READ_REMOVED}.get(step.facts.effect)
    if kind is not None:
        message = f"`{tool.new.name}` no longer does `{_what(step)}`"
        yield Change(kind, f"{tool.path}/{step.path}", message, step.facts.span, tool.spans("flow")[1])


def _fresh(tool: ToolPair, step: Step) -> Iterator[Change]:
    kind = {"write": Kind.WRITE_ADDED, "read": Kind.READ_ADDED}.get(step.facts.effect)
    if kind is None:
        return
    help = ""
    if step.facts.write is not None and step.facts.write.kind in _FOR_GOOD:
        kind, help = Kind.DELETION_ADDED, "write `archive`, which loses nothing"
    message = f"`{tool.new.name}` does `{_what(step)}`, which it did not"
    yield Change(kind, f"{tool.path}/{step.path}", message, tool.spans("flow")[0], step.facts.span, help)


def _what(step: Step) -> str:
    facts = step.facts
    entity = facts.write.entity if facts.write else facts.read.entity if facts.read else None
    to = f" to {facts.write.to}" if facts.write and facts.write.to else ""
    return f"{facts.kind} {entity.name}{to}" if entity else f"{facts.kind} {facts.name}"


def _conditions(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    old, new = _by_field(conditions(pair.old)), _by_field(conditions(pair.new))
    writes = pair.new.facts.effect == "write"
    name = pair.new.facts.name
    path, places = f"{tool.path}/{pair.new.path}", (pair.old.facts.span, pair.new.facts.span)
    for key in sorted(old.keys() | new.keys()):
        field = key[0]
        if key not in new and any(other == field for other, _ in new.keys() - old.keys()):
            continue  # told where the other comparison is
        if key not in new:
            kind = Kind.CONDITION_REMOVED if writes else Kind.READ_WIDENED
            message = f"`{name}` {'changes' if writes else 'reads'} rows whatever their `{field}` is"
            yield Change(kind, path, message, *places, f"keep `{field}` in its `where`")
        elif key in old and _said(old[key]) == _said(new[key]):
            continue
        elif key in old or any(other == field for other, _ in old):
            yield Change(Kind.CONDITION_CHANGED, path, f"`{name}` compares `{field}` with something else", *places)
        else:
            yield Change(Kind.CONDITION_ADDED, path, f"`{name}` only finds rows with the right `{field}`", *places)


_Conditions = Mapping[tuple[str, str], Condition]


def _by_field(found: tuple[Condition, ...]) -> _Conditions:
    return {(one.field.name, one.operator): one for one in found}


def _said(condition: Condition) -> tuple[object, ...]:
    return same(condition.value), same(condition.when), condition.expects


def _writes(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    old, new = pair.old.facts.write, pair.new.facts.write
    if old is None or new is None:
        return
    path, name = f"{tool.path}/{pair.new.path}", pair.new.facts.name
    places = pair.old.facts.span, pair.new.facts.span
    entities = [one.entity.name if one.entity else "" for one in (old, new)]
    if (entities[0], old.to) != (entities[1], new.to):
        message = f"`{name}` does `{_what(pair.new)}`, and no longer `{_what(pair.old)}`"
        yield Change(Kind.WRITE_CHANGED, path, message, *places)
    if _repeated(pair.old) != _repeated(pair.new):
        message = f"`{name}` makes its rows from another list, or executes another statement"
        yield Change(Kind.WRITE_CHANGED, path, message, *places)
    before, after = _sets(pair.old), _sets(pair.new)
    for field in sorted(before.keys() | after.keys()):
        if same(before.get(field)) != same(after.get(field)):
            yield Change(Kind.WRITE_CHANGED, path, _written(name, field, before, after), *places)


def _repeated(step: Step) -> tuple[object, ...]:
    """What a step makes its rows from, where that is not one row; the statement of one that is SQL text."""
    over = tuple(same(use.expression) for use in step.facts.uses if use.purpose == "over")
    return *over, step.node.text if isinstance(step.node, TypedSql) else ""


def _sets(step: Step) -> Mapping[str, TypedExpression]:
    uses: Iterator[Use] = (use for use in step.facts.uses if use.purpose == "set")
    return {use.place.removeprefix("set."): use.expression for use in uses}


def _written(name: str, field: str, before: Mapping[str, TypedExpression], after: Mapping[str, TypedExpression]) -> str:
    if field not in after:
        return f"`{name}` no longer writes `{field}`"
    source = " ".join(after[field].source.split())
    other = f", and no longer `{' '.join(before[field].source.split())}`" if field in before else ""
    return f"`{name}` writes `{source}` into `{field}`{other}"


def _reads(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    old, new = pair.old.node, pair.new.node
    if not isinstance(old, TypedRead) or not isinstance(new, TypedRead):
        return
    path, places = f"{tool.path}/{pair.new.path}", (old.span, new.span)
    if (old.entity.name, old.expect, old.order, old.missing) != (new.entity.name, new.expect, new.order, new.missing):
        yield Change(Kind.READ_CHANGED, path, f"`{new.name}` reads in another way than before", *places)
    if old.lock != new.lock:
        weaker = _LOCKS.index(new.lock) < _LOCKS.index(old.lock)
        kind = Kind.LOCK_WEAKENED if weaker else Kind.LOCK_STRENGTHENED
        written = f"`lock: {new.lock}`" if new.lock else "no lock"
        message = (
            f"`{new.name}` reads with {written}, and no longer with {f'`lock: {old.lock}`' if old.lock else 'none'}"
        )
        yield Change(kind, path, message, *places, f"write `lock: {old.lock}` again" if weaker else "")
    yield from _read_limit(path, old, new)


def _read_limit(path: str, old: TypedRead, new: TypedRead) -> Iterator[Change]:
    if same(old.limit) == same(new.limit):
        return
    numbers = _number(old.limit), _number(new.limit)
    if (old.limit and numbers[0] is None) and (new.limit and numbers[1] is None):
        message = f"the limit of `{new.name}` is `{new.limit.source}`, and no longer `{old.limit.source}`"
        yield Change(Kind.LIMIT_CHANGED, path, message, old.limit.span, new.limit.span)
    elif (old.limit is None or numbers[0] is not None) and (new.limit is None or numbers[1] is not None):
        yield from limited(COUNT, path, f"the limit of `{new.name}`", numbers, (old.span, new.span))
    elif new.limit is None:
        yield Change(
            Kind.LIMIT_REMOVED, path, f"`{new.name}` has no limit any more", old.span, new.span, "keep a limit"
        )
    else:
        kind = Kind.LIMIT_LOWERED if old.limit is None else Kind.LIMIT_CHANGED
        message = f"the limit of `{new.name}` is `{new.limit.source}`"
        yield Change(kind, path, message, old.span, new.span)


def _number(expression: TypedExpression | None) -> int | None:
    tree = expression.tree if expression else None
    value = tree.value if isinstance(tree, Literal) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _counts(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    path, places = f"{tool.path}/{pair.new.path}", (pair.old.facts.span, pair.new.facts.span)
    old, new = pair.old.facts, pair.new.facts
    if old.repetition and new.repetition:
        what = f"the bound of `{new.name}`"
        yield from limited(COUNT, path, what, (old.repetition.most, new.repetition.most), places)
    if old.write and new.write:
        what = f"the most rows `{new.name}` may touch"
        yield from limited(COUNT, path, what, (old.write.rows[1], new.write.rows[1]), places)
        if old.write.rows[0] != new.write.rows[0]:
            message = f"`{new.name}` must touch at least {new.write.rows[0]} rows, and no longer {old.write.rows[0]}"
            yield Change(Kind.LIMIT_CHANGED, path, message, *places)


def _transaction(tool: ToolPair, pair: StepPair) -> Iterator[Change]:
    old, new = pair.old.node, pair.new.node
    if not isinstance(old, TypedTransaction) or not isinstance(new, TypedTransaction):
        return
    path, places = f"{tool.path}/{pair.new.path}", (old.span, new.span)
    if old.isolation != new.isolation:
        weaker = _ISOLATIONS.index(new.isolation) < _ISOLATIONS.index(old.isolation)
        kind = Kind.ISOLATION_WEAKENED if weaker else Kind.ISOLATION_STRENGTHENED
        message = f"`{new.name}` is `{new.isolation}`, and no longer `{old.isolation}`"
        yield Change(kind, path, message, *places, f"write `isolation: {old.isolation}`" if weaker else "")
    limits = (
        ("a statement of", old.statement_timeout_ms, new.statement_timeout_ms),
        ("the whole of", old.timeout_ms, new.timeout_ms),
    )
    for what, before, after in limits:
        numbers = before / 1000 if before else None, after / 1000 if after else None
        yield from limited(TIME, path, f"the longest {what} `{new.name}` may take", numbers, places)
