"""The page of a rule, made from the docstring of its file: what it catches, why that is dangerous, what to write."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from writ.rules.rule import Rule

SECTIONS = ("Catches", "Dangerous because", "Avoid", "Prefer", "Cannot see")
"""The heads of a page, in this order."""

_HEAD = re.compile(r"^(" + "|".join(SECTIONS) + r"):$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """`avoid` and `prefer` are YAML, the others sentences."""

    summary: str
    catches: str
    dangerous: str
    avoid: str
    prefer: str
    cannot_see: str


def page_of(rule: Rule) -> Page:
    """The page of a rule. ValueError where its docstring does not have exactly the sections of a page, in order."""
    summary, *parts = _HEAD.split(rule.page)
    if tuple(parts[::2]) != SECTIONS:
        raise ValueError(f"the page of {rule.id} has the sections {parts[::2]}")
    return Page(" ".join(summary.split()), *(textwrap.dedent(part).strip("\n").rstrip() for part in parts[1::2]))
