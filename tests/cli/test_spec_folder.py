from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli import spec_folder
from cli.endings import Misused


def write(path: Path, text: str = "tool: x\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_yaml_files_are_read_in_order_of_their_paths(folder: Path) -> None:
    for name in ("b/z.yaml", "a.yml", "b/a.yaml", "notes.md", "b/c.yaml.bak"):
        write(Path("app") / name)
    found = spec_folder.read(Path("app"))
    assert list(found.files) == ["app/a.yml", "app/b/a.yaml", "app/b/z.yaml"]
    assert found.problems == ()


def test_hidden_files_and_folders_are_not_specs(folder: Path) -> None:
    for name in (".git/x.yaml", "tools/.x.yaml.swp", "tools/.hidden.yaml", "x.yaml"):
        write(Path("app") / name)
    assert list(spec_folder.read(Path("app")).files) == ["app/x.yaml"]


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    target = write(folder / "app" / "x.yaml")
    (folder / "app" / "y.yaml").symlink_to(target)
    assert list(spec_folder.read(Path("app")).files) == ["app/x.yaml", "app/y.yaml"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_that_leads_out_is_a_problem_and_not_read(folder: Path, kind: str) -> None:
    write(folder / "secret" / "x.yaml", "password: 1")
    write(folder / "app" / "app.yaml")
    target = folder / "secret" / "x.yaml" if kind == "file" else folder / "secret"
    (folder / "app" / "z.yaml").symlink_to(target)
    found = spec_folder.read(Path("app"))
    assert list(found.files) == ["app/app.yaml"]
    assert [problem.code for problem in found.problems] == ["unreadable-file"]
    assert "leads out" in found.problems[0].message


def test_what_is_no_file_is_a_problem_and_does_not_hang(folder: Path) -> None:
    (folder / "app").mkdir()
    os.mkfifo(folder / "app" / "pipe.yaml")
    found = spec_folder.read(Path("app"))
    assert "is not a file" in found.problems[0].message


def test_a_dangling_link_is_a_problem(folder: Path) -> None:
    (folder / "app").mkdir()
    (folder / "app" / "x.yaml").symlink_to(folder / "app" / "nowhere.yaml")
    assert len(spec_folder.read(Path("app")).problems) == 1


def test_a_folder_that_is_missing_names_the_apps_that_are_there(folder: Path) -> None:
    write(folder / "specs" / "shop" / "app.yaml", "app: shop\n")
    with pytest.raises(Misused) as refused:
        spec_folder.read(Path("specs/shopp"))
    assert "does not exist" in refused.value.reason
    assert "`specs/shop`" in refused.value.help


def test_tools_are_found_without_reading_specs_as_a_whole(folder: Path) -> None:
    write(folder / "specs" / "shop" / "tools" / "a.yaml", "# a comment\ntool: sell\ndescription: [broken")
    write(folder / "specs" / "shop" / "app.yaml", "app: shop\n")
    assert list(spec_folder.tools_in(Path("specs"))) == ["shop.sell"]


def test_saving_a_file_changes_the_state_of_its_folder(folder: Path) -> None:
    file = write(folder / "app" / "x.yaml")
    before = spec_folder.state_of(Path("app"))
    assert before == spec_folder.state_of(Path("app"))
    file.write_text("tool: another\n")
    assert before != spec_folder.state_of(Path("app"))
