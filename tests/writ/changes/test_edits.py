"""Single edits of real apps: exactly these kinds of change there, and exactly those on the way back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.writ.rules.library import app_files, check_texts, edited
from writ.changes.change import Change
from writ.changes.compare import compare
from writ.findings import worst
from writ.nodes.typed import TypedApp

TABLE = Path(__file__).parent / "edits.yaml"


@dataclass(frozen=True)
class Edited:
    """An app, an edit of it, the kinds of change there and back, and the worst level of each."""

    name: str
    app: str
    edits: list[dict[str, str]]
    there: list[str]
    back: list[str]
    worst: list[str]

    def __str__(self) -> str:
        return self.name.replace(" ", "-")

    def texts(self) -> dict[str, str]:
        texts = dict(app_files(self.app))
        for edit in self.edits:
            file = edit["file"]
            texts[file] = edited(texts[file], edit["from"], edit["to"]) if "from" in edit else edit["to"]
        return texts


@cache
def table() -> list[Edited]:
    written: Any = yaml.safe_load(TABLE.read_text())
    return [Edited(**case) for case in written["cases"]]


@cache
def base(app: str) -> TypedApp:
    checked = check_texts(app_files(app), app)
    assert checked.app is not None, checked.problems
    return checked.app


@cache
def _changed(name: str) -> TypedApp:
    case = next(case for case in table() if case.name == name)
    checked = check_texts(case.texts(), case.app)
    assert checked.partial is not None
    return checked.partial


def changed(case: Edited) -> TypedApp:
    return _changed(case.name)


def told(changes: tuple[Change, ...]) -> tuple[list[str], str]:
    return sorted({change.kind.word for change in changes}), str(worst(change.level for change in changes))


def test_the_table_is_long_enough_to_mean_something() -> None:
    names = [case.name for case in table()]
    assert len(names) == len(set(names)) >= 45


@pytest.mark.parametrize("case", table(), ids=str)
def test_an_edit_is_told_as_what_it_is(case: Edited) -> None:
    assert told(compare(base(case.app), changed(case))) == (case.there, case.worst[0])


@pytest.mark.parametrize("case", table(), ids=str)
def test_taking_the_edit_back_is_told_as_what_that_is(case: Edited) -> None:
    assert told(compare(changed(case), base(case.app))) == (case.back, case.worst[1])


@pytest.mark.parametrize("case", table(), ids=str)
def test_every_change_has_a_sentence_and_its_two_places(case: Edited) -> None:
    for change in compare(base(case.app), changed(case)):
        assert change.message and not change.message.endswith(".")
        assert change.path.startswith(case.app)
        assert change.before is not None and change.after is not None
        assert change.level != "red" or change.help, change


@pytest.mark.parametrize("case", table(), ids=str)
def test_a_changed_app_is_the_same_as_itself(case: Edited) -> None:
    app = changed(case)
    assert compare(app, app) == ()
