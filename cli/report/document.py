"""The report of a check for programs: a versioned JSON document whose schema `writ schema report` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

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
    line: int
    column: int
    length: int


class ReportedProblem(Place):
    """A mistake in a document. `help` is the way out, empty where the message says it already."""

    code: str
    message: str
    help: str


class ReportedPlace(Place):
    """A place that belongs to a finding, and what it has to do with it."""

    message: str


class ReportedEdit(_Part):
    """Replace what stands from `line` and `column` up to `end_line` and `end_column` (exclusive) by `text`."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class ReportedFix(_Part):
    """A mechanical way out."""

    title: str
    edits: list[ReportedEdit]


class ReportedAcknowledgement(_Part):
    """Who accepted a yellow finding, why, and until which day."""

    reason: str
    by: str
    until: str


class ReportedFinding(Place):
    """What a rule found. `path` is the logical path, `fingerprint` stays the same while the finding does, `witness`
    tells step by step how it goes wrong.
    """

    rule: str
    name: str
    colour: Literal["red", "yellow"]
    severity: Literal["harm", "risk"]
    confidence: Literal["certain", "likely"]
    path: str
    fingerprint: str
    message: str
    help: str
    witness: list[str]
    related: list[ReportedPlace]
    fix: ReportedFix | None
    acknowledged: ReportedAcknowledgement | None


class Report(_Part):
    """What `writ check` found in one app. `deployable`: it may be published. `digest` and `tools` (the digests of its
    plans) are there when it compiles. `unjudged`: tools with a mistake, which are judged once that is mended.
    """

    version: Literal["1"] = Field(default=VERSION, description="The version of this form.")
    folder: str
    colour: Literal["green", "yellow", "red"]
    deployable: bool
    findings: list[ReportedFinding]
    problems: list[ReportedProblem]
    unjudged: list[str]
    app: str | None = None
    digest: str | None = None
    tools: dict[str, str] | None = None


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
