"""What the page about the language shows."""

from __future__ import annotations

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs" / "language.md").read_text()


def yaml_blocks(text: str) -> list[str]:
    """The YAML that a text shows."""
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def example_documents(title: str) -> dict[str, str]:
    """The documents of an example, by kind, with a number where there are several of one."""
    documents: dict[str, str] = {}
    for text in yaml_blocks(TEXT.partition(f"## Example: {title}")[2].partition("\n## ")[0]):
        kind = text.partition(":")[0]
        documents[f"{kind}_{len(documents)}" if kind in documents else kind] = text
    return documents
