"""The nine steps of a run as a table an operator can read."""

from __future__ import annotations

from collections.abc import Sequence

from writ.effects import Step

_TITLES = {
    "validate": "1. validate the input",
    "authorize": "2. authorize",
    "policies": "3. check policies",
    "start_transaction": "4. start the transaction",
    "execute": "5. execute the flow",
    "invariants": "6. enforce invariants",
    "commit": "7. commit",
    "audit": "8. write the audit record",
    "respond": "9. respond",
}
_SIGNS = {"passed": "✓", "refused": "✗ refused", "failed": "✗ failed", "skipped": "–", "rolled_back": "↩ rolled back"}
_LONGEST = 20_000


def details(steps: Sequence[Step]) -> str:
    """A markdown table of the steps so far, short enough for the Temporal UI."""
    lines = ["| step | outcome | detail |", "|---|---|---|", *(_line(step) for step in steps)]
    text = "\n".join(lines)
    return text if len(text.encode()) <= _LONGEST else text.encode()[:_LONGEST].decode(errors="ignore")


def _line(step: Step) -> str:
    detail = ": ".join(part for part in (step.transaction, step.detail) if part)
    return f"| {_TITLES[step.step]} | {_SIGNS[step.outcome]} | {_cell(detail)} |"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
