"""Mechanical fixes applied to the texts of files: only the characters that change, so that comments and order stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from writ.findings import Edit, Finding

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Fixed:
    """`texts` are the files that changed, by path. `applied` are the findings whose fix is in them; `left` those whose
    fix touches what another one changes: they are fixed the next time.
    """

    texts: Mapping[str, str]
    applied: tuple[Finding, ...]
    left: tuple[Finding, ...]


def apply_fixes(findings: Iterable[Finding], texts: Mapping[str, str]) -> Fixed:
    """Apply the fixes of the findings that have one, to texts by path. A fix is applied as a whole or not at all."""
    taken: list[Edit] = []
    applied: list[Finding] = []
    left: list[Finding] = []
    for finding in findings:
        if finding.fix is None:
            continue
        edits = finding.fix.edits
        if all(edit in taken or _free(edit, taken, texts) for edit in edits):
            taken.extend(edit for edit in edits if edit not in taken)
            applied.append(finding)
        else:
            left.append(finding)
    changed = {file: _edited(texts[file], [edit for edit in taken if edit.file == file]) for file in _files(taken)}
    return Fixed(changed, tuple(applied), tuple(left))


def _files(edits: Iterable[Edit]) -> list[str]:
    return sorted({edit.file for edit in edits})


def _free(edit: Edit, taken: Iterable[Edit], texts: Mapping[str, str]) -> bool:
    if edit.file not in texts or edit.end_line > len(_LINE_BREAK.findall(texts[edit.file])) + 2:
        return False
    return not any(edit.file == other.file and _overlap(edit, other) for other in taken)


def _overlap(one: Edit, other: Edit) -> bool:
    """Two insertions at one place overlap too: which of them comes first would be chance."""
    first, second = sorted((one, other), key=_start)
    return _start(second) < _end(first) or _start(second) == _start(first)


def _start(edit: Edit) -> tuple[int, int]:
    return edit.line, edit.column


def _end(edit: Edit) -> tuple[int, int]:
    return edit.end_line, edit.end_column


def _edited(text: str, edits: Iterable[Edit]) -> str:
    starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]
    # An edit may stand behind a last line that no line break ends.
    starts.append(len(text))
    for edit in sorted(edits, key=_start, reverse=True):
        begin = starts[edit.line - 1] + edit.column - 1
        end = starts[edit.end_line - 1] + edit.end_column - 1
        text = text[:begin] + edit.text + text[end:]
    return text
