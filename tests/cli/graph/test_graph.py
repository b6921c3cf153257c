"""`writ graph` as it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CHECKOUT, Writ, change, copy_of_clinic
from tests.cli.graph.pictures import HARBOUR, SHOP


@pytest.fixture(autouse=True)
def in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)


@pytest.mark.parametrize("name", ["clinic.book_appointment", "book_appointment"])
def test_a_tool_is_found_with_and_without_its_app(writ: Writ, name: str) -> None:
    ended = writ("graph", name)
    assert ended.code == 0
    assert ended.out.startswith("flowchart TB\n")
    assert "transition taken" in ended.out
    assert ended.err == ""


@pytest.mark.parametrize("name", ["clinic.Appointment", "Appointment"])
def test_an_entity_is_drawn_as_its_states(writ: Writ, name: str) -> None:
    ended = writ("graph", name)
    assert ended.out.startswith("stateDiagram-v2\n")
    assert "cancel_appointment" in ended.out


@pytest.mark.parametrize(
    ("format", "begins"), [("mermaid", "flowchart"), ("dot", "digraph"), ("svg", "<?xml"), ("html", "<!doctype html>")]
)
def test_every_format_begins_as_it_should(writ: Writ, format: str, begins: str) -> None:
    assert writ("graph", "book_appointment", "--format", format).out.startswith(begins)


def test_an_app_is_one_page(writ: Writ, tmp_path: Path) -> None:
    file = tmp_path / "clinic.html"
    ended = writ("graph", "clinic", "--format", "html", "--output", file)
    assert (ended.code, ended.out, ended.err) == (0, "", f"wrote {file}\n")
    assert 'href="#tool-book_appointment"' in file.read_text()


def test_an_app_is_nothing_but_a_page(writ: Writ) -> None:
    ended = writ("graph", "clinic", "--format", "svg")
    assert ended.code == 2
    assert "--format html" in ended.err


@pytest.mark.parametrize("arguments", [[], ["--output", "clinic.svg"], ["--format", "dot"]])
def test_an_app_without_a_page_is_told_how_to_make_one(writ: Writ, folder: Path, arguments: list[str]) -> None:
    copy_of_clinic(folder / "specs")
    ended = writ("graph", "clinic", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "one page holds them: `--format html`, or `--output clinic.html`" in ended.err


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("x.html", "<!doctype html>"),
        ("x.SVG", "<?xml"),
        ("x.dot", "digraph"),
        ("x.mmd", "flowchart"),
        ("x.txt", "flowchart"),
    ],
)
def test_the_ending_of_the_file_decides_the_format(writ: Writ, tmp_path: Path, file: str, begins: str) -> None:
    assert writ("graph", "book_appointment", "--output", tmp_path / file).code == 0
    assert (tmp_path / file).read_text().startswith(begins)
    assert writ("graph", "book_appointment", "--output", tmp_path / file, "--format", "dot").code == 0
    assert (tmp_path / file).read_text().startswith("digraph")


@pytest.mark.parametrize("file", ["clinic.html", "clinic"])
def test_an_app_in_a_file_is_a_page(writ: Writ, tmp_path: Path, file: str) -> None:
    assert writ("graph", "clinic", "--output", tmp_path / file).code == 0
    assert (tmp_path / file).read_text().startswith("<!doctype html>")


def test_names_are_listed_with_their_app_where_there_are_several(writ: Writ, folder: Path) -> None:
    copy_of_clinic(folder / "specs")
    listed = writ("graph", "zzzzzz").err
    assert "known here: `Appointment`" in listed
    writ("new", "specs/shop")
    listed = writ("graph", "zzzzzz").err
    assert "known here: `clinic`, `clinic.Appointment`" in listed
    assert "`shop." in listed
    assert "`Appointment`" not in listed


def test_an_app_elsewhere_is_named_by_its_folder(writ: Writ) -> None:
    assert "payment charge" in writ("graph", "checkout", "--app", SHOP).out
    assert "payment charge" in writ("graph", "shop.checkout", "--app", SHOP).out
    assert writ("graph", SHOP, "--format", "html").code == 0


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("clinic.book_apointment", "did you mean `book_appointment`?"),
        ("book_apointment", "did you mean `book_appointment`?"),
        ("Apointment", "did you mean `Appointment`?"),
        ("clinc.book_appointment", "did you mean `clinic`?"),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_the_nearest(writ: Writ, name: str, help: str) -> None:
    ended = writ("graph", name)
    assert ended.code == 2
    assert help in ended.err


def test_a_name_in_two_apps_must_be_told_apart(writ: Writ, folder: Path) -> None:
    copy_of_clinic(folder / "specs").rename(folder / "specs" / "other")
    change(folder / "specs" / "other" / "app.yaml", "app: clinic", "app: other")
    copy_of_clinic(folder / "specs")
    ended = writ("graph", "book_appointment")
    assert ended.code == 2
    assert "`clinic.book_appointment`, `other.book_appointment`" in ended.err


def test_an_app_with_problems_is_drawn_and_said_to_have_them(writ: Writ, folder: Path) -> None:
    clinic = copy_of_clinic(folder / "specs")
    change(clinic / "tools" / "book_appointment.yaml", "      - create: appointment", "      - creat: appointment")
    ended = writ("graph", "book_appointment", "--format", "html")
    assert ended.code == 0
    assert "drawn as far as it can be read; not whole: `book_appointment`" in ended.err
    assert "transition taken" in ended.out
    assert "`creat` is not a kind of node" in ended.out.replace("<code>", "`").replace("</code>", "`")


def test_an_app_that_cannot_be_read_is_not_drawn(writ: Writ, folder: Path) -> None:
    clinic = copy_of_clinic(folder / "specs")
    (clinic / "app.yaml").write_text("app: [")
    ended = writ("graph", "clinic.book_appointment")
    assert (ended.code, ended.out) == (1, "")
    assert "writ check" in ended.err


def test_a_file_that_cannot_be_written_is_said(writ: Writ, tmp_path: Path) -> None:
    ended = writ("graph", "book_appointment", "--output", tmp_path / "missing" / "x.svg")
    assert ended.code == 1
    assert "cannot be written" in ended.err


def test_findings_do_not_keep_it_from_being_drawn(writ: Writ) -> None:
    ended = writ("graph", "arrive", "--app", HARBOUR)
    assert ended.code == 0
    assert "AUT012" in ended.out
