"""The acknowledgements an app has written down: which findings are accepted, each once."""

from __future__ import annotations

import re

from writ.nodes.typed_terms import Acknowledgement
from writ.problems import Problem
from writ.spec.documents import AcknowledgementsDocument
from writ.spec.marked import Marked
from writ.spec.source_text import LINE_BREAK

_ITEM = re.compile(r"[ \t]*-[ \t]+")


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
            lines=_lines(written.marked),
        )
    return tuple(found.values())


def _lines(entry: Marked) -> tuple[int, int] | None:
    """The lines of an entry that is written as an item of a list, one key a line; None where it is not."""
    values = entry.value.values() if isinstance(entry.value, dict) else ()
    written = [value.written for value in values if value.written is not None]
    if not written or len(written) < len(values):
        return None
    source, head = written[0].source, entry.head
    before = LINE_BREAK.split(source.text)[head.line - 1][: head.column - 1]
    if not _ITEM.fullmatch(before):
        return None
    last = max(source.line_number(max(one.start, one.end - 1)) for one in written)
    return head.line, max(last, *(span.line for span in entry.key_spans.values()))
