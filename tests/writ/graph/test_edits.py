"""Fixes that add a key to a node: they are applied, and the finding is gone."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.fixes import apply_fixes
from writ.judgement import judge

UNLIMITED = """
- read: found
  entity: Order
  where: {}
  expect: many
  order: [-created_at]
"""


@pytest.mark.parametrize(
    "node",
    [
        UNLIMITED,
        UNLIMITED.replace("many", "many    # all of them"),
        "- expect: many\n  read: found\n  entity: Order\n  where: {}",
        "- {read: found, entity: Order, where: {}, expect: many}",
        "- {read: found, expect: many, entity: Order,\n   where: {}}",
        "- read:      found\n  expect: many\n  entity: Order",
    ],
)
def test_a_limit_is_added_however_the_node_is_written(node: str) -> None:
    texts = dict(app_files("shop"))
    path = "tools/my_orders.yaml"
    texts[path] = edited(texts[path], f'{UNLIMITED}  limit: "has(input.limit) ? input.limit : 20"', node)
    checked = check_texts(texts, "shop")
    assert checked.problems == ()
    assert checked.partial is not None
    findings = [one for one in judge(checked.partial).findings if one.rule == "LIM001"]
    assert len(findings) == 1
    texts |= apply_fixes(findings, texts).texts
    mended = check_texts(texts, "shop")
    assert mended.problems == ()
    assert mended.app is not None
    assert [one.rule for one in judge(mended.app).findings] == []
    assert "limit: 100" in texts[path]
