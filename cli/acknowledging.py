"""Writing an acknowledgement into the files of an app, below what stands there already."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cli.checked_spec import CheckedSpec, today
from cli.endings import CannotGoOn, Misused
from cli.whole_file import write_whole
from writ.acknowledgements import objection
from writ.check import CheckedApp, check_app
from writ.findings import Colour, Finding
from writ.nodes.typed_terms import Acknowledgement
from writ.problems import did_you_mean
from writ.source import Span

FILE = "acknowledgements.yaml"
_SHORTEST = 6
"""How many digits of a fingerprint must be there at least."""

_HEAD = re.compile(r"^acknowledgements:", re.MULTILINE)
_EMPTY = re.compile(r"^acknowledgements:\s*\[[ \t]*\]", re.MULTILINE)
_ITEM = re.compile(r"^(?P<indent>[ ]*)- ", re.MULTILINE)


def wanted(fingerprint: str, checked: list[CheckedSpec]) -> tuple[CheckedSpec, Finding]:
    """The yellow finding with that fingerprint, or the only one whose fingerprint begins so, and its app; CannotGoOn,
    with the reason, where nobody can acknowledge it, and Misused where several begin so.
    """
    near = {finding.fingerprint: (each, finding) for each, finding in _beginning(fingerprint, checked)}
    if len(near) > 1 and fingerprint not in near:
        told = ", ".join(f"`{name}` ({finding.rule} {finding.path})" for name, (_, finding) in sorted(near.items()))
        raise Misused(f"more than one fingerprint begins with `{fingerprint}`", f"name one: {told}")
    if near:
        each, finding = near.get(fingerprint) or next(iter(near.values()))
        _require_acknowledgeable(each, finding)
        return each, finding
    known = [finding.fingerprint for each in checked for finding in each.judgement.open]
    where = ", ".join(f"`{each.folder}`" for each in checked)
    raise CannotGoOn(
        f"nothing with the fingerprint `{fingerprint}` is found in {where}", did_you_mean(fingerprint, known)
    )


def _beginning(fingerprint: str, checked: list[CheckedSpec]) -> Iterator[tuple[CheckedSpec, Finding]]:
    for each in checked:
        for finding in each.judgement.findings:
            if finding.fingerprint == fingerprint or (
                len(fingerprint) >= _SHORTEST and finding.fingerprint.startswith(fingerprint)
            ):
                yield each, finding


def _require_acknowledgeable(checked: CheckedSpec, finding: Finding) -> None:
    if finding.colour is Colour.red:
        raise CannotGoOn(f"red cannot be acknowledged: {finding.rule}, {finding.message}", finding.help)
    if finding.rule.startswith("ACK"):
        raise CannotGoOn(f"{finding.rule} is about an acknowledgement: {finding.message}", finding.help)
    for one in _standing(_read(checked, checked.files)):
        if one.fingerprint == finding.fingerprint:
            message = f"`{finding.fingerprint}` is acknowledged already, until {one.until}: {one.span}"
            raise CannotGoOn(message, "change it there, or take it out and acknowledge it anew")


def acknowledgement(finding: Finding, *, reason: str, by: str, until: str) -> Acknowledgement:
    """The acknowledgement of a finding; Misused where it would not count today."""
    found = Acknowledgement(
        span=Span(FILE, 1, 1), fingerprint=finding.fingerprint, rule=finding.rule, reason=reason, by=by, until=until
    )
    wrong = objection(found, today())
    if wrong is not None:
        raise Misused(*wrong)
    return found


def write_down(checked: CheckedSpec, one: Acknowledgement) -> Path:
    """Add it to the acknowledgements of the app, and nothing else; the file. CannotGoOn where that cannot be done,
    and then nothing was changed.
    """
    path = _file_of(checked)
    before = checked.files.get(str(path), b"").decode("utf-8", "replace")
    after = _with(before, one)
    if not _says_so(_read(checked, {**checked.files, str(path): after.encode()}), _read(checked, checked.files), one):
        entry = "\n".join(f"  | {line}" for line in _entry(one, "  ").splitlines())
        raise CannotGoOn(f"`{path}` is not written as a list that can be added to; add to it:\n{entry}")
    try:
        write_whole(path, after)
    except OSError as error:
        raise CannotGoOn(f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}") from error
    return path


def _file_of(checked: CheckedSpec) -> Path:
    heads = (path for path, content in checked.files.items() if _HEAD.search(content.decode("utf-8", "replace")))
    return Path(next(heads, str(checked.folder / FILE)))


def _with(text: str, one: Acknowledgement) -> str:
    text = _EMPTY.sub("acknowledgements:", text)
    end = "\r\n" if "\r\n" in text else "\n"
    if not text.strip():
        text = f"acknowledgements:{end}"
    elif not text.endswith("\n"):
        text += end
    item = _ITEM.search(text)
    return text + _entry(one, item["indent"] if item else "  ").replace("\n", end)


def _entry(one: Acknowledgement, indent: str) -> str:
    values = {
        "finding": json.dumps(one.fingerprint),
        "rule": one.rule,
        "reason": json.dumps(one.reason, ensure_ascii=False),
        "by": json.dumps(one.by, ensure_ascii=False),
        "until": one.until,
    }
    lines = [f"{name}: {value}" for name, value in values.items()]
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


def _read(checked: CheckedSpec, files: Mapping[str, bytes]) -> CheckedApp:
    return check_app(files, str(checked.folder))


def _standing(app: CheckedApp) -> tuple[Acknowledgement, ...]:
    return app.partial.acknowledgements if app.partial is not None else ()


def _says_so(after: CheckedApp, before: CheckedApp, one: Acknowledgement) -> bool:
    """Whether the changed files say this acknowledgement besides what they said, and have no problem more."""
    told = [_meaning(each) for each in _standing(after)]
    expected = [*(_meaning(each) for each in _standing(before)), _meaning(one)]
    return told == expected and len(after.problems) <= len(before.problems)


def _meaning(one: Acknowledgement) -> tuple[str, ...]:
    return one.fingerprint, one.rule, one.reason, one.by, one.until
