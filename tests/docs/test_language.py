"""What the page about the language shows is the language: its examples are checked, its claims are tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.schemas.documents import kind_of, read, schema_refuses
from tests.docs.language_page import TEXT, example_documents, yaml_blocks
from tests.unjudged import compile_unjudged
from tests.writ.library import DOCUMENTS as LIBRARY
from writ.check import CheckedApp, check_app
from writ.findings import Colour
from writ.judgement import judge
from writ.nodes.kinds import KINDS
from writ.plan.compile import compile_app
from writ.plan.model import Release
from writ.spec.parse import DOCUMENTS

NOT_YET = TEXT.partition("## What cannot be run yet")[2].partition("\n## ")[0]


def example(title: str) -> CheckedApp:
    documents = example_documents(title)
    return check_app({f"{name}.yaml": text.encode() for name, text in documents.items()}, read(documents["app"])["app"])


def shown() -> Iterator[str]:
    """Every whole document the page shows."""
    yield from (text for text in yaml_blocks(TEXT) if text.partition(":")[0] in DOCUMENTS)


def test_the_garage_is_sound_and_complete() -> None:
    checked = example("a garage")
    assert checked.problems == ()
    assert checked.app is not None
    assert set(checked.app.tools) == {"enter", "list_stays"}


def test_the_shop_is_green_and_cannot_be_run_yet() -> None:
    checked = example("a shop that takes money")
    assert checked.problems == ()
    assert checked.app is not None
    judgement = judge(checked.app)
    assert (judgement.colour, judgement.findings) == (Colour.green, ())
    compiled = compile_app(checked.app)
    assert not isinstance(compiled, Release)
    assert {problem.code for problem in compiled} == {"not-yet-runnable"}


def test_there_is_a_document_of_every_kind() -> None:
    assert {kind_of(read(text)) for text in shown()} == set(DOCUMENTS)


@pytest.mark.parametrize("text", list(shown()), ids=lambda text: text.splitlines()[0])
def test_every_document_that_is_shown_has_the_shape_of_its_kind(text: str) -> None:
    assert not schema_refuses(read(text))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_every_kind_of_node_is_there(kind: object) -> None:
    assert f"`{getattr(kind, 'word', '')}`" in TEXT


IN_A_FLOW = {
    "http": "- http: letter\n    connector: post\n    operation: find\n    path: {letter: loan.id}",
    "approval": "- approval: agreed\n    roles: [clerk]\n    else: out",
    "wait": "- wait: pause\n    for: 30m",
    "parallel": "- parallel: both\n    branches: {a: [], b: []}",
    "each": "- each: one\n    over: '[1]'\n    max: 1\n    nodes: [{transform: it, value: 1}]",
    "call": "- call: again\n    tool: lend\n    input: {book: input.book, reader: input.reader, days: input.days}",
    "emit": "- emit: told\n    event: loan.made",
}
IN_A_TOOL = {
    "cron": ("trigger: {http", 'trigger: {cron: {schedule: "0 3 * * *", as: {subject: x, roles: [clerk]}}, http'),
    "webhook": ("trigger: {http", "trigger: {webhook: {path: /hook}, http"),
    "agent": ("trigger: {http", "trigger: {agent: {title: Lend}, http"),
    "public": ("allow:", "public: true\nallow:"),
    "idempotency": ("allow:", "idempotency: required\nallow:"),
    "rate_limit": ("allow:", "rate_limit: 10/m\nallow:"),
}
IN_OTHERS = {
    "require_approval_when": (
        "policy",
        "deny_when: \"'late' in principal.roles\"\nmessage: No.",
        'require_approval_when: "true"\nroles: [clerk]',
    ),
    "tenant": ("reader", "owner: account", "owner: account\ntenant: account"),
    "auth": ("app", "roles:", "auth: {algorithms: [EdDSA]}\nroles:"),
}


def refused(**changed: str) -> set[str]:
    """What the compiler says of the test library with these documents."""
    documents = {**LIBRARY, **changed}
    checked = check_app({f"{name}.yaml": text.encode() for name, text in documents.items()}, "library")
    assert checked.problems == ()
    assert checked.app is not None
    compiled = compile_unjudged(checked.app)
    return set() if isinstance(compiled, Release) else {f"{it.code} {it.message.split('`')[1]}" for it in compiled}


def test_a_connector_that_nothing_calls_stops_nobody() -> None:
    assert refused() == set()


@pytest.mark.parametrize("word", IN_A_FLOW)
def test_a_node_that_is_named_cannot_be_run(word: str) -> None:
    assert f"`{word}`" in NOT_YET
    lend = LIBRARY["lend"].replace("  - respond:", f"  {IN_A_FLOW[word]}\n  - respond:")
    assert refused(lend=lend) == {f"not-yet-runnable {word}"}


@pytest.mark.parametrize("word", IN_A_TOOL)
def test_a_key_of_a_tool_that_is_named_cannot_be_run(word: str) -> None:
    assert f"`{word}`" in NOT_YET
    assert refused(lend=LIBRARY["lend"].replace(*IN_A_TOOL[word], 1)) == {f"not-yet-runnable {word}"}


@pytest.mark.parametrize("word", IN_OTHERS)
def test_another_key_that_is_named_cannot_be_run(word: str) -> None:
    assert f"`{word}`" in NOT_YET
    document, old, new = IN_OTHERS[word]
    assert old in LIBRARY[document]
    assert refused(**{document: LIBRARY[document].replace(old, new, 1)}) == {f"not-yet-runnable {word}"}
