"""Rows are changed by a condition that may mean several, and nobody said how many.

Catches:
    An `update`, `transition` or `archive` whose `where` fixes neither `id` nor a unique field nor all fields of a
    unique set, and which has no `expect_rows`; an `erase` of that kind in any case. And a `read` of one row without
    such a key, whose `id` says which rows are changed later or is stored in another row. The `transition` of a
    `compensate` too.

Dangerous because:
    The author thought of one row. Where the data has two, the run is refused; where it has one that is not the one
    meant, the wrong row changes.

Avoid:
    - update: noted
      entity: Order
      where: {payment: input.reference}
      set: {parcel: input.parcel}

Prefer:
    - update: noted
      entity: Order
      where: {id: input.order}
      set: {parcel: input.parcel}

Cannot see:
    Whether a field that is not declared `unique` is so in the data: that is why it is only likely. A key that is there
    only at times (WRT006), and a `where` that says nothing (WRT001). A read of rows with a `unique` owner is not asked
    for a key where everybody reaches their own row only.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.origins import Origin
from writ.graph.predicates import bound_to_key, narrowing, unconditional
from writ.nodes.typed_terms import Compensation
from writ.rules.rule import Rule
from writ.spec.resolved import Condition, Entity
from writ.values import Text

_CHANGES = frozenset({"update", "transition", "archive", "erase"})


def check(app: AppFacts) -> Iterator[Found]:
    """Changes of rows that no key and no number of rows holds to those that are meant."""
    for tool, step in app.steps("write"):
        write = step.facts.write
        if write is None or write.entity is None or write.kind not in _CHANGES or write.stated:
            continue
        if _keyless(write.entity, write.where):
            yield _found(app, tool, step, write.entity)
    for tool, step in app.steps("external", "payment"):
        undoing = step.facts.outside.compensation if step.facts.outside else None
        if undoing is not None and undoing.entity is not None and _keyless(undoing.entity, undoing.where):
            yield _undone(app, tool, step, undoing, undoing.entity)
    for tool, step in app.steps("read"):
        read = step.facts.read
        if read is not None and read.expect != "many" and _keyless(read.entity, read.where):
            user = next(_users(tool, step), None)
            if user is not None and not _only_one_is_reached(tool, read.entity):
                yield _found_by(app, tool, step, read.entity, user)


def _keyless(entity: Entity, where: tuple[Condition, ...]) -> bool:
    conditions = narrowing(where)
    return bool(unconditional(conditions)) and not bound_to_key(entity, conditions)


def _users(tool: ToolFacts, read: Step) -> Iterator[Step]:
    """Writes that find their rows by the `id` of the row that was read, or store it."""
    for step in tool.graph.steps:
        uses = (use for use in step.facts.uses if step.facts.write and use.purpose in ("where", "set"))
        if any(_is_id_of(read, origin) for use in uses for origin in tool.data.of_use(use)):
            yield step


def _is_id_of(read: Step, origin: Origin) -> bool:
    return origin.step == read.index and origin.field is not None and origin.field.name == "id"


def _only_one_is_reached(tool: ToolFacts, entity: Entity) -> bool:
    """Whether nobody reaches more than the one row that is theirs."""
    owner = entity.fields.get(entity.owner or "")
    return owner is not None and owner.unique and set(tool.tool.allow.values()) == {"own"}


def _undone(app: AppFacts, tool: ToolFacts, step: Step, undoing: Compensation, entity: Entity) -> Found:
    name = step.facts.name
    return Found(
        span=undoing.span,
        path=app.path(tool, step),
        message=f"the compensation of `{name}` may mean several rows of `{entity.name}`: its `where` fixes no key",
        help=f"fix {_keys(entity)} in `where`",
        detail="compensation",
    )


def _found_by(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity, user: Step) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` may find another row of `{entity.name}` than is meant: its `where` fixes no key",
        help=f"fix {_keys(entity)} in `where`{_or_unique(step)}",
        related=(Related(user.facts.span, f"relies on the `id` of `{name}`"),),
    )


def _or_unique(read: Step) -> str:
    """The other way out: what the row is found by is a key, and only was not declared so."""
    where = read.facts.read.where if read.facts.read else ()
    fields = [one.field for one in where if one.operator == "equals" and not one.field.system and one.when is None]
    chosen = next((f"`{field.name}`" for field in fields if isinstance(field.type, Text)), "")
    return f", or write `unique: true` at {chosen} where no two rows share it" if chosen else ""


def _found(app: AppFacts, tool: ToolFacts, step: Step, entity: Entity) -> Found:
    name = step.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` may mean several rows of `{entity.name}`: its `where` fixes no key",
        help=f"fix {_keys(entity)} in `where`, or say how many rows you mean: `expect_rows: {{at_most: 10}}`",
    )


def _keys(entity: Entity) -> str:
    unique = [f"`{field.name}`" for field in entity.fields.values() if field.unique and field.name != "id"]
    sets = [" with ".join(f"`{name}`" for name in names) for names in entity.unique]
    return " or ".join(["`id`", *unique, *sets])


RULE = Rule(
    id="WRT004",
    name="where-not-key-bound",
    severity=Severity.risk,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
