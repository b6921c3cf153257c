"""What is checked of a tool as a whole: `own` must limit something; and where its parts stand."""

from __future__ import annotations

from tests.writ.library import edited, library, marked_text, only

LOAN_NODE = """\
      - create: loan
        entity: Loan
        set: {reader: input.reader, book: book.id, days: input.days}
"""


def lending(allow: str, *, with_loan: bool) -> str:
    lend = edited("lend", "{clerk: all}", allow)
    return lend if with_loan else lend.replace(LOAN_NODE, "").replace("loan: loan.id", "loan: lent.id")


def test_own_without_an_owner_limits_nothing() -> None:
    lend = lending("{clerk: all, reader: own}", with_loan=False)
    problem = only(library(lend=lend))
    assert (problem.code, marked_text(problem, lend)) == ("own-without-owner", "own")
    assert problem.message == "`own` limits nothing here: `Book` has no owner"
    assert problem.help == "give `Book` an `owner`, or write `all` if every row may be seen"


def test_own_limits_the_rows_of_any_entity_with_an_owner() -> None:
    assert library(lend=lending("{clerk: all, reader: own}", with_loan=True)).problems == ()


def test_a_tool_that_touches_no_entity_has_nothing_to_limit() -> None:
    lend = lending("{reader: own}", with_loan=False)
    flow = lend.index("flow:")
    lend = lend[:flow] + "flow:\n  - respond:\n    value: {loan: input.book}\n"
    lend = lend.replace("refusals:\n  out: {message: The book is out.}\n", "")
    assert library(lend=lend).problems == ()


def test_a_wrong_owner_is_told_and_not_that_it_is_missing() -> None:
    book = edited("book", "fields:", "owner: titel\nfields:")
    assert only(library(book=book, lend=lending("{reader: own}", with_loan=False))).code == "unknown-field"


def test_an_entity_that_cannot_be_read_may_have_an_owner() -> None:
    book = edited("book", "copies: {type: integer", "copies: {typ: integer")
    found = library(book=book, lend=lending("{reader: own}", with_loan=False)).problems
    assert {problem.span.file for problem in found} == {"book.yaml"}


def test_a_tool_knows_the_place_of_each_of_its_keys() -> None:
    lend = edited(
        "lend",
        "remark: {type: string, maxLength: 200}",
        "marks: {type: array, items: {type: object, properties: {a: {type: string}}}}",
    )
    app = library(lend=lend).app
    assert app is not None
    spans = app.tools["lend"].spans
    for path, text in {
        "description": "description",
        "trigger.http": "http",
        "trigger.http.path": "path",
        "allow.clerk": "clerk",
        "input.properties.book": "book",
        "input.properties.marks.items.properties.a": "a",
        "output.properties.loan": "loan",
        "refusals.out": "out",
        "flow": "flow",
    }.items():
        line = lend.splitlines()[spans[path].line - 1]
        assert line[spans[path].column - 1 :][: spans[path].length] == text, path
    assert not [path for path in spans if path.startswith("flow.")]


def test_a_tool_is_whole_where_nothing_of_its_flow_is_left_out() -> None:
    found = library(lend=edited("lend", "allow: {clerk: all}", "allow: {clark: all}")).partial
    assert found is not None
    assert found.tools["lend"].whole
    found = library(lend=edited("lend", "book.state == 'home'", "book.staet == 'home'")).partial
    assert found is not None
    assert not found.tools["lend"].whole


def test_a_tool_whose_contract_is_wrong_is_not_whole() -> None:
    for wrong in ("{type: string, maxLength: long}", "{type: string, enum: 5}", "5"):
        found = library(lend=edited("lend", "{type: string, maxLength: 200}", wrong)).partial
        assert found is not None
        assert not found.tools["lend"].whole
        assert found.tools["lend"].input_schema == {}


def test_an_app_that_has_problems_is_told_as_far_as_it_can_be() -> None:
    result = library(lend=edited("lend", "allow: {clerk: all}", "allow: {clark: all}"))
    assert result.app is None
    assert result.partial is not None
    assert set(result.partial.tools) == {"lend"}
    assert set(result.partial.connectors) == {"post"}


def test_a_sound_app_is_told_completely() -> None:
    result = library()
    assert result.app is result.partial
    assert result.documents.tools["lend"].description == "Lend a book."


def test_without_the_document_of_the_app_nothing_is_told() -> None:
    assert library(app=None).partial is None


CALLED = """\
tool: zebra
description: Counts.
allow: {clerk: all}
input: {type: object, required: [days], properties: {days: {type: integer}}}
output: {type: object, required: [stripes], properties: {stripes: {type: integer}}}
flow:
  - respond:
    value: {stripes: input.days}
"""


def calling(used: str) -> str:
    call = "  - call: zebra\n    tool: zebra\n    input: {days: input.days}\n"
    return edited("lend", "  - respond:", f"{call}  - transform: used\n    value: {used}\n  - respond:")


def test_a_flow_knows_what_a_tool_answers_that_comes_after_it() -> None:
    assert library(lend=calling("zebra.stripes + 1"), zebra=CALLED).problems == ()
    assert only(library(lend=calling("zebra.strips"), zebra=CALLED)).code == "unknown-field"


def test_a_wrong_contract_of_a_called_tool_has_no_echo_where_it_is_called() -> None:
    found = library(
        lend=calling("zebra.strips"), zebra=CALLED.replace("{stripes: {type: integer}}", "{stripes: {typ: x}}")
    )
    assert {problem.span.file for problem in found.problems} == {"zebra.yaml"}
