"""Whatever the files of an app are, there is an answer, soon, and each of its problems can be shown."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writ.fuzz.outcome import answered, complaints, reported
from tests.writ.hostile import APPS
from tests.writ.library import LEND, library
from writ.check import check_app

CLINIC = Path(__file__).parents[2] / "specs" / "clinic"
TOKEN = re.compile(r"[A-Za-z_]+|\d+|[{}\[\]:,.'\"]|\s+")
WORDS = ("input", "principal", "now", "null", "true", "-1", "9" * 20, "[]", "{}", "''", "id", "state", "set", "Patient")


@cache
def clinic() -> dict[str, str]:
    return {str(path.relative_to(CLINIC)): path.read_text() for path in sorted(CLINIC.rglob("*.yaml"))}


def mutated(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines[at], lines[other] = lines[other], lines[at]
        case 2:
            lines[at:at] = lines[min(at, other) : max(at, other) + 1]
        case 3:
            lines[at] = "  " + lines[at] if chance.random() < 0.5 else lines[at].removeprefix("  ")
        case 4:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)] + "\n"
        case _:
            tokens = TOKEN.findall(lines[at]) or [""]
            place = chance.randrange(len(tokens))
            tokens[place] = chance.choice([*WORDS, *TOKEN.findall(lines[other]), ""])
            lines[at] = "".join(tokens)
    return "".join(lines)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=2**32), st.integers(min_value=1, max_value=4))
def test_any_change_of_an_app_gives_an_app_or_problems_that_lie_inside_its_files(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    files = dict(clinic())
    for _ in range(changes):
        path = chance.choice(sorted(files))
        files[path] = mutated(files[path], chance) if files[path] else ""
    result = check_app({path: text.encode() for path, text in files.items()}, "clinic")
    assert (result.app is None) == bool(result.problems)
    for problem in result.problems:
        assert "Marked(" not in problem.message + problem.help
        assert not problem.message.endswith(".")
        if problem.code == "no-app":
            continue
        lines = re.split(r"\r\n|\r|\n", files[problem.span.file])
        assert 1 <= problem.span.line <= len(lines)
        assert problem.span.column <= len(lines[problem.span.line - 1]) + 1


def nested(depth: int) -> str:
    return f"{{if: i{depth}, when: 'true', then: [{nested(depth - 1)}]}}" if depth else "{refuse: out}"


STATES = "".join(f"  s{i}: {{meaning: x{', initial: true' if i == 0 else ''}}}\n" for i in range(5000))
NODES = "".join(f"      - transform: n{i}\n        value: input.days + {i}\n" for i in range(1000))
MANY = ", ".join(f"{{transform: n{i}, value: now}}" for i in range(10_000))
HOSTILE = {
    "nested": {"lend": LEND.replace("  - respond:", f"  - {nested(31)}\n  - respond:")},
    "too deep": {"lend": LEND.replace("  - respond:", f"  - {nested(100)}\n  - respond:")},
    "many nodes": {"lend": LEND.replace("      - transition:", f"{NODES}      - transition:")},
    "too many nodes": {"lend": LEND.replace("  - respond:", f"  - transaction: t\n    nodes: [{MANY}]\n  - respond:")},
    "long expression": {"lend": LEND.replace("book.state == 'home'", '"' + "x" * 1_000_000 + '"')},
    "deep expression": {"lend": LEND.replace("book.state == 'home'", "(" * 4000 + "true" + ")" * 4000)},
    "many states": {"book": "entity: Book\ndescription: x\nfields: {title: {type: text}}\nstates:\n" + STATES},
    "many entities": {
        f"e{i}": f"entity: E{i}\ndescription: x\nowner: o\nfields: {{o: {{type: reference, to: E{(i + 1) % 300}}}}}\n"
        for i in range(300)
    },
    "many tools": {
        f"lend_{i}": LEND.replace("tool: lend", f"tool: lend_{i}").replace("/lend", f"/lend-{i}") for i in range(200)
    },
}


@pytest.mark.parametrize("documents", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_app_is_answered(documents: dict[str, str]) -> None:
    assert library(**documents) is not None


@pytest.mark.parametrize("name", APPS)
def test_an_absurd_app_is_judged_and_reported_in_words_of_its_author(name: str) -> None:
    answer = answered(APPS[name](), "library")
    assert list(complaints(answer)) == []
    assert reported(answer)
