"""What of a row can be read off an answer."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts
from writ.graph.app import AppFacts
from writ.graph.showing import shown

TOOL = """
tool: looking_up
description: What one may see.
allow: {clerk: all}
input:
  type: object
  additionalProperties: false
  properties: {}
output:
  type: object
  properties: {}
flow:
  - transaction: looking
    nodes:
      - read: found
        entity: Customer
        where: {}
        expect: many
        limit: "10"
      - read: one
        entity: Customer
        where: {account: principal.subject}
      - transform: seen
        value: "%s"
  - respond:
    value: {}
"""


@pytest.mark.parametrize(
    ("expression", "fields"),
    [
        ("one.name", {"name"}),
        ("{'a': one.name, 'b': [one.email]}", {"name", "email"}),
        ("'to ' + one.name", {"name"}),
        ("found.map(it, it.email)", {"email"}),
        ("found.filter(it, it.email == '').map(it, it.name)", {"name"}),
        ("one.email == '' ? one.name : ''", {"name"}),
        ("found[0].name", {"name"}),
        ("size(found)", set()),
        ("size(found.map(it, it.name))", set()),
        ("found.map(it, size(it.name))", set()),
        ("found.exists(it, it.name == 'a')", set()),
        ("one.name == one.email", set()),
        ("one.name.startsWith('a')", set()),
    ],
)
def test_what_is_counted_compared_or_chosen_by_is_not_shown(expression: str, fields: set[str]) -> None:
    checked = check_texts({**app_files("shop"), "tools/looking_up.yaml": TOOL % expression}, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    tool = AppFacts(checked.app).every_tool["looking_up"]
    use = next(use for step in tool.graph.steps if step.facts.name == "seen" for use in step.facts.uses)
    assert {it.name.partition(".")[2] for it in shown(tool.data, use.expression)} == fields
