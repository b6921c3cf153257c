"""What the shell offers when somebody presses Tab: cheap, silent, and never wrong enough to hurt."""

from __future__ import annotations

from collections.abc import Iterator

from cli import spec_folder


def complete_tool(incomplete: str) -> Iterator[str]:
    """Names of tools (`app.tool`)."""
    yield from (name for name in spec_folder.tools_in(spec_folder.specs()) if name.startswith(incomplete))


def complete_rule(incomplete: str) -> Iterator[str]:
    """Ids of rules."""
    from writ.rules.catalogue import RULES

    yield from (rule.id for rule in RULES if rule.id.startswith(incomplete.upper()))


def complete_app(incomplete: str) -> Iterator[str]:
    """Folders of apps."""
    yield from (str(path) for path in spec_folder.apps_in(spec_folder.specs()) if str(path).startswith(incomplete))
