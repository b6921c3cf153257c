"""What an author reads for each mistake, and that all mistakes of an app are reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from writ.check import CheckedApp, check_app
from writ.problems import Problem

CLINIC = Path(__file__).parents[2] / "specs" / "clinic"

APP = """\
app: library
description: Books and who has them.
roles:
  reader: Somebody who borrows.
  clerk: Somebody who lends.
"""
BOOK = """\
entity: Book
description: A book.
fields:
  title: {type: text, max_length: 200}
  copies: {type: integer, minimum: 0}
  note: {type: text, max_length: 200, optional: true}
states:
  home: {initial: true, to: [lent], meaning: It is on the shelf.}
  lent: {to: [home], meaning: Somebody has it.}
"""
LEND = """\
tool: lend_book
description: Lend a book.
trigger: {http: {method: POST, path: "/books/{book}/lend"}}
allow: {clerk: all}
input:
  type: object
  additionalProperties: false
  required: [book]
  properties:
    book: {type: string, format: uuid}
    remark: {type: string, maxLength: 200}
output:
  type: object
  required: [book]
  properties: {book: {type: string, format: uuid}, note: {type: string}}
refusals:
  at_home_only: {message: The book is out.}
flow:
  - transaction: lending
    nodes:
      - read: book
        entity: Book
        where: {id: input.book}
      - require: is_home
        that: book.state == 'home'
        else: at_home_only
      - transition: lent
        entity: Book
        where: {id: book.id}
        to: lent
  - respond:
    value: {book: lent.id}
"""


def checked(*, app: str = APP, book: str = BOOK, lend: str = LEND, **more: str) -> CheckedApp:
    files = {
        "app.yaml": app,
        "book.yaml": book,
        "lend.yaml": lend,
        **{f"{name}.yaml": text for name, text in more.items()},
    }
    return check_app({path: text.encode() for path, text in files.items() if text}, "library")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def only(result: CheckedApp) -> Problem:
    assert len(result.problems) == 1, result.problems
    return result.problems[0]


def test_a_sound_app_has_no_problems_and_is_typed() -> None:
    result = checked()
    assert result.problems == ()
    assert result.app is not None
    assert set(result.app.tools) == {"lend_book"}


def test_the_clinic_has_no_problems() -> None:
    files = {str(path.relative_to(CLINIC)): path.read_bytes() for path in CLINIC.rglob("*.yaml")}
    result = check_app(files, "clinic")
    assert result.problems == ()
    assert result.app is not None


MISTAKES: list[tuple[str, str, str, str, str, str]] = [
    # document, what stands there, what is written instead, code, the line that is marked, a part of message or help
    ("app", "  clerk:", "  auditor: Reads.\n  clerk:", "reserved-name", "auditor", "the runs of all apps"),
    ("app", "roles:", "rolls:", "unknown-key", "rolls:", "roles"),
    ("book", "type: integer", "type: intger", "not-allowed", "intger", "integer"),
    ("book", "minimum: 0", "minimum: 0, max_length: 3", "misplaced-key", "max_length: 3", "text"),
    ("book", "minimum: 0", "minimum: 5, maximum: 1", "empty-range", "minimum: 5", "no value can fit"),
    ("book", "to: [lent]", "to: [lendt]", "unknown-state", "lendt", "lent"),
    ("book", "home: {initial: true, ", "home: {", "initial-state", "states:", "initial: true"),
    ("book", "  copies:", "  version:", "reserved-name", "version:", "leave it out"),
    ("book", "fields:", "owner: reader\nfields:", "unknown-field", "owner: reader", "reader"),
    ("book", "fields:", "owner: copies\nfields:", "owner", "owner: copies", "text field"),
    ("book", "fields:", "unique: [[titel]]\nfields:", "unknown-field", "titel", "title"),
    ("lend", "allow: {clerk: all}", "allow: {clark: all}", "unknown-role", "clark", "clerk"),
    ("lend", "entity: Book", "entity: Bok", "unknown-entity", "entity: Bok", "Book"),
    ("lend", "{id: input.book}", "{idd: input.book}", "unknown-field", "idd", "id"),
    ("lend", "{id: input.book}", "{id: input.bok}", "unknown-field", "input.bok", "book"),
    ("lend", "{id: input.book}", "{copies: input.book}", "expression-type", "copies: input.book", "integer"),
    ("lend", "book.state == 'home'", "book.state == 'hom'", "undeclared-value", "'hom'", "home"),
    ("lend", "book.state == 'home'", "book.note == 'x'", "optional-without-has", "book.note", "has(book.note)"),
    ("lend", "book.state == 'home'", "book.copies", "expression-type", "book.copies", "true or false"),
    ("lend", "else: at_home_only", "else: at_home", "unknown-refusal", "else: at_home", "at_home_only"),
    ("lend", "to: lent", "to: gone", "unknown-state", "to: gone", "no state"),
    ("lend", "value: {book: lent.id}", "value: {boook: lent.id, book: lent.id}", "output-mismatch", "boook", "book"),
    ("lend", "value: {book: lent.id}", "value: {note: lent.title}", "output-mismatch", "lent.title", "is required"),
    ("lend", "value: {book: lent.id}", "value: {book: lent.copies}", "output-mismatch", "lent.copies", "uuid"),
    ("lend", "  - respond:\n    value: {book: lent.id}\n", "", "no-response", "tool: lend_book", "respond"),
    ("lend", "/books/{book}/lend", "/books/{boook}/lend", "unknown-input", "{boook}", "book"),
    ("lend", "format: uuid}\n    remark", "format: uuid, typ: x}\n    remark", "unknown-key", "typ: x", "type"),
    ("lend", "maxLength: 200", "maxLength: -1", "json-schema", "maxLength: -1", "below 0"),
    ("lend", "  - respond:", "  - respnd:", "unknown-node", "respnd", "respond"),
    ("lend", "transaction: lending", "transaction: lending\n    timeout: 9s", "out-of-bounds", "timeout: 9s", "5s"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "old", "new", "code", "line", "words"), MISTAKES)
def test_a_mistake_is_reported_where_it_stands_with_a_way_out(
    document: str, old: str, new: str, code: str, line: str, words: str
) -> None:
    texts = {"app": APP, "book": BOOK, "lend": LEND}
    assert old in texts[document]
    texts[document] = texts[document].replace(old, new, 1)
    problems = checked(**texts).problems
    found = [problem for problem in problems if problem.code == code]
    assert found, problems
    assert found[0].span.file == f"{document}.yaml"
    assert found[0].span.line == line_of(texts[document], line)
    assert words in found[0].message + found[0].help


def test_five_mistakes_in_one_app_are_five_problems() -> None:
    lend = LEND.replace("clerk: all", "clark: all").replace("else: at_home_only", "else: at_hom")
    result = checked(
        book=BOOK.replace("to: [home]", "to: [hom]"),
        lend=lend.replace("to: lent", "too: lent").replace("remark: {type", "remark: {typ"),
    )
    assert [(problem.code, problem.span.file, problem.span.line) for problem in result.problems] == [
        ("unknown-state", "book.yaml", line_of(BOOK, "lent: {to")),
        ("unknown-role", "lend.yaml", line_of(LEND, "allow:")),
        ("unknown-key", "lend.yaml", line_of(LEND, "remark:")),
        ("unknown-refusal", "lend.yaml", line_of(LEND, "else:")),
        ("unknown-key", "lend.yaml", line_of(LEND, "to: lent")),
    ]
    assert result.app is None


def test_a_broken_entity_is_not_reported_again_where_it_is_used() -> None:
    result = checked(book=BOOK.replace("description: A book.\n", ""))
    assert [problem.code for problem in result.problems] == ["missing-key"]


def test_a_node_behind_the_end_of_the_run_is_a_problem() -> None:
    problem = only(checked(lend=LEND + "  - refuse: at_home_only\n"))
    assert problem.code == "unreachable-node"


def test_a_database_node_outside_a_transaction_is_a_problem() -> None:
    lend = LEND.replace("flow:\n", "flow:\n  - read: stray\n    entity: Book\n    where: {id: input.book}\n")
    assert only(checked(lend=lend)).code == "misplaced-node"


def test_an_answer_inside_a_transaction_is_a_problem() -> None:
    lend = LEND.replace(
        "      - transition: lent", "      - respond: early\n        value: {book: book.id}\n      - transition: lent"
    )
    assert "misplaced-node" in {problem.code for problem in checked(lend=lend).problems}


def test_what_a_require_proves_present_may_be_used_behind_it() -> None:
    lend = LEND.replace("book.state == 'home'", "book.state == 'home' && has(book.note)").replace(
        "{book: lent.id}", "{book: lent.id, note: book.note + '!'}"
    )
    assert checked(lend=lend).problems == ()


def test_a_switch_without_default_must_cover_every_state() -> None:
    switch = """\
      - switch: where_it_is
        on: book.state
        cases:
          - is: [home]
            nodes: []
"""
    lend = LEND.replace("      - transition: lent", switch + "      - transition: lent")
    assert only(checked(lend=lend)).code == "no-default"
    covered = lend.replace("is: [home]", "is: [home, lent]")
    assert checked(lend=covered).problems == ()


def test_a_policy_is_checked_against_each_tool_it_applies_to() -> None:
    policy = "policy: none\ndescription: No.\ndeny_when: input.bok == ''\nmessage: No.\n"
    problem = only(checked(policy=policy))
    assert "lend_book" in problem.message
    assert "book" in problem.help


def test_two_documents_of_one_name_are_a_problem() -> None:
    assert only(checked(again=BOOK)).code == "duplicate-name"


def test_two_tools_on_one_route_are_a_problem() -> None:
    again = LEND.replace("lend_book", "lend_again")
    assert only(checked(again=again)).code == "duplicate-route"


def test_an_app_without_its_document_is_a_problem() -> None:
    assert "no-app" in {problem.code for problem in checked(app="").problems}


def test_a_reference_owner_must_lead_to_an_owner() -> None:
    loan = "entity: Loan\ndescription: A loan.\nowner: book\nfields:\n  book: {type: reference, to: Book}\n"
    problem = only(checked(loan=loan))
    assert problem.code == "owner"
    assert "give `Book` an `owner`" in problem.help


def test_a_required_field_that_is_not_set_is_a_problem() -> None:
    create = "      - create: twin\n        entity: Book\n        set: {title: book.title}\n"
    lend = LEND.replace("      - transition: lent", create + "      - transition: lent")
    problem = only(checked(lend=lend))
    assert problem.code == "missing-value"
    assert "copies" in problem.message
