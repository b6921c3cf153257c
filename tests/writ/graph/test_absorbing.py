"""Where an error in a part of a condition is absorbed in favour of going on."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts
from writ.graph.absorbing import doubts
from writ.graph.app import AppFacts

TOOL = """
tool: deciding
description: Whether one may go on.
allow: {clerk: all}
input:
  type: object
  additionalProperties: false
  required: [code, pieces, tags]
  properties:
    code: {type: string, maxLength: 9}
    pieces: {type: integer, minimum: 0, maximum: 9}
    tags: {type: array, maxItems: 3, items: {type: string, maxLength: 9}}
output:
  type: object
  properties: {}
refusals:
  no: {status: 409, message: No.}
flow:
  - require: may_go_on
    that: "%s"
    else: no
  - respond:
    value: {}
"""


def told(expression: str, *, opens: bool) -> list[str]:
    checked = check_texts({**app_files("shop"), "tools/deciding.yaml": TOOL % expression}, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    tool = AppFacts(checked.app).every_tool["deciding"]
    use = next(use for step in tool.graph.steps for use in step.facts.uses if use.purpose == "guard")
    return [doubt.message for doubt in doubts(tool.data, use.expression, opens=opens)]


@pytest.mark.parametrize(
    "expression",
    [
        "int(input.code) > 5 || input.pieces > 3",
        "input.pieces > 3 || size(input.tags) > 1 || int(input.code) > 5",
        "input.tags[0] == 'a' || input.pieces > 3",
        "10 / input.pieces > 3 || input.code == 'a'",
        "input.code == 'a' && (int(input.code) > 5 || input.pieces > 3)",
        "!(int(input.code) > 5 && input.pieces > 3)",
        "principal.claims.level > 3 || input.pieces > 3",
        "!(principal.claims.level == 3)",
        "principal.claims.level != 3",
        "!principal.claims.blocked",
    ],
)
def test_a_guard_that_opens_without_its_check_is_told(expression: str) -> None:
    assert len(told(expression, opens=True)) == 1


@pytest.mark.parametrize(
    "expression",
    [
        "int(input.code) > 5",
        "int(input.code) > 5 && input.pieces > 3",
        "input.pieces > 3 || input.code == 'a'",
        "input.pieces == 0 || 10 / input.pieces > 3",
        "size(input.tags) > 0 && input.tags[0] == 'a' || input.pieces > 3",
        "10 / 2 > input.pieces || input.code == 'a'",
        "double(input.pieces) > 3.0 || input.code == 'a'",
        "input.code.matches('^[0-9]+$') ? int(input.code) > 5 : input.pieces > 3",
        "has(principal.claims.level) && principal.claims.level > 3 || input.pieces > 3",
        "!(string(principal.claims.level) == '3')",
        "input.code != 'a'",
        "input.tags.exists(tag, tag == 'a') || input.pieces > 3",
    ],
)
def test_a_guard_whose_checks_are_made_is_fine(expression: str) -> None:
    assert told(expression, opens=True) == []


def test_where_no_lets_the_call_through_it_is_the_other_way_round() -> None:
    assert told("int(input.code) > 5 || input.pieces > 3", opens=False) == []
    assert len(told("int(input.code) > 5 && input.pieces > 3", opens=False)) == 1
    assert told("principal.claims.level != 3", opens=False) == []
