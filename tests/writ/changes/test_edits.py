"""Single edits of real apps: exactly these kinds of change there, and exactly those on the way back; none is missed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writ.rules.library import EXAMPLES, app_files, check_texts, edited
from writ.changes.change import Change
from writ.changes.compare import compare
from writ.changes.kinds import Kind
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


def test_every_kind_of_change_is_told_of_an_edit() -> None:
    told_of = {word for case in table() for word in (*case.there, *case.back)}
    assert told_of == {kind.word for kind in Kind}


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("own to all", "red"),
        ("called with a role of its own", "red"),
        ("a first payment", "yellow"),
        ("payment added", "yellow"),
        ("call added", "yellow"),
        ("host changed", "red"),
    ],
)
def test_more_rights_are_red_and_a_new_effect_needs_a_look(name: str, there: str) -> None:
    case = next(case for case in table() if case.name == name)
    assert told(compare(base(case.app), changed(case)))[1] == there


def test_a_role_less_on_a_tool_is_for_information_and_a_role_less_in_the_app_needs_a_look() -> None:
    assert (Kind.ROLE_DISALLOWED.level, Kind.ROLE_REMOVED.level) == ("green", "yellow")


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
        assert change.path.startswith(changed(case).name)
        assert change.before is not None and change.after is not None
        assert change.level != "red" or change.help, change


@pytest.mark.parametrize("case", table(), ids=str)
def test_a_changed_app_is_the_same_as_itself(case: Edited) -> None:
    app = changed(case)
    assert compare(app, app) == ()


_NUMBER = re.compile(r"(?<=[ {\[(:])\d+(?=[smhd]?[,}\]\s])|(?<=[ {\[(:])\d+(?=/[smhd])")
_YES_OR_NO = re.compile(r"(?<=: )(?:true|false)\b")


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_another_number_and_another_yes_or_no_are_told(data: st.DataObject) -> None:
    """Wherever one stands: whoever looks at the changes must not miss a bound, a limit or a switch."""
    app = data.draw(st.sampled_from([*sorted(EXAMPLES), "shop", "clinic"]))
    path, start, end, other = data.draw(st.sampled_from(_values(app)))
    text = app_files(app)[path]
    checked = check_texts({**app_files(app), path: text[:start] + other + text[end:]}, app)
    if checked.app is not None:
        assert compare(base(app), checked.app) != (), f"{path}: {text[:start].splitlines()[-1:]} then {other}"


@cache
def _values(app: str) -> list[tuple[str, int, int, str]]:
    """The file and place of each number and each yes or no, with another in its place; not what people read."""
    return [
        (path, found.start(), found.end(), _other(found.group()))
        for path, text in app_files(app).items()
        for pattern in (_NUMBER, _YES_OR_NO)
        for found in pattern.finditer(text)
        if not _is_prose(text, found.start())
    ]


def _other(value: str) -> str:
    return {"true": "false", "false": "true"}.get(value) or str(int(value) + 1)


def _is_prose(text: str, place: int) -> bool:
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return "#" in line or "description:" in line
