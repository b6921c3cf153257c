"""The page of a rule for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.text import Text

from cli.terminal import styled
from writ.findings import Colour
from writ.rules.page import page_of
from writ.rules.rule import Rule

_WIDTH = 100
"""The longest line: longer ones are hard to read, also where the terminal is wider."""
_STYLES = {Colour.red: "bold red", Colour.yellow: "bold yellow"}
_BLOCKS = {
    Colour.red: "blocks: nothing publishes an app with it",
    Colour.yellow: "needs an acknowledgement with a reason, a person and an expiry",
}


def explanation(rule: Rule, width: int = _WIDTH) -> Iterator[Text]:
    """The page line by line, styled, for a terminal of so many columns; the styles are dropped where there are no
    colours.
    """
    width = min(width, _WIDTH)
    page = page_of(rule)
    yield styled(f"{rule.id} {rule.name}", "bold")
    yield Text.assemble((str(rule.colour), _STYLES[rule.colour]), f": {_BLOCKS[rule.colour]}")
    yield styled("")
    yield from _paragraphs(page.summary, width)
    for head, text, is_code in (
        ("What it catches", page.catches, False),
        ("Why it is dangerous", page.dangerous, False),
        ("Avoid", page.avoid, True),
        ("Prefer", page.prefer, True),
        ("What it cannot see", page.cannot_see, False),
    ):
        yield styled("")
        yield styled(head, "bold")
        yield from (styled(f"    {line}") for line in text.splitlines()) if is_code else _paragraphs(text, width)


def _paragraphs(text: str, width: int) -> Iterator[Text]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield styled("")
        for line in textwrap.wrap(" ".join(paragraph.split()), width):
            yield styled(line)
