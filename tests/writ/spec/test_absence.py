# ruff: noqa: E501  # a table has one case per line
"""The way out where a value may be absent, written down as it is told, is sound."""

from __future__ import annotations

import re

import pytest

from writ.check import check_app
from writ.problems import Problem

APP = "app: garage\ndescription: A garage.\nroles: {guard: Somebody at the gate.}\n"
STAY = """\
entity: Stay
description: A vehicle in the garage.
fields:
  kind: {type: enum, values: [car, motorbike]}
  level: {type: integer}
  share: {type: number}
  note: {type: text, max_length: 50}
  day: {type: date}
  until: {type: timestamp}
  paid: {type: boolean}
  fee: {type: money}
  tags: {type: list, of: text, max_items: 9}
"""
PARK = """\
tool: park
description: Find or change a stay.
allow: {guard: all}
input:
  type: object
  additionalProperties: false
  required: [id]
  properties:
    id: {type: string, format: uuid}
    other: {type: string, format: uuid}
    kind: {type: string, enum: [car, motorbike]}
    level: {type: integer}
    from: {type: integer}
    share: {type: number}
    note: {type: string}
    day: {type: string, format: date}
    until: {type: string, format: date-time}
    paid: {type: boolean}
    fee: {type: object, required: [amount, currency], properties: {amount: {type: integer}, currency: {type: string}}}
    tags: {type: array, items: {type: string}}
    box: {type: object, properties: {level: {type: integer}}}
    boxes: {type: array, items: {type: object, properties: {level: {type: integer}}}}
output: {type: object, properties: {}}
refusals: {wrong: {message: This cannot be.}}
flow:
  - transaction: parking
    nodes:
NODE
  - respond:
    value: {}
"""
WHERE = "- {read: found, entity: Stay, expect: many, limit: 10, where: {HERE}}"
SET = "- {update: stay, entity: Stay, where: {id: input.id}, set: {HERE}}"
GUARD = "- {require: right, that: HERE, else: wrong}"
_TOLD = re.compile(r"write `(.*)`$")


def problems(node: str) -> tuple[Problem, ...]:
    lines = "\n".join(f"      {line}" for line in node.splitlines())
    tool = PARK.replace("NODE", lines)
    files = {"app.yaml": APP, "stay.yaml": STAY, "park.yaml": tool}
    return check_app({name: text.encode() for name, text in files.items()}, "garage").problems


def told(node: str) -> str:
    """What the one problem of the node says to write instead."""
    found = problems(node)
    assert {one.code for one in found} == {"optional-without-has"}, found
    assert len({one.help for one in found}) == 1, found
    matched = _TOLD.fullmatch(found[0].help)
    assert matched, found
    return matched[1]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("level: input.level", "level: {equals: input.level, when: has(input.level)}"),
        ("level: {above: input.level + 1}", "level: {above: input.level + 1, when: has(input.level)}"),
        ("level: {equals: input.level + input.from}", "level: {equals: input.level + input.from, when: has(input.level) && has(input.from)}"),
        ("kind: {among: '[input.kind]'}", 'kind: {among: "[input.kind]", when: has(input.kind)}'),
        ("level: {equals: input.level, when: now == now}", None),
        ("level: {equals: input.level, when: now == now || now < now}", None),
        ("level: input.box.level", "level: {equals: input.box.level, when: has(input.box) && has(input.box.level)}"),
        ("note: \"input.note + ': \\\"x\\\"'\"", None),
    ],
)  # fmt: skip
def test_a_condition_is_told_its_when(written: str, instead: str | None) -> None:
    field = written.partition(":")[0]
    found = f"{field}: {told(WHERE.replace('HERE', written))}"
    assert instead in (None, found)
    assert problems(WHERE.replace("HERE", found)) == ()


@pytest.mark.parametrize(
    ("field", "instead"),
    [
        ("kind", "has(input.kind) ? input.kind : 'car'"),
        ("level", "has(input.level) ? input.level : 0"),
        ("share", "has(input.share) ? input.share : 0.0"),
        ("note", "has(input.note) ? input.note : ''"),
        ("day", "has(input.day) ? input.day : '2030-01-07'"),
        ("until", "has(input.until) ? input.until : timestamp('2030-01-07T09:00:00Z')"),
        ("paid", "has(input.paid) ? input.paid : false"),
        ("tags", "has(input.tags) ? input.tags : []"),
    ],
)
def test_a_value_is_told_what_to_be_without_it(field: str, instead: str) -> None:
    found = told(SET.replace("HERE", f"{field}: input.{field}"))
    assert found == instead
    assert problems(SET.replace("HERE", f'{field}: "{found}"')) == ()


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("input.level + 1", "input.level"),
        ("size(input.note)", "input.note"),
        ("input.box.level * 2", "input.box.level"),
        ("[1].map(n, n)[0] + input.level", "input.level"),
    ],
)
def test_a_part_of_a_value_is_replaced_where_it_stands(source: str, part: str) -> None:
    instead = source.replace(part, told(SET.replace("HERE", f'level: "{source}"')))
    assert problems(SET.replace("HERE", f'level: "{instead}"')) == ()


@pytest.mark.parametrize(
    "source",
    [
        "input.level > 3",
        "input.level > 3 || now == now",
        "input.level > input.from",
        "input.box.level > 3",
        "input.note.startsWith('a') ? true : false",
    ],
)
def test_a_guard_asks_first(source: str) -> None:
    found = told(GUARD.replace("HERE", f'"{source}"'))
    assert found.startswith("has(input.")
    assert problems(GUARD.replace("HERE", f'"{found}"')) == ()


def test_an_element_is_asked_where_it_has_its_name() -> None:
    source = "has(input.boxes) && input.boxes.exists(box, box.level > 3)"
    instead = source.replace("box.level", told(GUARD.replace("HERE", f'"{source}"')))
    assert problems(GUARD.replace("HERE", f'"{instead}"')) == ()


def test_what_nothing_stands_in_for_is_required_first() -> None:
    node = "- {transform: other, value: input.other}"
    [problem] = problems(node)
    assert problem.help == "put a `require` with `that: has(input.other)` before it"
    assert problems(f"{GUARD.replace('HERE', 'has(input.other)')}\n{node}") == ()


def test_conditions_that_share_a_when_are_told_a_value_instead() -> None:
    [problem] = problems(WHERE.replace("HERE", "level: {at_least: input.level, below: 10}"))
    assert problem.help == "write `has(input.level) ? input.level : 0`"
