"""The acknowledgements an app has written down: which findings are accepted, each once."""

from __future__ import annotations

from writ.nodes.typed_terms import Acknowledgement
from writ.problems import Problem
from writ.spec.documents import AcknowledgementsDocument


def accepted_findings(
    document: AcknowledgementsDocument | None, problems: list[Problem]
) -> tuple[Acknowledgement, ...]:
    """What is acknowledged, in the order it is written; one that is acknowledged twice is a problem."""
    found: dict[str, Acknowledgement] = {}
    for written in document.acknowledgements if document else ():
        span = written.finding.span
        if written.finding in found:
            message, help = f"`{written.finding}` is acknowledged twice", "keep one of the two"
            problems.append(Problem("duplicate-value", span, message, help))
            continue
        found[str(written.finding)] = Acknowledgement(
            span=span,
            fingerprint=str(written.finding),
            rule=str(written.rule),
            reason=written.reason,
            by=written.by,
            until=str(written.until),
        )
    return tuple(found.values())
