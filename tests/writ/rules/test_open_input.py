"""The mechanical way out of an object that takes undeclared properties."""

from __future__ import annotations

from tests.writ.rules.library import app_files, check_texts, edited
from writ.findings import Edit, Finding
from writ.judgement import judge

FILE = "tools/stock_up.yaml"
CLOSED = "  type: object\n  additionalProperties: false\n"


def findings(text: str) -> tuple[Finding, ...]:
    checked = check_texts({**app_files("shop"), FILE: text}, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    return judge(checked.app).findings


def applied(text: str, edit: Edit) -> str:
    lines = text.splitlines(keepends=True)
    line = lines[edit.line - 1]
    lines[edit.line - 1] = line[: edit.column - 1] + edit.text + line[edit.end_column - 1 :]
    return "".join(lines)


def test_the_fix_closes_the_object_and_nothing_is_left_to_say() -> None:
    opened = app_files("shop")[FILE].replace(CLOSED, "  type: object\n", 1)
    (found,) = findings(opened)
    assert found.fix is not None
    (edit,) = found.fix.edits
    assert findings(applied(opened, edit)) == ()


def with_boxes(written: str) -> str:
    pieces = "pieces: {type: integer, minimum: 1, maximum: 1000}"
    return edited(app_files("shop")[FILE], pieces, f"{pieces}\nboxes: {written}")


def test_the_fix_of_an_object_in_braces_stays_in_them() -> None:
    opened = with_boxes("{type: object, properties: {number: {type: integer}}}")
    (found,) = findings(opened)
    assert found.fix is not None
    (edit,) = found.fix.edits
    assert findings(applied(opened, edit)) == ()


def test_an_object_in_braces_on_lines_of_their_own_has_no_fix_that_could_break_it() -> None:
    (found,) = findings(with_boxes("\n  {type: object,\n   properties: {number: {type: integer}}}"))
    assert (found.rule, found.fix) == ("TYP006", None)


def test_an_object_that_says_it_is_open_has_no_fix_that_would_say_it_twice() -> None:
    opened = app_files("shop")[FILE].replace(CLOSED, "  type: object\n  additionalProperties: true\n", 1)
    (found,) = findings(opened)
    assert found.fix is None
