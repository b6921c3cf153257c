from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.api_client import given_input, given_token, problem_lines
from cli.endings import Misused


@pytest.mark.parametrize(
    ("text", "pairs", "expected"),
    [
        (None, [], {}),
        ('{"a": 1}', [], {"a": 1}),
        (None, ["name=Mina", "note=", "phone=0049"], {"name": "Mina", "note": "", "phone": "0049"}),
        (None, ["limit:=5", "when:=null", "to=a=b:=c"], {"limit": 5, "when": None, "to": "a=b:=c"}),
        ('{"a": 1, "b": 2}', ["b:=3"], {"a": 1, "b": 3}),
        ("[1]", [], [1]),
    ],
)
def test_input_is_json_and_values_by_name(text: str | None, pairs: list[str], expected: Any) -> None:
    assert given_input(text, pairs) == expected


@pytest.mark.parametrize(
    ("text", "pairs", "said"),
    [
        ("{", [], "the input is not JSON: expecting property name"),
        (None, ["limit:=five"], "`limit` is not JSON"),
        (None, ["limit"], "`limit` is not a value"),
        (None, ["=5"], "`=5` is not a value"),
        ("[1]", ["a=b"], "only be added to an object"),
        ("@missing.json", [], "`missing.json` cannot be read: no such file"),
    ],
)
def test_what_is_no_input_is_wrong_usage(folder: Path, text: str | None, pairs: list[str], said: str) -> None:
    with pytest.raises(Misused) as refused:
        given_input(text, pairs)
    assert said in refused.value.reason


def test_input_and_token_are_read_from_files_and_stdin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("input.json").write_text('{"a": "ä"}')
    assert given_input("@input.json", []) == {"a": "ä"}
    monkeypatch.setattr(sys, "stdin", io.StringIO("the.token.itself\n"))
    assert given_token("-", "ada", []) == "the.token.itself"


def test_a_problem_names_each_place() -> None:
    content = {
        "status": 422,
        "code": "invalid_input",
        "detail": "No.",
        "errors": [{"pointer": "/a", "message": "is b"}],
    }
    assert problem_lines(content) == ["422 invalid_input: No.", "  /a: is b"]
    assert problem_lines("a proxy says no") == ["a proxy says no"]
