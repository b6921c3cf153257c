"""The invariants over figures of an app, and whose changes can break them."""

from __future__ import annotations

from tests.writ.rules.library import app_files, check_texts
from writ.graph.figures import figure_invariants


def test_an_invariant_over_a_figure_concerns_whom_it_is_stated_for_and_whom_it_counts() -> None:
    texts = dict(app_files("shop"))
    texts["entities/product.yaml"] += (
        "invariants:\n"
        "  in_stock: {that: this.stock >= 0, message: There is less than nothing.}\n"
        "  not_oversold:\n"
        "    sum: {entity: Order, of: quantity, where: {product: this.id}}\n"
        "    that: sum <= 100000\n"
        "    message: More is ordered than there can be.\n"
    )
    checked = check_texts(texts, "shop")
    assert checked.app is not None
    (found,) = figure_invariants(checked.app.entities.values())
    assert (found.entity, found.invariant.name, found.counted) == ("Product", "not_oversold", "Order")
    assert found.concerns == {"Product", "Order"}


def test_an_invariant_over_rows_of_its_own_entity_concerns_that_alone() -> None:
    checked = check_texts(app_files("clinic"), "clinic")
    assert checked.app is not None
    assert [one.concerns for one in figure_invariants(checked.app.entities.values())] == [{"Appointment"}] * 2
