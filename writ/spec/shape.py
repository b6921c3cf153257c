"""From a marked mapping to a typed document model, and every reason why it does not have that shape."""

from __future__ import annotations

from typing import TypeVar

from writ.problems import Problem, in_order
from writ.spec.authored import EntityName, Expr, Name, Raw, SpecModel
from writ.spec.building import build_model
from writ.spec.marked import Marked

__all__ = ["EntityName", "Expr", "Name", "Raw", "SpecModel", "shape"]

M = TypeVar("M", bound=SpecModel)


def shape(marked: Marked, model: type[M], *, called: str = "") -> tuple[M | None, list[Problem]]:
    """The model of a mapping, or None and all problems, in order of their places.

    `called` is what messages call the mapping, if not what its model says: `unknown-key` says "`x` is not a key of an
    entity" for `an entity`.
    """
    built = build_model(model, marked, called or model.called)
    return (None if built.problems else built.value), in_order(built.problems)
