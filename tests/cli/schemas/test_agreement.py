"""What a schema refuses, the checker refuses as well; and what is a mistake of shape, both refuse."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.schemas.documents import read, schema_refuses
from tests.writ.rules.library import app_files
from writ.check import check_app
from writ.spec.parse import DOCUMENTS

EVERYTHING = (Path(__file__).parent / "everything.yaml").read_text()
DENIAL = "policy: late\ndescription: No.\napplies_to: [refund]\ndeny_when: 'false'\nstatus: 403\nmessage: No.\n"
APPROVAL = "policy: large\ndescription: No.\napplies_to: [refund]\nrequire_approval_when: 'true'\nroles: [manager]\n"
OWN_RULE = """\
policy: short_names
description: Names are short.
design: tool.name.size() > 40
id: ORG001
about: tool
level: yellow
message: This name is long.
help: Shorten it.
"""
ACCEPTED = """\
acknowledgements:
  - {finding: 4f1c0a92b3d45e67, rule: PAY008, reason: It is so., by: anna, until: 2027-01-31}
"""
NOTE = """\
entity: Note
description: Whatever fits into a field.
owner: writer
tenant: shop
fields:
  writer: {type: text, max_length: 100, description: Who.}
  shop: {type: text, max_length: 100}
  hash: {type: text, max_length: 100, secret: true, optional: true}
  kind: {type: enum, values: [short, long], default: short}
  tags: {type: list, of: text, max_items: 3, optional: true}
  amount: {type: number, minimum: 0, maximum: 1.5, optional: true}
  on: {type: date, optional: true}
  about: {type: reference, to: Order, personal: true, immutable: true}
unique: [[writer, about]]
states:
  open: {initial: true, to: [done], meaning: It waits.}
  done: {meaning: It is done.}
invariants:
  few:
    count: {entity: Note, where: {about: this.about}}
    that: count <= 5
    message: At most five.
  little:
    sum: {entity: Order, where: {id: this.about}, of: quantity}
    that: sum <= 500
    message: At most 500.
"""


@cache
def app() -> dict[str, str]:
    """The test shop, with a document of every form that it lacks."""
    added = {
        "everything.yaml": EVERYTHING, "late.yaml": DENIAL, "large.yaml": APPROVAL, "own.yaml": OWN_RULE,
        "accepted.yaml": ACCEPTED, "note.yaml": NOTE,
    }  # fmt: skip
    return {**app_files("shop"), **added}


def checker_refuses(path: str, document: Any) -> bool:
    """Whether the app has a problem with this document in place of its own. JSON is YAML."""
    files = {name: text.encode() for name, text in app().items()}
    files[path] = json.dumps(document).encode()
    return bool(check_app(files, "shop").problems)


def test_the_documents_to_make_mistakes_in_are_sound() -> None:
    assert [path for path, text in app().items() if schema_refuses(read(text))] == []
    assert check_app({name: text.encode() for name, text in app().items()}, "shop").problems == ()


GONE = object()
TOOL = "everything.yaml"
FLOW = {node_kind: at for at, node_kind in enumerate(next(iter(node)) for node in read(EVERYTHING)["flow"])}
READS = ("flow", 0, "nodes")
BOTH = ("flow", FLOW["parallel"], "branches")
LAST = FLOW["transaction"]
WRITES = ("flow", LAST, "nodes")
MISTAKES: list[tuple[str, tuple[str | int, ...], Any]] = [
    ("app.yaml", ("roles",), GONE),
    ("app.yaml", ("role",), {}),
    ("app.yaml", ("app",), "My Shop"),
    ("app.yaml", ("history",), "plain"),
    ("app.yaml", ("roles", "clerk", "staff"), "yes"),
    ("app.yaml", ("roles", "clerk", "reads"), ["secret"]),
    ("app.yaml", ("roles", "clerk", "description"), GONE),
    ("app.yaml", ("roles", "Clerk"), "Somebody."),
    ("app.yaml", ("auth", "algorithms"), "EdDSA"),
    ("app.yaml", ("auth", "keys"), []),
    ("note.yaml", ("entity",), "note"),
    ("note.yaml", ("description",), ""),
    ("note.yaml", ("owner",), 5),
    ("note.yaml", ("fields",), []),
    ("note.yaml", ("fields", "writer", "type"), "string"),
    ("note.yaml", ("fields", "writer", "type"), GONE),
    ("note.yaml", ("fields", "writer", "max_length"), 0),
    ("note.yaml", ("fields", "writer", "max_length"), "9"),
    ("note.yaml", ("fields", "writer", "minimum"), 1),
    ("note.yaml", ("fields", "writer", "lenght"), 1),
    ("note.yaml", ("fields", "writer", "to"), "Order"),
    ("note.yaml", ("fields", "kind", "values"), GONE),
    ("note.yaml", ("fields", "kind", "values"), [1]),
    ("note.yaml", ("fields", "tags", "of"), "money"),
    ("note.yaml", ("fields", "tags", "of"), GONE),
    ("note.yaml", ("fields", "about", "to"), "order"),
    ("note.yaml", ("states", "open", "to"), "done"),
    ("note.yaml", ("states", "done", "meaning"), GONE),
    ("note.yaml", ("invariants", "few", "that"), GONE),
    ("note.yaml", ("invariants", "few", "count", "where"), "true"),
    ("note.yaml", ("unique",), ["writer"]),
    ("connectors/carrier.yaml", ("operations", "track", "effect"), "read"),
    ("connectors/carrier.yaml", ("operations", "track", "effect"), GONE),
    ("connectors/carrier.yaml", ("operations", "track", "method"), "get"),
    ("connectors/carrier.yaml", ("operations", "track", "path"), "parcels"),
    ("connectors/carrier.yaml", ("operations", "track", "response"), "object"),
    ("connectors/carrier.yaml", ("operations", "create_parcel", "retryable"), [200]),
    ("connectors/carrier.yaml", ("operations", "create_parcel", "request", "type"), "array"),
    ("connectors/carrier.yaml", ("operations", "create_parcel", "request", "propertys"), {}),
    ("connectors/carrier.yaml", ("operations", "create_parcel", "idempotency"), "Idempotency-Key"),
    ("connectors/carrier.yaml", ("operations", "create_parcel", "idempotency", "window"), "3 days"),
    ("connectors/carrier.yaml", ("cleared_for",), ["everything"]),
    ("connectors/carrier.yaml", ("provider",), "paypal"),
    ("connectors/carrier.yaml", ("rate_limit",), "50"),
    ("connectors/carrier.yaml", ("secret",), "sk-LIVE"),
    ("late.yaml", ("deny_when",), GONE),
    ("late.yaml", ("message",), GONE),
    ("late.yaml", ("status",), 200),
    ("late.yaml", ("design",), "true"),
    ("late.yaml", ("level",), "red"),
    ("large.yaml", ("roles",), GONE),
    ("large.yaml", ("message",), "No."),
    ("own.yaml", ("id",), "MY1"),
    ("own.yaml", ("about",), "tools"),
    ("own.yaml", ("level",), "green"),
    ("accepted.yaml", ("acknowledgements", 0, "until"), "soon"),
    ("accepted.yaml", ("acknowledgements", 0, "finding"), "4f1c"),
    ("accepted.yaml", ("acknowledgements", 0, "rule"), "pay8"),
    ("accepted.yaml", ("acknowledgements", 0, "by"), GONE),
    (TOOL, ("description",), GONE),
    (TOOL, ("flow",), GONE),
    (TOOL, ("flwo",), []),
    (TOOL, ("allow", "manager"), "some"),
    (TOOL, ("idempotency",), "always"),
    (TOOL, ("rate_limit",), "10/min"),
    (TOOL, ("version",), 0),
    (TOOL, ("public",), "no"),
    (TOOL, ("trigger", "http", "path"), "/Every thing"),
    (TOOL, ("trigger", "http", "method"), "FETCH"),
    (TOOL, ("trigger", "cron", "schedule"), "@daily"),
    (TOOL, ("trigger", "cron", "as"), GONE),
    (TOOL, ("trigger", "webhook", "replay_window"), 5),
    (TOOL, ("trigger", "mail"), {}),
    (TOOL, ("input", "type"), "string"),
    (TOOL, ("input", "properties"), []),
    (TOOL, ("input", "$ref"), "#/x"),
    (TOOL, ("refusals", "no", "status"), 500),
    (TOOL, ("refusals", "no", "message"), GONE),
    (TOOL, ("flow", 0), {"raed": "x"}),
    (TOOL, ("flow", 0), "read"),
    (TOOL, ("flow", 0), {"wait": "x", "refuse": "no"}),
    (TOOL, ("flow", 0, "isolation"), "snapshot"),
    (TOOL, ("flow", 0, "timeout"), "1m"),
    (TOOL, ("flow", 0, "nodes"), GONE),
    (TOOL, (*READS, 0, "entity"), "order"),
    (TOOL, (*READS, 0, "expect"), "two"),
    (TOOL, (*READS, 0, "were"), {}),
    (TOOL, (*READS, 0, "lock"), "exclusive"),
    (TOOL, (*READS, 0, "where"), "true"),
    (TOOL, (*READS, 0, "where", "id"), None),
    (TOOL, (*READS, 1, "where", "quantity", "at_leest"), 1),
    (TOOL, (*READS, 1, "where", "parcel", "present"), "yes"),
    (TOOL, (*READS, 1, "order"), "quantity"),
    (TOOL, (*READS, 1, "limit"), [1]),
    (TOOL, ("flow", FLOW["wait"], "for"), "half an hour"),
    (TOOL, ("flow", FLOW["approval"], "else"), GONE),
    (TOOL, ("flow", FLOW["approval"], "number"), 0),
    (TOOL, ("flow", FLOW["approval"], "requester"), "maybe"),
    (TOOL, ("flow", FLOW["parallel"], "branches"), []),
    (TOOL, (*BOTH, "tracking"), {}),
    (TOOL, (*BOTH, "tracking", 0, "retry", "backoff"), 0.5),
    (TOOL, (*BOTH, "tracking", 0, "retry", "max_attempts"), "many"),
    (TOOL, (*BOTH, "tracking", 0, "timeouts", "start_to_close"), "1 s"),
    (TOOL, (*BOTH, "sending", 0, "on_error"), "stop"),
    (TOOL, (*BOTH, "sending", 0, "on_error"), [{"refuse": 5}]),
    (TOOL, (*BOTH, "sending", 0, "compensate", "undo"), "x"),
    (TOOL, ("flow", FLOW["each"], "max"), 5000),
    (TOOL, ("flow", FLOW["each"], "over"), GONE),
    (TOOL, ("flow", FLOW["each"], "nodes", 0, "tool"), GONE),
    (TOOL, ("flow", FLOW["payment"], "operation"), "pay"),
    (TOOL, ("flow", FLOW["payment"], "on_unknown"), "retry"),
    (TOOL, ("flow", FLOW["payment"], "compensate", "transition", "to"), GONE),
    (TOOL, ("flow", FLOW["switch"], "cases"), GONE),
    (TOOL, ("flow", FLOW["switch"], "cases", 0, "is"), [1]),
    (TOOL, ("flow", FLOW["if"], "when"), GONE),
    (TOOL, ("flow", FLOW["if"], "otherwise"), []),
    (TOOL, ("flow", FLOW["require"], "else"), GONE),
    (TOOL, (*WRITES, 0, "max"), 0),
    (TOOL, (*WRITES, 0, "set", "title"), ["x"]),
    (TOOL, (*WRITES, 1, "expect_rows"), "one"),
    (TOOL, (*WRITES, 2, "expect_rows", "at_most"), 2000),
    (TOOL, (*WRITES, 2, "to"), GONE),
    (TOOL, (*WRITES, 6, "event"), 5),
    (TOOL, ("flow", LAST + 1, "value"), GONE),
]


def changed(document: Any, place: tuple[str | int, ...], value: Any) -> Any:
    """The document with another value at a place, or without what stands there."""
    document = copy.deepcopy(document)
    at = document
    for part in place[:-1]:
        at = at[part]
    if value is GONE:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return document


def test_there_are_many_mistakes() -> None:
    assert len(MISTAKES) >= 60


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[0]} {mistake[1]}")
def test_both_refuse_a_mistake_of_shape(mistake: tuple[str, tuple[str | int, ...], Any]) -> None:
    path, place, value = mistake
    document = changed(read(app()[path]), place, value)
    assert schema_refuses(document)
    assert checker_refuses(path, document)


def places(value: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document below its root."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inner for found in ((*place, key), *places(each, (*place, key)))]


VALUES = st.one_of(
    st.sampled_from([GONE, None, True, 0, 1, -1, 2.5, 10**6, "", "x", "Bad Name", "none", "5m"]),
    st.sampled_from([[], {}, ["x"], [{}], {"a": 1}]),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=8),
)
KEYS = st.sampled_from(["when", "name", "type", "approval", "extra"])


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """A document of the app, changed in one to three places, or with a key more."""
    path = draw(st.sampled_from(sorted(app())))
    document = read(app()[path])
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(document)))
        value = draw(VALUES)
        if value is not GONE and isinstance(place[-1], str) and draw(st.booleans()):
            place = (*place[:-1], draw(KEYS))
        if len(document) > 1:
            document = changed(document, place, value)
    return path, document


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_what_a_schema_refuses_the_checker_refuses(case: tuple[str, Any]) -> None:
    path, document = case
    if any(kind in document for kind in DOCUMENTS) and schema_refuses(document):
        assert checker_refuses(path, document)
