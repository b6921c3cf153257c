from __future__ import annotations

from dataclasses import replace

import pytest

from tests import shelf
from writ.findings import Finding
from writ.graph.app import AppFacts
from writ.judgement import judge
from writ.nodes.typed import TypedApp
from writ.nodes.typed_terms import DesignRule
from writ.rules.own import own_findings
from writ.source import Span
from writ.spec.resolved import TypedExpression
from writ.values.types import Boolean


def app_with(about: str, design: str, level: str = "red") -> TypedApp:
    text = (
        f"policy: ours\ndescription: x\nid: ORG007\nabout: {about}\ndesign: {design!r}\nlevel: {level}\n"
        "message: this is not how we do it\nhelp: do it otherwise\n"
    )
    return shelf.typed(shelf.with_file(shelf.green(), "policies/ours.yaml", text))


def found(about: str, design: str, level: str = "red") -> list[Finding]:
    return list(own_findings(AppFacts(app_with(about, design, level))))


FOUND = [
    ("tool", "tool.name.startsWith('find') && size(tool.allow) == 1", "shelf.find_book"),
    ("tool", "tool.method == 'GET' && tool.triggers == ['http'] && tool.nodes == 3", "shelf.find_book"),
    ("tool", "tool.reads == ['Book'] && tool.writes == [] && tool.own == []", "shelf.find_book"),
    ("entity", "entity.owner == '' && entity.fields.exists(f, f.type == 'text' && !f.personal)", "shelf.Book"),
    ("node", "node.kind == 'read' && node.entity == 'Book'", "shelf.find_book/looking/book"),
    ("node", "node.kind == 'read' && node.transaction == 'looking'", "shelf.find_book/looking/book"),
    ("edge", "edge.from_node == 'looking' && edge.to_node == 'respond'", "shelf.find_book/respond"),
]


@pytest.mark.parametrize(("about", "design", "path"), FOUND, ids=lambda value: str(value)[:40])
def test_a_rule_of_the_app_finds_the_facts_it_describes(about: str, design: str, path: str) -> None:
    [one] = found(about, design)
    assert (one.rule, one.name, str(one.colour), one.path) == ("ORG007", "ours", "red", path)
    assert one.message == "this is not how we do it"
    assert one.help == "do it otherwise"
    assert one.witness[-1] == "the app's own rule `ours` stands against it: x"
    assert len(one.witness) > 1


def test_a_yellow_rule_finds_yellow() -> None:
    [one] = found("tool", "true", "yellow")
    assert str(one.colour) == "yellow"


def test_a_rule_that_describes_nothing_finds_nothing() -> None:
    assert found("tool", "tool.payments > 0") == []


@pytest.mark.parametrize(
    "design", ["tool.nodes / (tool.nodes - tool.nodes) == 1", "tool.allow[7] == 'x'", "[1][tool.nodes] == 1"]
)
def test_a_rule_that_cannot_be_computed_is_red_whatever_its_level(design: str) -> None:
    [one] = found("tool", design, "yellow")
    assert str(one.colour) == "red"
    assert "cannot be computed" in one.message
    assert one.path == "shelf.ours"
    assert one.witness


def test_a_rule_that_is_no_expression_or_no_condition_is_red() -> None:
    app = app_with("tool", "true", "yellow")
    for source in ("tool.", "nothing.known", "tool.name"):
        design = TypedExpression(source, Boolean(), (), Span("a.yaml", 1, 1))
        broken = replace(app, design_rules=(replace(app.design_rules[0], design=design),))
        [one] = judge(broken).findings
        assert str(one.colour) == "red", source


def test_two_rules_of_one_id_are_a_finding() -> None:
    app = app_with("tool", "false")
    first: DesignRule = app.design_rules[0]
    [one] = own_findings(AppFacts(replace(app, design_rules=(first, replace(first, name="again")))))
    assert str(one.colour) == "red"
    assert "second rule" in one.message
