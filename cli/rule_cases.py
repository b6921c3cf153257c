"""The cases of rules: apps that a rule finds something in, and near misses that it leaves alone.

They stand beside the rules, one file a rule, and the tests run all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import writ.rules

FOLDER = Path(writ.rules.__file__).parent / "cases"
_RULE = re.compile(r"^rule: (\w+)$", re.MULTILINE)
_CASE = re.compile(r"^  - name: ", re.MULTILINE)


def count_cases() -> Mapping[str, int]:
    """How many cases each rule has, by its id."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml")))
    return {found[1]: len(_CASE.findall(text)) for text in texts if (found := _RULE.search(text))}
