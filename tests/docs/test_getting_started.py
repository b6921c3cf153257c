"""The first steps are followed to the letter: what the page tells a newcomer to write is a sound app."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from cli.checked_spec import check_folder
from writ.findings import Colour

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "getting-started.md").read_text()
FILES = re.compile(r"`specs/library/((?:entities|tools)/\w+\.yaml)`:\n\n```yaml\n(.*?)```", re.DOTALL)


def written(page: str) -> dict[str, str]:
    return dict(FILES.findall(page))


def test_the_page_shows_an_entity_and_three_tools() -> None:
    tools = {f"tools/{name}_book.yaml" for name in ("add", "lend", "return")}
    assert set(written(PAGE)) == {"entities/book.yaml"} | tools


def test_what_the_page_shows_is_a_green_app(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(ROOT / "cli" / "new_app", folder)
    document = folder / "app.yaml"
    document.write_text(document.read_text().replace("my_app", "library"))
    for name, text in written(PAGE).items():
        (folder / name).write_text(text)
    checked = check_folder(folder)
    assert (checked.colour, checked.deployable) == (Colour.green, True)
