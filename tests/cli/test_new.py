from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli.commands.new import FILES
from tests.cli.conftest import CHECKOUT, Writ
from tests.cli.schemas.documents import plain


def test_a_new_app_is_green(writ: Writ, folder: Path) -> None:
    made = writ("new", "specs/shop")
    assert made.code == 0
    assert writ("check", "specs/shop", "--format", "json").json["colour"] == "green"


def test_it_says_what_to_do_next(writ: Writ, folder: Path) -> None:
    made = writ("new", "specs/shop")
    for command in ("writ check specs/shop", "writ dev", "writ call shop.add_task"):
        assert command in made.out


def test_outside_of_the_specs_it_says_who_publishes_it(writ: Writ, folder: Path) -> None:
    made = writ("new", "shop").out
    assert "writ publish shop" in made
    assert "`writ dev` publishes only apps in `specs`" in made
    assert "`specs/shop`" in made
    assert "writ publish" not in writ("new", folder / "specs" / "other").out


def test_every_file_explains_itself(writ: Writ, folder: Path) -> None:
    writ("new", "shop")
    assert all("# " in (folder / "shop" / file).read_text() for file in FILES)
    assert "my_app" not in "".join((folder / "shop" / file).read_text() for file in FILES)


def test_every_file_of_the_template_is_made() -> None:
    source = CHECKOUT / "cli" / "new_app"
    assert {str(path.relative_to(source)) for path in source.rglob("*.yaml")} == set(FILES)


def test_nothing_is_overwritten(writ: Writ, folder: Path) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / "letter.txt").write_text("dear")
    refused = writ("new", "shop")
    assert refused.code == 1
    assert "is there already" in refused.err
    assert [path.name for path in (folder / "shop").iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_filled(writ: Writ, folder: Path) -> None:
    (folder / "shop").mkdir()
    assert writ("new", "shop").code == 0


@pytest.mark.parametrize(("name", "better"), [("My-Shop", "my_shop"), ("2nd", "nd"), ("Käse", "k_se")])
def test_a_name_that_cannot_be_one_is_refused_with_one_that_can(
    writ: Writ, folder: Path, name: str, better: str
) -> None:
    refused = writ("new", f"specs/{name}")
    assert refused.code == 2
    assert f"writ new specs/{better}" in refused.err


@pytest.mark.parametrize("name", ["writ", "public", "pg_shop"])
def test_names_of_the_database_are_refused(writ: Writ, folder: Path, name: str) -> None:
    assert writ("new", name).code == 2


def test_a_place_that_cannot_be_written_is_reported(writ: Writ, folder: Path) -> None:
    (folder / "file").write_text("")
    refused = writ("new", "file/shop")
    assert refused.code == 1
    assert "cannot be written" in refused.err


def test_every_document_names_the_schema_of_its_kind_and_finds_it(writ: Writ, folder: Path) -> None:
    writ("new", "shop")
    for file in FILES:
        document = folder / "shop" / file
        first, *rest = document.read_text().splitlines()
        head = next(line.partition(":")[0] for line in rest if line and not line.startswith("#"))
        schema = document.parent / first.removeprefix("# yaml-language-server: $schema=")
        assert schema.resolve() == folder / "shop" / ".schemas" / f"{head}.json"
        assert Draft202012Validator(json.loads(schema.read_text())).is_valid(plain(document))
