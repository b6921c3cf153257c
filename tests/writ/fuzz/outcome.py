"""What must be true of the answer to any app: it comes, it can be shown, and it speaks of the author's files alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from cli.checked_spec import CheckedSpec
from cli.report.of_check import github_annotations, json_report, sarif_log
from cli.report.text import render_findings, render_problems
from writ.check import check_app
from writ.findings import Finding
from writ.judgement import Judgement
from writ.plan.compile import Compiled, judge_and_compile
from writ.problems import Problem
from writ.source import Span

TODAY = date(2026, 11, 20)
_INTERNAL = re.compile(r"Marked\(|Span\(|Typed[A-Z]\w+|FieldType|ValueType|NoneType|pydantic|<class|object at 0x|Errno")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def answered(texts: Mapping[str, str], app: str) -> CheckedSpec:
    """The app read, typed, judged and, where it may run, compiled."""
    files = {path: text.encode("utf-8", "replace") for path, text in texts.items()}
    checked = check_app(files, app)
    if checked.partial is None:
        compiled = Compiled(Judgement((), checked.problems), None, checked.problems)
    else:
        compiled = judge_and_compile(checked.partial, checked.problems, today=TODAY)
    return CheckedSpec(
        folder=Path(app),
        app=checked.app if compiled.release is not None else None,
        release=compiled.release,
        problems=compiled.problems,
        sources=checked.sources,
        judgement=compiled.judgement,
        files=files,
        not_yet=compiled.not_yet,
    )


def reported(spec: CheckedSpec) -> str:
    """The answer in every format, one behind the other."""
    return "\n".join(
        (
            render_problems(spec.problems, spec.sources, colour=True),
            render_findings(spec.judgement.findings, spec.sources, colour=False),
            json.dumps(json_report([spec]), sort_keys=True),
            json.dumps(sarif_log([spec]), sort_keys=True),
            *github_annotations([spec]),
        )
    )


def complaints(spec: CheckedSpec) -> Iterator[str]:
    """What is wrong with the answer itself."""
    said: list[Problem | Finding] = [*spec.problems, *spec.not_yet, *spec.judgement.findings]
    for one in said:
        told = " ".join((one.message, one.help, *(one.witness if isinstance(one, Finding) else ())))
        if found := _INTERNAL.search(told):
            yield f"`{found.group()}` is no word of an author: {told}"
        if not one.message or one.message.endswith("."):
            yield f"not a message: {one.message!r}"
        spans = [one.span, *(it.span for it in one.related)] if isinstance(one, Finding) else [one.span]
        if isinstance(one, Problem) and one.code in ("no-app", "no-files"):
            continue
        yield from (f"{span} lies in no file: {told}" for span in spans if not _lies_inside(span, spec.sources))
    if spec.release is not None and (spec.problems or spec.judgement.open):
        yield "it has a release in spite of what was found"
    if spec.release is None and not (spec.problems or spec.not_yet or spec.judgement.open):
        yield "it has no release, and nobody says why"


def _lies_inside(span: Span, sources: Mapping[str, str]) -> bool:
    if span.file not in sources:
        return False
    lines = _LINE_BREAK.split(sources[span.file].removeprefix("\ufeff"))
    return 1 <= span.line <= len(lines) and 1 <= span.column <= len(lines[span.line - 1]) + 1 and span.length >= 1
