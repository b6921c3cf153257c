"""The example that ends the page about the language is a sound app."""

from __future__ import annotations

import re
from pathlib import Path

from writ.check import check_app

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def test_the_example_is_sound_and_complete() -> None:
    example = PAGE.read_text().partition("## Example: a garage")[2]
    documents = re.findall(r"```yaml\n(.*?)```", example, re.DOTALL)
    checked = check_app({f"{at}.yaml": text.encode() for at, text in enumerate(documents)}, "garage")
    assert checked.problems == ()
    assert checked.app is not None
    assert set(checked.app.tools) == {"enter", "list_stays"}
