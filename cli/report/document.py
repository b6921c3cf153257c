"""The report of a check for programs: a versioned JSON document whose schema `writ schema report` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from writ.findings import Edit, Finding
from writ.problems import Problem
from writ.source import Span

VERSION: Literal["1"] = "1"
"""Of the report's form: raised when a member is removed or means something else, not when one is added."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Place(_Part):
    """A stretch of a line; `line`, `column` and `length` count characters, from 1."""

    file: str
    """The file, as it was named to the check."""
    line: int
    """The line."""
    column: int
    """The column in it."""
    length: int
    """How many characters of the line are meant."""


class ReportedProblem(Place):
    """A mistake in a document. `help` is the way out, empty where the message says it already."""

    code: str
    """What kind of mistake it is; it never changes its meaning."""
    message: str
    """What is wrong."""
    help: str
    """The way out, empty where the message says it already."""


class ReportedPlace(Place):
    """A place that belongs to a finding, and what it has to do with it."""

    message: str
    """What the place has to do with it."""


class ReportedEdit(_Part):
    """Replace what stands from `line` and `column` up to `end_line` and `end_column` (exclusive) by `text`."""

    file: str
    """The file."""
    line: int
    """Where the old text begins."""
    column: int
    """Where the old text begins."""
    end_line: int
    """Where the old text ends."""
    end_column: int
    """Behind the last character of the old text."""
    text: str
    """The new text."""


class ReportedFix(_Part):
    """A mechanical way out."""

    title: str
    """What the fix does."""
    edits: list[ReportedEdit]
    """What it changes; all of it or nothing."""


class ReportedAcknowledgement(_Part):
    """Who accepted a yellow finding, why, and until which day."""

    reason: str
    """Why it is acceptable."""
    by: str
    """Who answers for it."""
    until: str
    """The last day on which it holds, as `YYYY-MM-DD`."""


class ReportedFinding(Place):
    """What a rule found. `path` is the logical path, `fingerprint` stays the same while the finding does, `witness`
    tells step by step how it goes wrong.
    """

    rule: str
    """The id of the rule, such as `PAY006`."""
    name: str
    """Its name."""
    colour: Literal["red", "yellow"]
    """`red` blocks the app; `yellow` does until it is acknowledged."""
    severity: Literal["harm", "risk"]
    """Whether harm is done, or risked."""
    confidence: Literal["certain", "likely"]
    """Whether that is certain, or likely."""
    path: str
    """The logical path of what was found, such as `shop.checkout/charge`."""
    fingerprint: str
    """What the finding is known by: the same while the finding is."""
    message: str
    """What was found."""
    help: str
    """The way out."""
    witness: list[str]
    """How it goes wrong, step by step."""
    related: list[ReportedPlace]
    """Other places that belong to it."""
    fix: ReportedFix | None
    """A mechanical way out, which `--fix` applies."""
    acknowledged: ReportedAcknowledgement | None
    """Who accepted it; null where nobody did."""


class Report(_Part):
    """What `writ check` found in one app. `deployable`: it may be published. `digest` and `tools` (the digests of its
    plans) are there when it compiles. `unjudged`: tools with a mistake, which are judged once that is mended.
    """

    version: Literal["1"] = VERSION
    """The version of this form."""
    folder: str
    """The folder of the app."""
    colour: Literal["green", "yellow", "red"]
    """The colour of the app."""
    deployable: bool
    """Whether it may be published."""
    findings: list[ReportedFinding]
    """What the rules of the safety engine found."""
    problems: list[ReportedProblem]
    """The mistakes in its documents."""
    unjudged: list[str]
    """The tools with a mistake, which are judged once that is mended."""
    not_yet: list[ReportedProblem]
    """What is judged and cannot be run by this version: it keeps the app from being published, and is no mistake."""
    judged: list[str] | None = None
    """With `--since`, the tools that changed and were judged one by one; null where all were."""
    app: str | None = None
    """The name of the app; null where a mistake hides it."""
    digest: str | None = None
    """The digest of its release; null where it does not compile."""
    tools: dict[str, str] | None = None
    """The digest of each tool's plan; null where it does not compile."""


def reported_problem(problem: Problem) -> ReportedProblem:
    """A problem as programs read it."""
    return ReportedProblem(code=problem.code, message=problem.message, help=problem.help, **_place(problem.span))


def reported_finding(
    finding: Finding, acknowledged: Mapping[str, ReportedAcknowledgement] | None = None
) -> ReportedFinding:
    """A finding as programs read it; `acknowledged` by fingerprint."""
    fix = finding.fix
    return ReportedFinding(
        rule=finding.rule,
        name=finding.name,
        colour=finding.colour.value,  # type: ignore[arg-type]  # no finding is green
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        path=finding.path,
        fingerprint=finding.fingerprint,
        message=finding.message,
        help=finding.help,
        witness=list(finding.witness),
        related=[ReportedPlace(message=it.message, **_place(it.span)) for it in finding.related],
        fix=ReportedFix(title=fix.title, edits=[_edit(it) for it in fix.edits]) if fix else None,
        acknowledged=(acknowledged or {}).get(finding.fingerprint),
        **_place(finding.span),
    )


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.line, "column": span.column, "length": span.length}


def _edit(edit: Edit) -> ReportedEdit:
    return ReportedEdit(
        file=edit.file,
        line=edit.line,
        column=edit.column,
        end_line=edit.end_line,
        end_column=edit.end_column,
        text=edit.text,
    )
