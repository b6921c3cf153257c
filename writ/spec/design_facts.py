"""What a rule of an app's own sees of a spec: the types of the facts about tools, entities, nodes and edges.

Texts are empty where there is nothing to say, so that a rule need not ask whether a fact is there.
"""

from __future__ import annotations

from collections.abc import Mapping

from writ.values.types import Boolean, FieldType, Integer, ListOf, Record, Text, ValueType

_TEXT, _TEXTS, _NUMBER, _YES_OR_NO = Text(), ListOf(element=Text()), Integer(), Boolean()


def _record(called: str, /, **types: ValueType) -> Record:
    return Record(name=called, fields=tuple(FieldType(name=field, type=type) for field, type in types.items()))


TOOL_FACT = _record(
    "tool",
    name=_TEXT,
    description=_TEXT,
    allow=_TEXTS,
    own=_TEXTS,
    public=_YES_OR_NO,
    conceal=_YES_OR_NO,
    version=_NUMBER,
    idempotency=_TEXT,
    triggers=_TEXTS,
    method=_TEXT,
    path=_TEXT,
    nodes=_NUMBER,
    transactions=_NUMBER,
    payments=_NUMBER,
    calls_outside=_NUMBER,
    writes=_TEXTS,
    reads=_TEXTS,
)
"""A tool. `allow` are all roles, `own` those limited to their own rows; `triggers` are among `http`, `cron`, `webhook`
and `agent`; `writes` and `reads` name entities."""

FIELD_FACT = _record(
    "field",
    name=_TEXT,
    type=_TEXT,
    optional=_YES_OR_NO,
    personal=_YES_OR_NO,
    secret=_YES_OR_NO,
    immutable=_YES_OR_NO,
    unique=_YES_OR_NO,
)
"""A field of an entity."""

ENTITY_FACT = _record(
    "entity",
    name=_TEXT,
    description=_TEXT,
    owner=_TEXT,
    tenant=_TEXT,
    fields=ListOf(element=FIELD_FACT),
    states=_TEXTS,
    invariants=_TEXTS,
)
"""An entity."""

NODE_FACT = _record(
    "node",
    tool=_TEXT,
    path=_TEXT,
    name=_TEXT,
    kind=_TEXT,
    effect=_TEXT,
    entity=_TEXT,
    connector=_TEXT,
    operation=_TEXT,
    transaction=_TEXT,
)
"""A node of a tool's flow; `transaction` is the one it stands in."""

EDGE_FACT = _record("edge", tool=_TEXT, from_node=_TEXT, to_node=_TEXT, why=_TEXT)
"""A step from one node of a tool to another."""

DESIGN_FACTS: Mapping[str, Record] = {"tool": TOOL_FACT, "entity": ENTITY_FACT, "node": NODE_FACT, "edge": EDGE_FACT}
"""The fact that each word of `about` stands for, which is also its name in the expression."""
