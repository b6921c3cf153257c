from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cli.diffing.document import ComparisonReport
from tests.cli.conftest import CHECKOUT, CLINIC, Dev, Writ, change, copy_of_clinic
from writ.changes.kinds import Kind

CANCEL = "tools/cancel_appointment.yaml"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clinic(folder: Path) -> Path:
    """A repository with the clinic in its only commit."""
    copy_of_clinic(folder / "specs")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "clinic")
    return Path("specs/clinic")


def line_of(text: str) -> int:
    """The line of the clinic's cancelling tool that begins so."""
    lines = (CLINIC / CANCEL).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(text))


ALLOW, DESCRIPTION = line_of("allow:"), line_of("description:")


def widen(app: Path) -> None:
    change(app / CANCEL, "{patient: own, reception: all}", "{patient: all, reception: all}")


def test_nothing_changed(writ: Writ, clinic: Path) -> None:
    ended = writ("diff", clinic, clinic)
    assert (ended.code, ended.out) == (0, "specs/clinic → specs/clinic: green, nothing changed\n")


def test_a_folder_is_compared_with_a_revision_of_git(writ: Writ, clinic: Path) -> None:
    widen(clinic)
    ended = writ("diff", "main:specs/clinic", clinic)
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "red[access-widened]: `patient` calls `cancel_appointment` over all rows, and no longer over its own rows",
        f"  --> main:specs/clinic/{CANCEL}:{ALLOW} → specs/clinic/{CANCEL}:{ALLOW}  (clinic.cancel_appointment)",
        "   = help: write `patient: own`",
        "",
        "main:specs/clinic → specs/clinic: red, 1 red",
    ]


def test_two_revisions_are_compared_and_nothing_is_checked_out(writ: Writ, clinic: Path) -> None:
    widen(clinic)
    git(clinic, "commit", "--quiet", "--all", "--message", "wider")
    change(clinic / CANCEL, "{patient: all, reception: all}", "{patient: own}")
    text = (clinic / CANCEL).read_text()
    ended = writ("diff", "main~1:specs/clinic", "main:specs/clinic", "--format", "json")
    assert [one["kind"] for one in ended.json["changes"]] == ["access-widened"]
    assert (clinic / CANCEL).read_text() == text


@pytest.mark.parametrize(
    ("old", "says"),
    [
        ("nowhere:specs/clinic", "git cannot read `nowhere:specs/clinic`"),
        ("main:specs/nowhere", "git cannot read `main:specs/nowhere`"),
        ("--output=x:specs/clinic", "`--output=x` is no revision of git"),
        ("specs/nowhere", "the folder `specs/nowhere` does not exist"),
    ],
)
def test_a_side_that_is_not_there_is_a_wrong_call(writ: Writ, clinic: Path, old: str, says: str) -> None:
    ended = writ("diff", "--", old, clinic)
    assert ended.code == 2
    assert says in ended.err


def test_a_side_without_an_app_is_an_error(writ: Writ, clinic: Path) -> None:
    ended = writ("diff", "main:specs/clinic/tools", clinic)
    assert ended.code == 1
    assert "`main:specs/clinic/tools` has no app that could be compared" in ended.err


def test_a_side_with_problems_is_compared_as_far_as_it_is_typed(writ: Writ, clinic: Path) -> None:
    widen(clinic)
    change(clinic / "tools" / "keep_appointment.yaml", "to: kept", "to: kpt")
    ended = writ("diff", "main:specs/clinic", clinic)
    assert "red[access-widened]" in ended.out
    assert "note: `specs/clinic` has problems, what is typed was compared: specs/clinic/tools/keep_appoint" in ended.out
    assert "the steps of `keep_appointment` were not compared" in ended.out


@pytest.mark.parametrize(
    ("edit", "fail_on", "code"),
    [
        (("{patient: own, reception: all}", "{patient: all, reception: all}"), "red", 1),
        (("{patient: own, reception: all}", "{patient: all, reception: all}"), "never", 0),
        (("slot.starts_at - now", "slot.starts_at - slot.starts_at"), "red", 0),
        (("slot.starts_at - now", "slot.starts_at - slot.starts_at"), "yellow", 1),
        (("description: Cancel an appointment.", "description: Give an appointment up."), "yellow", 0),
    ],
)
def test_the_level_decides_the_exit_code(
    writ: Writ, clinic: Path, edit: tuple[str, str], fail_on: str, code: int
) -> None:
    change(clinic / CANCEL, *edit)
    assert writ("diff", "main:specs/clinic", clinic, "--fail-on", fail_on).code == code


def test_json_is_versioned_and_has_both_places(writ: Writ, clinic: Path) -> None:
    widen(clinic)
    found = writ("diff", "main:specs/clinic", clinic, "--format", "json").json
    assert ComparisonReport.model_validate(found).model_dump(mode="json") == found
    assert found["version"] == "1"
    (only,) = found["changes"]
    assert (only["kind"], only["level"], only["path"]) == ("access-widened", "red", "clinic.cancel_appointment")
    assert only["old"] == {"file": f"main:specs/clinic/{CANCEL}", "line": ALLOW, "column": 9, "length": 7}
    assert only["new"] == {"file": f"specs/clinic/{CANCEL}", "line": ALLOW, "column": 9, "length": 7}


def test_annotations_stand_at_the_lines_of_the_new_version(writ: Writ, clinic: Path) -> None:
    widen(clinic)
    change(clinic / CANCEL, "description: Cancel", "description: Now cancel")
    error, notice = writ("diff", "main:specs/clinic", clinic, "--format", "github").out.splitlines()
    assert error.startswith(
        f"::error file=specs/clinic/{CANCEL},line={ALLOW},col=9,endColumn=16,title=access-widened::"
    )
    assert error.endswith(f"before: main:specs/clinic/{CANCEL}:{ALLOW}%0Ahelp: write `patient: own`")
    assert notice.startswith(f"::notice file=specs/clinic/{CANCEL},line={DESCRIPTION},")


def test_a_comment_folds_away_what_is_only_for_information(writ: Writ, clinic: Path) -> None:
    widen(clinic)
    change(clinic / CANCEL, "description: Cancel", "description: Now cancel")
    lines = writ("diff", "main:specs/clinic", clinic, "--format", "markdown").out.splitlines()
    assert lines[0] == "### 🔴 clinic: 1 red, 1 green"
    assert lines.index("#### Red: more rights, less protection, or broken") < lines.index(
        "<details><summary>Green: for information (1)</summary>"
    )


def test_a_comment_obeys_nothing_an_author_wrote(writ: Writ, clinic: Path) -> None:
    title = "trigger:\n  agent: {title: '<img src=x> | @everybody [here](http://x)'}\n  http:"
    change(clinic / CANCEL, "trigger: {http:", f"{title} {{placeholder: x}}\n#")
    text = (clinic / CANCEL).read_text().replace("{placeholder: x}", '{method: POST, path: "/a/{appointment}"}')
    (clinic / CANCEL).write_text(text)
    out = writ("diff", "main:specs/clinic", clinic, "--format", "markdown").out
    (row,) = [line for line in out.splitlines() if "everybody" in line]
    assert row.count("|") - row.count(r"\|") == 4
    assert "`<img src=x> \\| @everybody [here](http://x)`" in row


def test_what_is_new_or_gone_has_no_place_on_the_other_side(writ: Writ, clinic: Path) -> None:
    (clinic / CANCEL).unlink()
    line = line_of("tool:")
    removed = f"main:specs/clinic/{CANCEL}:{line}"
    assert (
        f"  --> {removed} → (not there)  (clinic.cancel_appointment)" in writ("diff", "main:specs/clinic", clinic).out
    )
    git(Path(), "commit", "--quiet", "--all", "--message", "gone")
    added = f"main~1:specs/clinic/{CANCEL}:{line}"
    text = writ("diff", clinic, "main~1:specs/clinic").out
    assert f"  --> (not there) → {added}  (clinic.cancel_appointment)" in text
    assert "app.yaml" not in text
    assert f"| (not there)<br>`{added}` |" in writ("diff", clinic, "main~1:specs/clinic", "--format", "markdown").out
    (there,) = _told_of(writ("diff", clinic, "main~1:specs/clinic", "--format", "github").out, "acting-tool-added")
    assert there.startswith(f"::warning file=main~1%3Aspecs/clinic/tools/cancel_appointment.yaml,line={line},")
    assert there.endswith("%0Abefore: (not there)")
    (gone,) = _told_of(writ("diff", "main~1:specs/clinic", clinic, "--format", "github").out, "tool-removed")
    assert gone.startswith("::error file=specs/clinic/app.yaml,line=")
    assert f"%0Abefore: main~1:specs/clinic/{CANCEL}:{line}%0Anow: (not there)%0A" in gone


def _told_of(out: str, kind: str) -> list[str]:
    return [line for line in out.splitlines() if f"title={kind}::" in line]


@pytest.mark.parametrize("arguments", [["diff", "HEAD", "HEAD"], ["check", "specs/clinic", "--since", "HEAD"]])
def test_a_revision_without_a_folder_is_told_the_folder(writ: Writ, clinic: Path, arguments: list[str]) -> None:
    ended = writ(*arguments)
    assert ended.code == 2
    assert "error: `HEAD` is a revision of git without a folder\nhelp: write `HEAD:specs/clinic`\n" in ended.err


def test_the_folders_are_named_from_the_root_of_the_repository(
    writ: Writ, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clinic.parent / "shop").mkdir()
    (clinic.parent / "shop" / "app.yaml").write_text("app: shop\n")
    help = "help: write `main` with the folder of an app: `main:specs/clinic`, `main:specs/shop`\n"
    assert help in writ("diff", "main", clinic).err
    Path("deeper").mkdir()
    clinic.parent.rename("deeper/own")
    monkeypatch.chdir("deeper")
    monkeypatch.setenv("WRIT_SPECS_FOLDER", "own")
    assert "`main:deeper/own/clinic`, `main:deeper/own/shop`" in writ("diff", "main", "own/clinic").err


def test_the_active_release_is_compared_with_a_folder(writ: Writ, here: Dev, tmp_path: Path) -> None:
    changed = copy_of_clinic(tmp_path)
    widen(changed)
    for old in ("active", "active:clinic"):
        ended = writ("diff", old, changed, "--format", "json")
        assert [one["kind"] for one in ended.json["changes"]] == ["access-widened"], ended
    digest = writ("check", "specs/clinic", "--format", "json").json["digest"]
    for beginning in (digest, digest[:20], digest.removeprefix("sha256:")[:10]):
        (only,) = writ("diff", changed, beginning, "--format", "json").json["changes"]
        assert only["kind"] == "access-narrowed"
        assert only["new"]["file"] == f"{digest.removeprefix('sha256:')[:12]}:{CANCEL}"


def test_a_release_that_is_not_there_is_a_wrong_call(writ: Writ, here: Dev) -> None:
    ended = writ("diff", "000000", "specs/clinic")
    assert (ended.code, "no stored release begins with `000000`" in ended.err) == (2, True)
    ended = writ("diff", "active:nowhere", "specs/clinic")
    assert (ended.code, "no release of `nowhere` is active" in ended.err) == (1, True)


def test_the_page_tells_every_kind_with_its_level() -> None:
    page = (CHECKOUT / "docs" / "diff.md").read_text()
    rows = [f"| `{kind.word}` | {kind.level} | {kind.meaning} |" for kind in Kind]
    assert [row for row in rows if row not in page] == []
    assert len([line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 4]) == len(rows)


def test_no_two_kinds_have_one_word() -> None:
    assert len({kind.word for kind in Kind}) == len(list(Kind))
