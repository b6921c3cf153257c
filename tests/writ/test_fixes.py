from __future__ import annotations

from writ.findings import Confidence, Edit, Finding, Fix, Severity
from writ.fixes import apply_fixes
from writ.source import Span

FILE = "specs/a/tools/t.yaml"
TEXT = "one: 1   # first\ntwo: 2\n\nthree: 3\n"


def finding(*edits: Edit) -> Finding:
    fix = Fix("mend it", edits) if edits else None
    return Finding(
        "AAA001", "a-rule", Severity.harm, Confidence.certain, Span(FILE, 1, 1), "a.t", "wrong", "mend", fix=fix
    )


def test_only_the_characters_of_an_edit_change() -> None:
    fixed = apply_fixes([finding(Edit(FILE, 1, 6, 1, 7, "10"))], {FILE: TEXT})
    assert fixed.texts == {FILE: "one: 10   # first\ntwo: 2\n\nthree: 3\n"}


def test_lines_are_inserted_and_removed() -> None:
    added = finding(Edit(FILE, 2, 1, 2, 1, "more: 5\n"))
    removed = finding(Edit(FILE, 4, 1, 5, 1, ""))
    fixed = apply_fixes([added, removed], {FILE: TEXT})
    assert fixed.texts == {FILE: "one: 1   # first\nmore: 5\ntwo: 2\n\n"}
    assert fixed.applied == (added, removed)


def test_text_is_added_behind_the_last_line() -> None:
    assert apply_fixes([finding(Edit(FILE, 5, 1, 5, 1, "four: 4\n"))], {FILE: TEXT}).texts[FILE].endswith("four: 4\n")


def test_of_two_fixes_that_touch_one_place_the_second_is_left_whole() -> None:
    first = finding(Edit(FILE, 1, 6, 1, 7, "10"))
    second = finding(Edit(FILE, 4, 8, 4, 9, "30"), Edit(FILE, 1, 1, 1, 7, "uno: 1"))
    fixed = apply_fixes([first, second], {FILE: TEXT})
    assert fixed.texts[FILE].splitlines()[3] == "three: 3"
    assert (fixed.applied, fixed.left) == ((first,), (second,))


def test_two_insertions_at_one_place_do_not_race() -> None:
    one, other = finding(Edit(FILE, 2, 1, 2, 1, "a\n")), finding(Edit(FILE, 2, 1, 2, 1, "b\n"))
    assert apply_fixes([one, other], {FILE: TEXT}).left == (other,)


def test_two_findings_that_one_edit_mends_are_both_mended_by_it() -> None:
    edit = Edit(FILE, 1, 6, 1, 7, "10")
    one, other = finding(edit), finding(edit)
    fixed = apply_fixes([one, other], {FILE: TEXT})
    assert fixed.texts[FILE].startswith("one: 10   #")
    assert fixed.left == ()


def test_what_has_no_fix_or_another_file_changes_nothing() -> None:
    elsewhere = finding(Edit("other.yaml", 1, 1, 1, 1, "x"))
    fixed = apply_fixes([finding(), elsewhere], {FILE: TEXT})
    assert fixed.texts == {}
    assert fixed.left == (elsewhere,)


def test_line_ends_of_windows_stay() -> None:
    fixed = apply_fixes([finding(Edit(FILE, 2, 6, 2, 7, "20"))], {FILE: TEXT.replace("\n", "\r\n")})
    assert fixed.texts[FILE] == TEXT.replace("two: 2", "two: 20").replace("\n", "\r\n")
