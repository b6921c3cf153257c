"""Whose rows a step touches: whether what it compares or writes keeps it to those of the principal."""

from __future__ import annotations

import typing
from collections.abc import Iterator

from writ.graph.aliases import meant
from writ.graph.app import ToolFacts
from writ.graph.flow import Step
from writ.graph.origins import Origins
from writ.spec.resolved import Condition, Entity, EntityField, TypedExpression
from writ.values.syntax import Call, ListLiteral, Literal, Node

Mark = typing.Literal["owner", "tenant"]
"""What says whose a row is."""


def touched(step: Step) -> Entity | None:
    """The entity whose rows a step reads or writes."""
    facts = step.facts
    return facts.write.entity if facts.write else facts.read.entity if facts.read else None


def marked_field(entity: Entity, mark: Mark) -> EntityField | None:
    """The field that says whose a row of the entity is."""
    return entity.fields.get((entity.owner if mark == "owner" else entity.tenant) or "")


def conditions(step: Step) -> tuple[Condition, ...]:
    """The `where` of a step."""
    facts = step.facts
    return facts.write.where if facts.write else facts.read.where if facts.read else ()


def creates(step: Step) -> bool:
    """Whether a step makes new rows."""
    return step.facts.write is not None and step.facts.write.kind == "create"


def kept_to_principal(tool: ToolFacts, step: Step, mark: Mark) -> bool:
    """Whether every row of the step belongs to the principal because the step itself says so: its mark is always
    compared with, or for a new row set to, what the verified token says, or its `id` is that of such a row.
    """
    entity = touched(step)
    field = marked_field(entity, mark) if entity else None
    if entity is None or field is None:
        return False
    said = list(_said(step))
    if creates(step) and mark == "owner" and field.references is None and field not in [one for one, _ in said]:
        return True  # the system sets it to the caller
    return any(_keeps(tool, step, entity, field, mark, *one) for one in said)


def _said(step: Step) -> Iterator[tuple[EntityField, TypedExpression]]:
    """The fields whose values are known for every row of the step."""
    if creates(step):
        uses = (use for use in step.facts.uses if use.purpose == "set")
        yield from ((use.field, use.expression) for use in uses if use.field is not None)
        return
    for one in conditions(step):
        if one.operator in ("equals", "among") and one.when is None and one.value is not None:
            yield one.field, one.value


def _keeps(
    tool: ToolFacts,
    step: Step,
    entity: Entity,
    marked: EntityField,
    mark: Mark,
    said: EntityField,
    value: TypedExpression,
) -> bool:
    if said.name == marked.name and marked.references is None:
        return _from_token(tool, value, mark)
    value = meant(tool, value)
    if not _stands_for_its_sources(value.tree):
        return False
    origins = tool.data.of(value)
    if said.name == marked.name:
        return _of_kept_row(tool, step, origins, str(marked.references), mark)
    return said.name == "id" and _of_kept_row(tool, step, origins, entity.name, mark)


def _from_token(tool: ToolFacts, value: TypedExpression, mark: Mark) -> bool:
    """Whether a value is the subject of the verified token, or for a tenant one of its claims, and nothing else."""
    value = meant(tool, value)
    origins = tool.data.of(value)
    if not _stands_for_its_sources(value.tree):
        return False
    if mark == "tenant":
        return bool(origins) and all(it.kind == "claims" for it in origins)
    return bool(origins) and all(it.name == "principal.subject" for it in origins)


def _stands_for_its_sources(tree: Node | None) -> bool:
    """Whether each value it can be is made of what it reads: a constant among them, or what is chosen, is somebody
    else's, and a comparison is neither.
    """
    match tree:
        case Literal():
            return False
        case ListLiteral(elements=elements):
            return all(map(_stands_for_its_sources, elements))
        case Call(function="_?_:_", arguments=(_, yes, no)):
            return _stands_for_its_sources(yes) and _stands_for_its_sources(no)
        case Call(target=target, arguments=arguments):
            return any(_stands_for_its_sources(one) for one in (*arguments, target) if one is not None)
    return tree is not None


def _of_kept_row(tool: ToolFacts, step: Step, origins: Origins, entity: str, mark: Mark) -> bool:
    if len(origins) != 1:
        return False
    (origin,) = origins
    if origin.step is None or origin.step >= step.index or origin.name != f"{entity}.id":
        return False
    return kept_to_principal(tool, tool.graph.steps[origin.step], mark)
