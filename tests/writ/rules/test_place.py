from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts
from writ.graph.app import AppFacts
from writ.rules.place import Place, place_of
from writ.source import Span


def place(file: str, text: str) -> Place:
    texts = app_files("shop")
    line = next(number for number, line in enumerate(texts[file].splitlines(), 1) if text in line)
    app = check_texts(texts, "shop").partial
    assert app is not None
    return place_of(AppFacts(app), Span(file, line, 5))


@pytest.mark.parametrize(
    ("file", "text", "path"),
    [
        ("tools/my_orders.yaml", "tool:", "shop.my_orders"),
        ("tools/my_orders.yaml", "allow:", "shop.my_orders"),
        ("entities/order.yaml", "entity:", "shop.Order"),
        ("entities/order.yaml", "total:", "shop.Order.total"),
        ("connectors/payments.yaml", "base_url:", "shop.payments"),
        ("connectors/payments.yaml", "  charge:", "shop.payments/charge"),
        ("app.yaml", "description:", "shop"),
    ],
)
def test_a_line_belongs_to_what_its_document_describes(file: str, text: str, path: str) -> None:
    found = place(file, text)
    assert found.path == path
    assert all(found.witness)


def test_a_line_of_a_flow_belongs_to_the_step_above_it() -> None:
    app = check_texts(app_files("shop"), "shop").partial
    assert app is not None
    facts = AppFacts(app)
    for tool in facts.every_tool.values():
        for step in tool.graph.steps:
            found = place_of(facts, step.facts.span)
            assert found.path == facts.path(tool, step)
            assert found.witness[-1] == f"the run comes to `{step.facts.name}`"


def test_the_way_tells_what_has_committed_before() -> None:
    app = check_texts(app_files("shop"), "shop").partial
    assert app is not None
    facts = AppFacts(app)
    checkout = facts.every_tool["checkout"]
    payment = next(step for step in checkout.graph.steps if step.facts.effect == "payment")
    witness = place_of(facts, payment.facts.span).witness
    assert any("commits" in moment for moment in witness[:-1])


def test_a_tool_that_is_not_whole_still_has_places() -> None:
    texts = dict(app_files("shop"))
    file = "tools/my_orders.yaml"
    broken = texts[file].replace("entity: Order", "entity: Ordr")
    assert broken != texts[file]
    found = check_texts({**texts, file: broken}, "shop")
    assert found.partial is not None
    problem = next(problem for problem in found.problems if problem.span.file == file)
    assert place_of(AppFacts(found.partial), problem.span).path.startswith("shop.my_orders")


def test_a_node_that_was_left_out_is_told_by_its_line() -> None:
    texts = dict(app_files("shop"))
    file = "tools/my_orders.yaml"
    broken = texts[file].replace("'order': order.id", "'order': order.idd")
    assert broken != texts[file]
    found = check_texts({**texts, file: broken}, "shop")
    assert found.partial is not None
    problem = next(problem for problem in found.problems if problem.span.file == file)
    told = place_of(AppFacts(found.partial), problem.span).witness[-1]
    assert told == f"the run comes to line {problem.span.line}, in or behind `found`"
