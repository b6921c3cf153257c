from __future__ import annotations

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
        ("tools/book_appointment.yaml", "slot.starts_at > now", "slot.start_at > now", 33),
        ("tools/book_appointment.yaml", "to: taken", "to: takn", 38),
        ("tools/cancel_appointment.yaml", "patient: own", "patiant: own", 4),
        ("tools/add_practitioner.yaml", "practitioner.id}", "practitioner.it}", 23),
        ("policies/suspended_accounts.yaml", "principal.roles", "principal.rolls", 3),
    ]
    for file, right, wrong, _ in mistakes:
        change(app / file, right, wrong)
    checked = writ("check", app, "--format", "json")
    assert checked.code == 1
    assert checked.json["colour"] == "red"
    places = {(problem["file"], problem["line"]) for problem in checked.json["problems"]}
    assert places == {(f"specs/clinic/{file}", line) for file, _, _, line in mistakes}


def test_problems_are_shown_in_their_lines(writ: Writ, app: Path) -> None:
    change(app / "tools" / "book_appointment.yaml", "to: taken", "to: takn")
    checked = writ("check", app)
    assert checked.code == 1
    assert "specs/clinic/tools/book_appointment.yaml:38:13" in checked.out
    assert "             ^^^^" in checked.out
    assert checked.out.endswith("specs/clinic: 1 problem\n")


def test_github_gets_annotations(writ: Writ, app: Path) -> None:
    change(app / "tools" / "book_appointment.yaml", "to: taken", "to: takn")
    checked = writ("check", app, "--format", "github")
    assert checked.code == 1
    assert checked.out.startswith("::error file=specs/clinic/tools/book_appointment.yaml,line=38,")


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
