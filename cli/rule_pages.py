"""The pages under `docs/rules`, one a rule and an index, made from the rules themselves.

`python -m cli.rule_pages docs/rules` writes them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from writ.findings import Colour
from writ.rules.catalogue import RULES
from writ.rules.page import page_of
from writ.rules.rule import Rule

GROUPS: Mapping[str, str] = {
    "ACK": "Acknowledgements",
    "AUT": "Authorization and ownership",
    "DAT": "Data protection",
    "DET": "Determinism",
    "EXT": "External calls",
    "LIM": "Limits",
    "PAY": "Payments",
    "STM": "State machines",
    "TXN": "Transactions",
    "TYP": "Types and contracts",
    "WRT": "Writes",
}
"""What the letters of an id stand for."""

_INTRODUCTION = """\
# The rules of the safety engine

`writ check` judges every app by these rules. **Red** blocks: no flag, file or role publishes a red app. **Yellow**
needs an acknowledgement with a reason, a person and an expiry (`writ acknowledge`). An id never changes its meaning,
and the id of a withdrawn rule is not used again. `writ explain CODE` prints a page, `writ rules` this table.
"""


def pages() -> Iterator[tuple[str, str]]:
    """Each page as file name and Markdown, the index first."""
    yield "README.md", index()
    for rule in RULES:
        yield f"{rule.id}.md", markdown(rule)


def index() -> str:
    """The table of all rules, by group."""
    parts = [_INTRODUCTION]
    for letters, title in GROUPS.items():
        rows = [_row(rule) for rule in RULES if rule.id.startswith(letters)]
        if rows:
            parts += [f"## {title}\n", "| id | name | level | |\n|---|---|---|---|", "\n".join(rows) + "\n"]
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    return f"| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.colour} | {page_of(rule).summary} |"


def markdown(rule: Rule) -> str:
    """The page of one rule."""
    page = page_of(rule)
    blocks = "It blocks the app." if rule.colour is Colour.red else "It needs an acknowledgement."
    return "\n\n".join(
        [
            f"# {rule.id} {rule.name}",
            f"**{str(rule.colour).capitalize()}** ({rule.severity}, {rule.confidence}). {blocks}",
            page.summary,
            f"## What it catches\n\n{page.catches}",
            f"## Why it is dangerous\n\n{page.dangerous}",
            f"## Avoid\n\n```yaml\n{page.avoid}\n```",
            f"## Prefer\n\n```yaml\n{page.prefer}\n```",
            f"## What it cannot see\n\n{page.cannot_see}\n",
        ]
    )


def write(folder: Path) -> None:
    """Write all pages to `folder`, and remove those of rules that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    written = dict(pages())
    for path in folder.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
