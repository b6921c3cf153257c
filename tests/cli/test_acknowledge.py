from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from cli.acknowledging import wanted
from cli.checked_spec import check_folder
from cli.endings import Misused
from tests import shelf
from tests.cli.conftest import Writ, run_process
from writ.findings import Finding

UNTIL = shelf.days_from_now(30)
REASON = "Looked at it."


def written(folder: Path, files: shelf.Files) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    return Path("specs/shelf")


@pytest.fixture
def app(folder: Path) -> Path:
    """An app with one yellow finding, in the folder in which commands run."""
    return written(folder, shelf.yellow())


FOUND = shelf.finding(shelf.yellow()).fingerprint
ENTRY = f"""\
  - finding: "{FOUND}"
    rule: ORG001
    reason: "Looked at it."
    by: "ann@example.org"
    until: {UNTIL}
"""


def accept(writ: Writ, *more: str | Path, reason: str = REASON, until: str = UNTIL, fingerprint: str = FOUND) -> int:
    return writ("acknowledge", fingerprint, *more, "--reason", reason, "--until", until, "--by", "ann@example.org").code


def test_an_acknowledged_app_is_deployable(writ: Writ, app: Path) -> None:
    assert writ("check", app).code == 1
    done = writ("acknowledge", FOUND, app, "--reason", REASON, "--until", UNTIL, "--by", "ann@example.org")
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        f"specs/shelf/acknowledgements.yaml: ORG001 shelf.find_book is acknowledged by ann@example.org until {UNTIL}",
        "specs/shelf: nothing is left open",
    ]
    assert (app / "acknowledgements.yaml").read_text() == "acknowledgements:\n" + ENTRY
    assert writ("check", app).code == 0


def test_the_app_is_found_among_all_apps(writ: Writ, app: Path) -> None:
    assert accept(writ) == 0
    assert writ("check").code == 0


def test_the_beginning_of_a_fingerprint_is_enough(writ: Writ, app: Path) -> None:
    assert accept(writ, fingerprint=FOUND[:5]) == 1
    assert accept(writ, fingerprint=FOUND[:6]) == 0
    assert f'finding: "{FOUND}"' in (app / "acknowledgements.yaml").read_text()


def _two_that_begin_alike(finding: Finding) -> tuple[Finding, Finding]:
    begun: dict[str, Finding] = {}
    for number in count():
        other = replace(finding, detail=str(number))
        first = begun.setdefault(other.fingerprint[:6], other)
        if first is not other:
            return first, other
    raise AssertionError


def test_a_beginning_of_several_fingerprints_is_answered_with_all_of_them(app: Path) -> None:
    checked = check_folder(app)
    first, other = _two_that_begin_alike(checked.judgement.findings[0])
    both = replace(checked, judgement=replace(checked.judgement, findings=(first, other)))
    with pytest.raises(Misused) as refused:
        wanted(first.fingerprint[:6], [both])
    assert all(f"`{one.fingerprint}` (ORG001 shelf.find_book)" in refused.value.help for one in (first, other))
    assert wanted(other.fingerprint, [both])[1] is other


def test_a_second_app_that_is_broken_does_not_matter(writ: Writ, app: Path, folder: Path) -> None:
    (folder / "specs" / "broken").mkdir()
    (folder / "specs" / "broken" / "app.yaml").write_text("app: [\n")
    assert accept(writ) == 0


STANDING = {
    "comments and order stay": ("# ours\nacknowledgements:   # list\n", ""),
    "an empty list": ("acknowledgements: []\n", ""),
    "no new line at the end": ("acknowledgements:", ""),
    "an entry with its own indentation": (
        "acknowledgements:\n# the first\n- finding: 00000000000000aa # odd\n  rule: PAY008\n  reason: x y z\n"
        "  by: bob\n  until: 2027-01-31\n",
        "no indentation",
    ),
}


@pytest.mark.parametrize("kind", STANDING)
def test_what_stands_there_stays(writ: Writ, app: Path, kind: str) -> None:
    before, indentation = STANDING[kind]
    file = app / "acknowledgements.yaml"
    file.write_text(before)
    assert accept(writ, app) == 0
    entry = "\n".join(line[2:] for line in ENTRY.splitlines()) + "\n" if indentation else ENTRY
    kept = before.replace(" []", "")
    assert file.read_text() == (kept if kept.endswith("\n") else kept + "\n") + entry


def test_lines_keep_their_ends_and_files_their_rights(writ: Writ, app: Path) -> None:
    file = app / "acknowledgements.yaml"
    file.write_bytes(b"acknowledgements: []\r\n")
    file.chmod(0o640)
    assert accept(writ, app) == 0
    assert file.read_bytes() == ("acknowledgements:\n" + ENTRY).replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in app.iterdir() if path.is_file()) == ["acknowledgements.yaml", "app.yaml"]


def test_a_file_of_another_name_is_added_to(writ: Writ, app: Path) -> None:
    (app / "accepted.yml").write_text("acknowledgements: []\n")
    assert accept(writ, app) == 0
    assert (app / "accepted.yml").read_text() == "acknowledgements:\n" + ENTRY
    assert not (app / "acknowledgements.yaml").exists()


@pytest.mark.parametrize("reason", ['He said "no: yes" # really', "zwölf\tTöne", "it's {odd}, [isn't] it"])
def test_any_reason_can_be_read_again(writ: Writ, app: Path, reason: str) -> None:
    assert accept(writ, app, reason=reason) == 0
    assert writ("check", app).code == 0


def test_a_file_that_cannot_be_added_to_is_left_as_it_is(writ: Writ, app: Path) -> None:
    file = app / "acknowledgements.yaml"
    text = "acknowledgements: [{finding: 00000000000000aa, rule: PAY008, reason: fine, by: bo, until: 2027-01-31}]\n"
    file.write_text(text)
    done = writ("acknowledge", FOUND, app, "--reason", REASON, "--until", UNTIL)
    assert done.code == 1
    assert "add to it:" in done.err
    assert FOUND in done.err
    assert file.read_text() == text


def test_red_cannot_be_acknowledged(writ: Writ, folder: Path) -> None:
    app = written(folder, shelf.red())
    done = writ("acknowledge", FOUND, app, "--reason", REASON, "--until", UNTIL)
    assert done.code == 1
    assert "red cannot be acknowledged: ORG001" in done.err
    assert not (app / "acknowledgements.yaml").exists()


def test_an_unknown_fingerprint_is_told_with_the_nearest(writ: Writ, app: Path) -> None:
    near = FOUND[:-1] + ("0" if FOUND[-1] != "0" else "1")
    done = writ("acknowledge", near, app, "--reason", REASON, "--until", UNTIL)
    assert done.code == 1
    assert f"did you mean `{FOUND}`?" in done.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--reason", REASON], "until which day"),
        (["--reason", REASON, "--until", "tomorrow"], "no day"),
        (["--reason", REASON, "--until", shelf.days_from_now(-1)], "ended on"),
        (["--reason", REASON, "--until", str(shelf.today() + timedelta(days=370))], "more than 366 days"),
        (["--until", UNTIL], "no reason"),
        (["--reason", " . ", "--until", UNTIL], "no reason"),
    ],
)
def test_what_would_not_count_is_not_written(writ: Writ, app: Path, options: list[str], says: str) -> None:
    done = writ("acknowledge", FOUND, app, *options)
    assert done.code == 2
    assert says in done.err
    assert not (app / "acknowledgements.yaml").exists()


def test_nothing_is_acknowledged_twice(writ: Writ, app: Path) -> None:
    assert accept(writ, app) == 0
    done = writ("acknowledge", FOUND, app, "--reason", REASON, "--until", UNTIL)
    assert done.code == 1
    assert "specs/shelf/acknowledgements.yaml:2" in done.err
    assert (app / "acknowledgements.yaml").read_text() == "acknowledgements:\n" + ENTRY


def test_an_acknowledgement_too_many_is_not_acknowledged(writ: Writ, folder: Path) -> None:
    files = shelf.acknowledged(shelf.green(), fingerprint="00000000000000aa")
    app = written(folder, files)
    [complaint] = writ("check", app, "--format", "json").json["findings"]
    done = writ("acknowledge", complaint["fingerprint"], app, "--reason", REASON, "--until", UNTIL)
    assert done.code == 1
    assert "ACK001" in done.err


STALE = """\
  - finding: "00000000000000aa"  # it was
    rule: PAY008
    by: bob
    until: 2027-01-31
    reason: >
      We looked
      at it.
"""


def test_an_acknowledgement_too_many_is_told_and_taken_out_by_itself(writ: Writ, app: Path) -> None:
    file = app / "acknowledgements.yaml"
    file.write_text("# ours\nacknowledgements:\n" + STALE + "  # the other one\n" + ENTRY)
    checked = writ("check", app)
    told = "no finding has the fingerprint `00000000000000aa`, accepted under `PAY008` because `We looked at it.`"
    assert told in checked.out
    assert "  = fix: `writ check specs/shelf --fix` can take the entry out" in checked.out
    assert writ("check", app, "--fix").code == 0
    assert file.read_text() == "# ours\nacknowledgements:\n  # the other one\n" + ENTRY


@pytest.mark.parametrize("last", [STALE, STALE.rstrip() + " ", STALE + STALE.replace("aa", "bb")])
def test_with_its_last_entry_the_file_goes_unless_it_says_more(writ: Writ, folder: Path, last: str) -> None:
    app = written(folder, shelf.green())
    file = app / "acknowledgements.yaml"
    file.write_text("acknowledgements:\n" + last)
    assert writ("check", app, "--fix").code == 0
    assert not file.exists()
    file.write_text("# ours\nacknowledgements:\n" + last)
    assert writ("check", app, "--fix").code == 0
    assert file.read_text() == "# ours\nacknowledgements:\n  []\n"
    written(folder, shelf.yellow())
    assert accept(writ, app) == 0
    assert file.read_text() == "# ours\nacknowledgements:\n" + ENTRY


def test_an_entry_in_one_line_is_not_taken_out_by_itself(writ: Writ, folder: Path) -> None:
    app = written(folder, shelf.green())
    text = "acknowledgements: [{finding: 00000000000000aa, rule: PAY008, reason: fine, by: bo, until: 2027-01-31}]\n"
    (app / "acknowledgements.yaml").write_text(text)
    checked = writ("check", app, "--fix")
    assert checked.code == 1
    assert "nothing here can be fixed by itself" in checked.err
    assert (app / "acknowledgements.yaml").read_text() == text


def test_who_accepts_it_is_whom_git_knows(app: Path, folder: Path) -> None:
    (folder / "gitconfig").write_text("[user]\n\temail = bob@example.org\n")
    done = run_process(
        "acknowledge", FOUND, app, "--reason", REASON, "--until", UNTIL,
        cwd=folder, GIT_CONFIG_GLOBAL=str(folder / "gitconfig"), GIT_CONFIG_NOSYSTEM="1",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert 'by: "bob@example.org"' in (folder / app / "acknowledgements.yaml").read_text()


def test_who_has_no_address_is_known_by_name(app: Path, folder: Path) -> None:
    done = run_process(
        "acknowledge", FOUND, app, "--reason", REASON, "--until", UNTIL,
        cwd=folder, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", LOGNAME="carol", USER="carol",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert 'by: "carol"' in (folder / app / "acknowledgements.yaml").read_text()
