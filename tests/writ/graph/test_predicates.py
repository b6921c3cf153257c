"""What conditions leave out, and whether they fix a key."""

from __future__ import annotations

import pytest

from tests.writ.graph.test_flow import step, tool
from writ.graph.predicates import bound_to_key, narrowing, unconditional
from writ.spec.resolved import Condition, Entity


def searched(where: str) -> tuple[Entity, tuple[Condition, ...]]:
    facts = tool("expire_unpaid", "where: {state: \"'placed'\", created_at: {below: now - duration('72h')}}", where)
    write = step(facts, "expiring/expired").facts.write
    assert write is not None
    assert write.entity is not None
    return write.entity, write.where


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("where: {quantity: {at_least: 1}}", 0),
        ("where: {quantity: {at_least: 2}}", 1),
        ("where: {quantity: {above: 0, at_most: 100}}", 0),
        ("where: {quantity: {above: 1, below: 101}}", 1),
        ("where: {quantity: {differs: 0}}", 0),
        ("where: {quantity: {differs: 1}}", 1),
        ("where: {version: {at_least: 1}}", 0),
        ("where: {version: {at_least: 2}}", 1),
        ("where: {created_at: {below: now}}", 0),
        ("where: {created_at: {below: now - duration('1s')}}", 1),
        ("where: {payment: {present: true}}", 1),
        ("where: {state: {among: \"['placed', 'paid', 'shipped', 'cancelled', 'refunded']\"}}", 0),
        ("where: {state: {among: \"['placed', 'paid', 'shipped', 'cancelled']\"}}", 1),
        ("where: {quantity: {equals: 1, when: false}}", 0),
    ],
)
def test_a_condition_that_every_row_meets_leaves_none_out(where: str, left: int) -> None:
    _, conditions = searched(where)
    assert len(narrowing(conditions)) == left


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("where: {id: dyn(run.id)}", True),
        ("where: {id: {differs: dyn(run.id)}}", False),
        ("where: {id: {among: '[dyn(run.id)]'}}", False),
        ("where: {quantity: 1}", False),
    ],
)
def test_only_an_equal_key_means_one_row(where: str, key: bool) -> None:
    assert bound_to_key(*searched(where)) is key


def test_a_condition_with_when_does_not_always_apply() -> None:
    _, conditions = searched(
        "where: {quantity: {equals: 1, when: now > now}, parcel: 'run.id', version: {above: 1, when: true}}"
    )
    assert [it.field.name for it in unconditional(conditions)] == ["parcel", "version"]
