"""What a value is once the names that only stand for other expressions are followed."""

from __future__ import annotations

from writ.graph.app import ToolFacts
from writ.graph.flow import Step
from writ.spec.resolved import TypedExpression
from writ.values.syntax import Node, Path, path_of


def meant(tool: ToolFacts, expression: TypedExpression) -> TypedExpression:
    """The expression itself, or where it is nothing but the name of a computed value, the one that computes it."""
    computed = named(tool, expression.tree)
    return expression if computed is None else meant(tool, computed)


def named(tool: ToolFacts, tree: Node | None) -> TypedExpression | None:
    """What computes the value that a part of an expression names; None where it names none that a run computes."""
    path = path_of(tree) if tree is not None else None
    step = tool.graph.binder(path[0]) if path else None
    return _computed(step, path) if step is not None and path is not None else None


def _computed(step: Step, path: Path) -> TypedExpression | None:
    if step.facts.effect != "none":
        return None
    place = ".".join(("value", *path[1:]))
    found = (use.expression for use in step.facts.uses if use.purpose == "bind" and use.place == place)
    return next(found, None)
