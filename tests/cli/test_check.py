from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import CHECKOUT, Writ, change, copy_of_clinic, run_process


@pytest.fixture
def app(folder: Path) -> Path:
    copy_of_clinic(folder / "specs")
    return Path("specs/clinic")


def test_an_app_without_problems_is_green(writ: Writ, app: Path) -> None:
    checked = writ("check", app, "--format", "json")
    assert checked.code == 0
    report = checked.json
    assert {"colour": "green", "findings": [], "problems": []}.items() <= report.items()
    assert report["app"] == "clinic"
    digests = [report["digest"], *report["tools"].values()]
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)
    assert "book_appointment" in report["tools"]


def test_the_same_specs_have_the_same_digest_in_every_process(app: Path) -> None:
    reports = [
        run_process("check", "specs/clinic", "--format", "json", cwd=CHECKOUT, PYTHONHASHSEED=seed) for seed in "12"
    ]
    assert reports[0].json == reports[1].json


def test_text_says_the_colour_the_size_and_the_release(writ: Writ, app: Path) -> None:
    checked = writ("check", app)
    assert checked.code == 0
    assert checked.out.startswith("specs/clinic: green, 11 tools, 4 entities, release sha256:")
    assert checked.err == ""


def test_every_mistake_is_reported_with_its_place(writ: Writ, app: Path) -> None:
    mistakes = [
        ("tools/book_appointment.yaml", "slot.starts_at > now", "slot.start_at > now", 34),
        ("tools/book_appointment.yaml", "to: taken", "to: takn", 39),
        ("tools/cancel_appointment.yaml", "patient: own", "patiant: own", 5),
        ("tools/add_practitioner.yaml", "practitioner.id}", "practitioner.it}", 24),
        ("policies/suspended_accounts.yaml", "principal.roles", "principal.rolls", 4),
    ]
    for file, right, wrong, _ in mistakes:
        change(app / file, right, wrong)
    checked = writ("check", app, "--format", "json")
    assert checked.code == 1
    assert checked.json["colour"] == "red"
    assert checked.json["problems"] == []
    places = {(finding["file"], finding["line"]) for finding in checked.json["findings"]}
    assert places == {(f"specs/clinic/{file}", line) for file, _, _, line in mistakes}


def test_problems_are_shown_in_their_lines(writ: Writ, app: Path) -> None:
    change(app / "tools" / "book_appointment.yaml", "to: taken", "to: takn")
    checked = writ("check", app)
    assert checked.code == 1
    assert "specs/clinic/tools/book_appointment.yaml:39:13" in checked.out
    assert "             ^^^^" in checked.out
    assert checked.out.endswith("specs/clinic: red, 1 red finding; judged once mended: `book_appointment`\n")


def test_github_gets_annotations(writ: Writ, app: Path) -> None:
    change(app / "tools" / "book_appointment.yaml", "to: taken", "to: takn")
    checked = writ("check", app, "--format", "github")
    assert checked.code == 1
    assert checked.out.startswith("::error file=specs/clinic/tools/book_appointment.yaml,line=39,")


def test_without_a_folder_every_app_is_checked(writ: Writ, app: Path) -> None:
    assert writ("new", "specs/shop").code == 0
    checked = writ("check", "--format", "json")
    assert [report["app"] for report in checked.json] == ["clinic", "shop"]


def test_one_broken_app_among_several_is_an_exit_code_of_1(writ: Writ, app: Path) -> None:
    writ("new", "specs/shop")
    change(Path("specs/shop/app.yaml"), "roles:", "rolls:")
    checked = writ("check")
    assert checked.code == 1
    assert "specs/clinic: green" in checked.out


def test_a_missing_folder_is_wrong_usage(writ: Writ, app: Path) -> None:
    refused = writ("check", "specs/clinik")
    assert (refused.code, refused.out) == (2, "")
    assert "the folder `specs/clinik` does not exist" in refused.err
    assert "`specs/clinic`" in refused.err


def test_a_checkout_without_apps_says_how_to_make_one(writ: Writ, folder: Path) -> None:
    refused = writ("check")
    assert refused.code == 2
    assert "writ new" in refused.err


def test_an_empty_folder_is_a_problem(writ: Writ, folder: Path) -> None:
    (folder / "shop").mkdir()
    checked = writ("check", "shop")
    assert checked.code == 1
    assert "no YAML file" in checked.out


def test_a_file_that_leads_out_of_the_folder_keeps_the_app_from_being_green(writ: Writ, app: Path) -> None:
    (app / "more.yaml").symlink_to(CHECKOUT / "docker-compose.yml")
    checked = writ("check", app)
    assert checked.code == 1
    assert "leads out of the folder" in checked.out


def test_a_format_that_does_not_exist_is_wrong_usage(writ: Writ, app: Path) -> None:
    assert writ("check", app, "--format", "xml").code == 2


def test_a_finding_is_shown_with_how_it_goes_wrong_and_the_way_out(writ: Writ, app: Path) -> None:
    change(app / "tools" / "archive_patient.yaml", "archive: archived", "delete: archived")
    checked = writ("check", app)
    assert checked.code == 1
    assert "red[WRT002 hard-delete]: `archived` removes rows of `Patient` for good" in checked.out
    assert "  = how it goes wrong:\n" in checked.out
    assert "  = help: write `archive: archived`" in checked.out
    assert "  = more: `writ explain WRT002`" in checked.out


def test_every_format_has_the_same_findings(writ: Writ, app: Path) -> None:
    change(app / "tools" / "archive_patient.yaml", "archive: archived", "delete: archived")
    change(app / "tools" / "list_free_slots.yaml", '        limit: "has(input.limit) ? input.limit : 20"\n', "")
    text, github = (writ("check", app, "--format", format).out for format in ("text", "github"))
    report, sarif = (writ("check", app, "--format", format).json for format in ("json", "sarif"))
    told = {(finding["rule"], finding["line"]) for finding in report["findings"]}
    assert {rule for rule, _ in told} == {"WRT002", "LIM001"}
    assert told == {
        (result["ruleId"], result["locations"][0]["physicalLocation"]["region"]["startLine"])
        for result in sarif["runs"][0]["results"]
    }
    for rule, line in told:
        assert f"red[{rule} " in text
        assert f",line={line},col=" in github
    assert github.count("::error ") == len(told)


def test_a_mechanical_fix_is_applied_and_nothing_else_changes(writ: Writ, app: Path) -> None:
    tool = app / "tools" / "list_free_slots.yaml"
    change(tool, '        limit: "has(input.limit) ? input.limit : 20"\n', "")
    before = tool.read_text()
    assert writ("check", app).code == 1
    fixed = writ("check", app, "--fix")
    assert fixed.code == 0
    assert fixed.err.startswith(f"fixed {tool}:")
    assert "LIM001" in fixed.err
    after = tool.read_text().splitlines()
    assert [line for line in after if line not in before.splitlines()] == ["        limit: 100"]
    assert [line for line in after if "limit: 100" not in line] == before.splitlines()


def test_what_cannot_be_fixed_by_itself_stays_as_it_is(writ: Writ, app: Path) -> None:
    tool = app / "tools" / "archive_patient.yaml"
    change(tool, "archive: archived", "delete: archived")
    before = tool.read_text()
    checked = writ("check", app, "--fix")
    assert (checked.code, checked.err) == (1, "specs/clinic: nothing here can be fixed by itself\n")
    assert tool.read_text() == before


def test_where_nothing_is_wrong_nothing_is_said_of_fixes(writ: Writ, app: Path) -> None:
    checked = writ("check", app, "--fix")
    assert (checked.code, checked.err) == (0, "")


def test_commands_are_named_with_the_app_and_as_they_are_typed_but_not_for_programs(
    writ: Writ, app: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "writ").touch(0o755)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    change(app / "tools" / "list_free_slots.yaml", '        limit: "has(input.limit) ? input.limit : 20"\n', "")
    change(app / "tools" / "open_slots.yaml", "max: 100", "max: 200")
    change(app / "tools" / "open_slots.yaml", "maxItems: 100", "maxItems: 200")
    monkeypatch.setenv("PATH", os.devnull)
    text = writ("check", app).out
    assert "  = fix: `.venv/bin/writ check specs/clinic --fix` can add `limit: 100`" in text
    assert "  = more: `.venv/bin/writ explain LIM001`" in text
    assert re.search(r"= or: `\.venv/bin/writ acknowledge [0-9a-f]{16} specs/clinic --reason … --until …`", text)
    for format in ("json", "sarif"):
        assert ".venv" not in writ("check", app, "--format", format).out


def test_an_acknowledged_finding_is_told_in_one_line_and_lets_the_app_go(writ: Writ, app: Path) -> None:
    change(app / "tools" / "open_slots.yaml", "max: 100", "max: 200")
    change(app / "tools" / "open_slots.yaml", "maxItems: 100", "maxItems: 200")
    (yellow,) = writ("check", app, "--format", "json").json["findings"]
    assert (yellow["rule"], yellow["colour"], yellow["acknowledged"]) == ("WRT005", "yellow", None)
    in_a_month = str(datetime.now(UTC).date() + timedelta(days=30))
    reason = ("--reason", "The diary of a month.", "--until", in_a_month, "--by", "ada@example.org")
    assert writ("acknowledge", yellow["fingerprint"], app, *reason).code == 0
    checked = writ("check", app)
    assert checked.code == 0
    assert checked.out.startswith("acknowledged[WRT005 high-row-impact]: ")
    assert "specs/clinic: yellow, 1 acknowledged, 11 tools" in checked.out
    assert writ("check", app, "--format", "json").json["findings"][0]["acknowledged"]["by"] == "ada@example.org"


def test_what_cannot_be_run_yet_is_told_at_once_and_changes_no_colour(writ: Writ, app: Path) -> None:
    change(app / "tools" / "keep_appointment.yaml", "  - respond:\n", "  - wait: calm\n    for: 1m\n  - respond:\n")
    checked = writ("check", app)
    assert checked.code == 1
    assert "not yet: specs/clinic/tools/keep_appointment.yaml:" in checked.out
    assert checked.out.endswith("specs/clinic: green, 1 part that cannot be run yet\n")
    assert writ("check", app, "--format", "github").out.startswith("::notice file=specs/clinic/tools/keep_appointment")
    noted = writ("check", app, "--format", "sarif").json["runs"][0]["results"]
    assert [(result["ruleId"], result["level"]) for result in noted] == [("not-yet-runnable", "note")]
    change(app / "tools" / "archive_patient.yaml", "archive: archived", "delete: archived")
    report = writ("check", app, "--format", "json").json
    assert [finding["rule"] for finding in report["findings"]] == ["WRT002"]
    assert [part["code"] for part in report["not_yet"]] == ["not-yet-runnable"]
    assert (report["problems"], report["deployable"]) == ([], False)
    assert "1 red finding and 1 part that cannot be run yet" in writ("publish", app).err
