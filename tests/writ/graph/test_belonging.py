"""Whether a step keeps itself to the rows of the principal."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts
from writ.graph.app import AppFacts
from writ.graph.belonging import kept_to_principal

TOOL = """
tool: touching
description: Rows of somebody.
allow: {clerk: all}
input:
  type: object
  additionalProperties: false
  required: [id]
  properties: {id: {type: string, format: uuid}, name: {type: string, maxLength: 9}}
output:
  type: object
  properties: {}
flow:
  - transaction: looking
    nodes:
      - read: me
        entity: Customer
        where: {account: principal.subject}
      - read: other
        entity: Customer
        where: {id: input.id}
      - read: rows
        entity: %s
        where: %s
        expect: many
        limit: "10"
  - respond:
    value: {}
"""


@pytest.mark.parametrize(
    ("entity", "where", "kept"),
    [
        ("Customer", "{account: principal.subject}", True),
        ("Customer", "{account: {among: '[principal.subject]'}}", True),
        ("Customer", "{id: me.id}", True),
        ("Order", "{customer: me.id}", True),
        ("Customer", "{account: {differs: principal.subject}}", False),
        ("Customer", "{account: {equals: principal.subject, when: has(input.name)}}", False),
        ("Customer", "{name: principal.subject}", False),
        ("Customer", "{id: other.id}", False),
        ("Order", "{customer: other.id}", False),
        ("Order", "{id: me.id}", False),
        ("Order", "{customer: input.id}", False),
        ("Order", "{}", False),
        ("Product", "{}", False),
    ],
)
def test_rows_are_the_principals_where_the_node_says_so(entity: str, where: str, kept: bool) -> None:
    checked = check_texts({**app_files("shop"), "tools/touching.yaml": TOOL % (entity, where)}, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    tool = AppFacts(checked.app).every_tool["touching"]
    step = next(step for step in tool.graph.steps if step.facts.name == "rows")
    assert kept_to_principal(tool, step, "owner") is kept
