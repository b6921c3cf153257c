"""`writ check --since`: what changed is judged, and what did not change is not judged tool by tool."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Writ, change, copy_of_clinic


@pytest.fixture
def app(folder: Path) -> Path:
    copy_of_clinic(folder / "specs")
    shutil.copytree(folder / "specs" / "clinic", folder / "before")
    return Path("specs/clinic")


def test_nothing_changed_so_no_tool_is_judged(writ: Writ, app: Path) -> None:
    checked = writ("check", app, "--since", "before")
    assert checked.code == 0
    assert checked.out == "specs/clinic: green, 0 of 11 tools judged, nothing compiled\n"


def test_a_changed_tool_is_judged_and_nothing_else(writ: Writ, app: Path) -> None:
    change(app / "tools" / "archive_patient.yaml", "archive: archived", "delete: archived")
    checked = writ("check", app, "--since", "before", "--format", "json")
    assert checked.code == 1
    assert checked.json["judged"] == ["archive_patient"]
    assert [finding["rule"] for finding in checked.json["findings"]] == ["WRT002"]
    assert checked.json["digest"] is None


def test_what_was_wrong_before_is_not_told_again_unless_it_changes(writ: Writ, app: Path) -> None:
    for clinic in (app, Path("before")):
        change(clinic / "tools" / "archive_patient.yaml", "archive: archived", "delete: archived")
    assert writ("check", app).code == 1
    assert writ("check", app, "--since", "before").code == 0


def test_after_a_change_of_an_entity_every_tool_is_judged(writ: Writ, app: Path) -> None:
    change(app / "entities" / "patient.yaml", "The patient may book.", "The patient may come.")
    checked = writ("check", app, "--since", "before")
    assert "11 of 11 tools judged" in checked.out


def test_a_contract_that_breaks_is_found_by_comparison(writ: Writ, app: Path) -> None:
    change(
        app / "tools" / "keep_appointment.yaml",
        "additionalProperties: false",
        "additionalProperties: false\n  minProperties: 2",
    )
    change(app / "tools" / "keep_appointment.yaml", "required: [appointment]", "required: [appointment, sure]")
    change(app / "tools" / "keep_appointment.yaml", "properties: {", "properties: {sure: {type: boolean}, ")
    checked = writ("check", app, "--since", "before", "--format", "json")
    assert checked.code == 1
    assert "TYP007" in {finding["rule"] for finding in checked.json["findings"]}


def test_a_tool_that_calls_a_changed_one_is_judged_too(writ: Writ, app: Path) -> None:
    for clinic in (app, Path("before")):
        text = (clinic / "tools" / "keep_appointment.yaml").read_text()
        caller = text.partition("flow:")[0].replace("tool: keep_appointment", "tool: keep_by_phone")
        caller = caller.replace("/keep", "/keep-by-phone").replace("path: /", "path: /phone/")
        call = "flow:\n  - call: kept\n    tool: keep_appointment\n    input: {appointment: input.appointment}\n"
        answer = "  - respond:\n    value: {appointment: input.appointment}\n"
        (clinic / "tools" / "keep_by_phone.yaml").write_text(caller + call + answer)
    change(app / "tools" / "keep_appointment.yaml", "description: ", "description: Really. ")
    checked = writ("check", app, "--since", "before", "--format", "json")
    assert checked.json["judged"] == ["keep_appointment", "keep_by_phone"]


def test_a_version_of_another_app_is_wrong_usage(writ: Writ, app: Path) -> None:
    writ("new", "specs/shop")
    refused = writ("check", app, "--since", "specs/shop")
    assert refused.code == 2
    assert "`specs/shop` is a version of `shop`, not of `clinic`" in refused.err


def test_a_version_that_does_not_exist_is_wrong_usage(writ: Writ, app: Path) -> None:
    assert writ("check", app, "--since", "nowhere").code == 2


def test_fixing_and_comparing_do_not_go_together(writ: Writ, app: Path) -> None:
    assert writ("check", app, "--since", "before", "--fix").code == 2


def test_publish_knows_no_such_option(writ: Writ, app: Path) -> None:
    assert writ("publish", app, "--since", "before").code == 2
