from __future__ import annotations

import pytest

from tests.writ.library import APP, LEND, POLICY, edited, library, only
from writ.spec.parse import parse


def test_an_app_whose_document_is_wrong_is_not_missing() -> None:
    for app in (
        edited("app", "app: library", "app: Library"),
        edited("app", "description", "descripton"),
        APP + "x: y: z\n",
    ):
        assert only(library(app=app)).code in {"not-a-name", "unknown-key", "yaml-syntax"}


def test_a_missing_app_is_a_problem() -> None:
    assert only(library(app=None)).code == "no-app"


def test_a_file_that_says_nothing_of_itself_may_be_any_document() -> None:
    assert only(library(book="- a\n")).code == "not-a-document"
    assert only(library(book="a: [\n")).code == "yaml-syntax"


def test_an_empty_file_hides_no_other_problem() -> None:
    codes = [problem.code for problem in library(book="").problems]
    assert "empty-file" in codes
    assert "unknown-entity" in codes


def test_a_tool_that_is_broken_is_not_unknown_to_policies() -> None:
    policy = POLICY + "applies_to: [lend]\n"
    assert only(library(lend=LEND.replace("description", "descripton"), policy=policy)).code == "unknown-key"
    assert only(library(lend=LEND + "  x: y: z\n", policy=policy)).code == "yaml-syntax"


def test_the_flow_of_a_tool_that_is_broken_elsewhere_is_checked_too() -> None:
    lend = (
        LEND.replace("description", "descripton").replace("book.state", "book.staet").replace("else: out", "else: ut")
    )
    assert [problem.code for problem in library(lend=lend).problems] == [
        "unknown-key",
        "unknown-field",
        "unknown-refusal",
    ]


def test_what_is_missing_in_a_broken_tool_is_not_reported_where_it_is_used() -> None:
    for old, new in [
        ("refusals:", "refusal:"),
        ("input:", "inptu:"),
        ("output:", "otput:"),
        ("tool: lend", "tool: Lend"),
    ]:
        only(library(lend=edited("lend", old, new)))


@pytest.mark.parametrize("kind", ["tool", "policy", "entity", "connector"])
def test_names_of_one_kind_are_unique(kind: str) -> None:
    document = {"tool": "lend", "policy": "policy", "entity": "reader", "connector": "post"}[kind]
    problem = only(library(again=edited(document, ":", ":")))
    assert problem.code == "duplicate-name"
    assert problem.help.startswith("the first is") or problem.span.file == f"{document}.yaml"


def test_no_files_at_all_is_a_problem() -> None:
    assert [problem.code for problem in parse({}, "library").problems] == ["no-files"]


def test_every_text_is_known_with_its_place_in_wrong_documents_too() -> None:
    files = {
        "a.yaml": b"entity: A\nfields:\n  - {x: [deep, 5, 'quoted']}\n",
        "b.yaml": b"nonsense: &it here\nagain: *it\n",
    }
    texts = [(text, span.file, span.line, span.column) for text, span in parse(files, "library").texts]
    assert texts == [
        ("A", "a.yaml", 1, 9),
        ("deep", "a.yaml", 3, 10),
        ("quoted", "a.yaml", 3, 20),
        ("here", "b.yaml", 1, 15),
        ("here", "b.yaml", 1, 15),
    ]


def test_the_texts_of_an_app_are_those_of_its_documents() -> None:
    app = library().app
    assert app is not None
    assert {"Lend a book.", "book.state == 'home'", "https://post.example"} <= {text for text, _ in app.texts}
