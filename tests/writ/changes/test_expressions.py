"""Which of two conditions asks for more."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.changes.expressions import strength, strength_of_denial
from writ.graph.app import AppFacts
from writ.nodes.typed import TypedRequire
from writ.spec.resolved import TypedExpression

FILE = "tools/stock_up.yaml"


def condition(source: str) -> TypedExpression:
    text = edited(
        app_files("shop")[FILE],
        "- update: stocked",
        f'- require: asked\n  that: "{source}"\n  else: no\n- update: stocked',
    )
    text = edited(text, "flow:", "refusals:\n  no: {status: 409, message: No.}\nflow:")
    checked = check_texts({**app_files("shop"), FILE: text}, "shop")
    assert checked.app is not None, checked.problems
    steps = AppFacts(checked.app).every_tool["stock_up"].graph.steps
    return next(step.node.that for step in steps if isinstance(step.node, TypedRequire))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("product.stock > 1", "product.stock  >  1", "same"),
        ("product.stock > 1", "product.stock > 1 && input.pieces > 2", "stronger"),
        ("product.stock > 1", "input.pieces > 2 && product.stock > 1", "stronger"),
        ("product.stock > 1 || input.pieces > 2", "product.stock > 1", "stronger"),
        ("product.stock > 1", "product.stock > 1 || input.pieces > 2", "weaker"),
        ("product.stock > 1 && input.pieces > 2", "(product.stock > 1 && input.pieces > 2) || now > now", "weaker"),
        ("product.stock > 1", "product.stock > 2", "stronger"),
        ("product.stock >= 2", "product.stock >= 1", "weaker"),
        ("product.stock < 5", "product.stock < 9", "weaker"),
        ("product.stock <= 5", "product.stock <= 4", "stronger"),
        ("product.stock <= 5 && input.pieces > 2", "product.stock <= 4 && input.pieces > 3", "stronger"),
        ("product.stock <= 5 && input.pieces > 2", "product.stock <= 4 && input.pieces > 1", "other"),
        ("product.stock > 1", "product.stock >= 1", "other"),
        ("product.stock > 1", "input.pieces > 1", "other"),
        ("product.stock > 1", "!(product.stock > 1)", "other"),
    ],
)
def test_which_condition_asks_for_more(old: str, new: str, found: str) -> None:
    opposite = {"stronger": "weaker", "weaker": "stronger"}
    assert strength(condition(old), condition(new)) == found
    assert strength(condition(new), condition(old)) == opposite.get(found, found)
    assert strength_of_denial(condition(old), condition(new)) == opposite.get(found, found)
