from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cli.report.document import reported_problem
from cli.report.github import problem_annotation
from cli.report.text import render_findings, render_problems
from tests import shelf
from writ.problems import Problem
from writ.source import Span

FILE = "specs/clinic/entities/slot.yaml"


def problem(line: int, column: int, length: int = 1, *, message: str = "`x` is wrong", help: str = "") -> Problem:
    return Problem("some-code", Span(FILE, line, column, length), message, help)


def rendered(source: str, line: int, column: int, length: int = 1, *, width: int = 120) -> tuple[str, str]:
    """The source line and the caret line as rendered, without their margin."""
    text = render_problems([problem(line, column, length)], {FILE: source}, colour=False, width=width)
    lines = text.split("\n")
    return lines[3].partition("| ")[2], lines[4].partition("| ")[2]


def columns(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_a_problem_is_shown_with_its_place_source_line_caret_and_help() -> None:
    source = "entity: Slot\nfeilds:\n  a: {}\n"
    wrong = Problem("unknown-key", Span(FILE, 2, 1, 6), "`feilds` is not a key", "did you mean `fields`?")
    assert render_problems([wrong], {FILE: source}, colour=False) == (
        "error[unknown-key]: `feilds` is not a key\n"
        f" --> {FILE}:2:1\n"
        "  |\n"
        "2 | feilds:\n"
        "  | ^^^^^^\n"
        "  = help: did you mean `fields`?\n"
    )


def test_several_problems_stand_apart_and_the_margin_fits_the_line_number() -> None:
    text = render_problems([problem(1, 1), problem(120, 3)], {FILE: "abc\n" * 120}, colour=False)
    first, second = text.split("\n\n")
    assert first.endswith("  | ^")
    assert second.splitlines()[3:] == ["120 | abc", "    |   ^"]


def test_without_help_or_source_those_lines_are_left_out() -> None:
    assert render_problems([problem(1, 1)], {}, colour=False) == f"error[some-code]: `x` is wrong\n --> {FILE}:1:1\n"
    assert "|" not in render_problems([problem(9, 1)], {FILE: "a\n"}, colour=False)


def test_no_problems_are_no_text() -> None:
    assert render_problems([], {}, colour=False) == ""


def test_the_caret_stands_below_what_it_marks_behind_tabs_wide_and_combining_characters() -> None:
    for before, marked in (
        ("a:\t", "x"),
        ("日本: ", "x"),
        ("e\u0301e\u0301: ", "x"),
        ("🙂 ", "本語"),
        ("", "e\u0301x"),
    ):
        code, caret = rendered(f"{before}{marked} rest", 1, len(before) + 1, len(marked))
        start = code.index(marked)
        assert caret == " " * columns(code[:start]) + "^" * columns(marked)


def test_a_combining_character_is_marked_with_the_one_it_belongs_to() -> None:
    assert rendered("e\u0301 x", 1, 1, 1) == ("e\u0301 x", "^")


def test_the_place_behind_the_end_of_a_line_has_a_caret() -> None:
    assert rendered("abc", 1, 4) == ("abc", "   ^")
    assert rendered("", 1, 1) == ("", "^")


def test_a_byte_order_mark_does_not_move_the_caret() -> None:
    assert rendered("\ufeffabc", 1, 2) == ("abc", " ^")


def test_only_line_breaks_of_yaml_count_as_lines() -> None:
    assert rendered("a\u2028b\x0cc\r\nsecond\rthird", 3, 1, 5) == ("third", "^^^^^")


def test_a_long_line_is_cut_around_the_caret() -> None:
    source = "a" * 200 + "XYZ" + "b" * 200
    code, caret = rendered(source, 1, 201, 3, width=60)
    assert code.startswith("…a")
    assert code.endswith("b…")
    assert code[caret.index("^") : caret.rindex("^") + 1] == "XYZ"
    assert len(code) <= 60 - 4


def test_a_long_mark_is_cut_at_the_end_of_the_line() -> None:
    code, caret = rendered("a: " + "x" * 500, 1, 4, 500, width=50)
    assert code.startswith("a: xxx")
    assert code.endswith("…")
    assert set(caret[3:]) == {"^"}
    assert max(len(code), len(caret)) <= 50 - 4


def test_a_terminal_obeys_nothing_that_stands_in_a_spec() -> None:
    text = render_problems(
        [problem(1, 1, message="`\x1b[2J` is wrong", help="\x9b2J\nerror[fake]: \u202e")],
        {FILE: "\x1b]0;title\x07\u202e\n"},
        colour=False,
    )
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert r"`\u{1b}[2J` is wrong" in text
    assert "\nerror[fake]" not in text


def test_colours_change_nothing_but_colours() -> None:
    problems, sources = [problem(1, 2, help="mend it")], {FILE: "abc"}
    coloured = render_problems(problems, sources, colour=True)
    plain = coloured
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[1;34m"):
        assert code in coloured
        plain = plain.replace(code, "")
    assert plain == render_problems(problems, sources, colour=False)


def test_json_names_every_part() -> None:
    found = [reported_problem(problem(3, 4, 5, help="mend it")).model_dump(mode="json")]
    assert found == [
        {
            "code": "some-code",
            "file": FILE,
            "line": 3,
            "column": 4,
            "length": 5,
            "message": "`x` is wrong",
            "help": "mend it",
        }
    ]
    assert json.loads(json.dumps(found)) == found


def test_a_github_annotation_names_place_and_code_and_escapes_what_would_end_it() -> None:
    assert problem_annotation(problem(3, 4, 5, help="mend it")) == (
        f"::error file={FILE},line=3,col=4,endColumn=9,title=some-code::`x` is wrong%0Ahelp: mend it"
    )
    odd = Problem("code", Span("a,b:c%.yaml", 1, 1), "100%\r\n::error::x")
    assert problem_annotation(odd) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,endColumn=2,title=code::100%25%0D%0A::error::x"
    )


def test_a_rule_of_the_apps_own_has_no_page_to_look_up() -> None:
    found = shelf.finding(shelf.yellow())
    told = render_findings([found], {}, colour=False, folder="specs/my shelf")
    assert "explain" not in told
    assert f"  = or: `writ acknowledge {found.fingerprint} 'specs/my shelf' --reason … --until …`\n" in told
    assert "= more: `writ explain ACK001`" in render_findings([replace(found, rule="ACK001")], {}, colour=False)


def test_an_acknowledgement_too_many_cannot_be_acknowledged() -> None:
    found = replace(shelf.finding(shelf.yellow()), rule="ACK001")
    assert "writ acknowledge" not in render_findings([found], {}, colour=False)


@given(st.text(max_size=80), st.integers(1, 5), st.integers(1, 90), st.integers(1, 90), st.integers(1, 100))
@settings(max_examples=400, deadline=None)
def test_any_place_in_any_text_can_be_shown(source: str, line: int, column: int, length: int, width: int) -> None:
    text = render_problems([problem(line, column, length)], {FILE: source}, colour=False, width=width)
    lines = text.splitlines()
    assert len(lines) in (2, 5)
    if len(lines) == 5:
        assert "^" in lines[4]
        assert columns(lines[4]) <= max(width, 24)
