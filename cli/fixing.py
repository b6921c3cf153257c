"""`writ check --fix`: the mechanical fixes of findings, written into the files they are about."""

from __future__ import annotations

import re
from pathlib import Path

from cli.checked_spec import CheckedSpec, check_folder
from cli.terminal import say
from cli.whole_file import write_whole
from writ.fixes import apply_fixes

_NOTHING_ACCEPTED = re.compile(r"\s*acknowledgements:\s*\[\s*\]\s*")
"""A file of acknowledgements whose last entry was taken out: it says nothing any more."""
_ROUNDS = 20
"""A fix can bring another finding to light; more rounds than this would mean that two fixes undo each other."""


def fix_folder(folder: Path) -> CheckedSpec:
    """Apply every mechanical fix to the files of an app, saying each on stderr, until none is left.

    Where something is wrong and there is no such fix, that is said too.
    """
    checked = check_folder(folder)
    for number in range(_ROUNDS):
        if not _fixed(checked):
            if number == 0 and not checked.passed:
                say(f"{folder}: nothing here can be fixed by itself")
            break
        checked = check_folder(folder)
    return checked


def _fixed(checked: CheckedSpec) -> bool:
    texts = {path: content.decode("utf-8") for path, content in checked.files.items() if _is_text(content)}
    fixed = apply_fixes(checked.judgement.open, texts)
    for path, text in fixed.texts.items():
        if _NOTHING_ACCEPTED.fullmatch(text):
            Path(path).unlink()
        else:
            write_whole(Path(path), text)
    for finding in fixed.applied:
        say(f"fixed {finding.span}: {finding.rule}, {finding.fix.title if finding.fix else ''}")
    return bool(fixed.applied)


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
