"""What a report may not repeat: a credential that stands in a spec is told, and shown nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from writ.findings import Finding, Related
from writ.graph.credentials import without_credentials
from writ.problems import Problem

Line = tuple[str, int]
"""A file and the number of a line in it."""

_UNREPEATED = "what stands here does not fit, and is not repeated because it holds a secret"


def hidden_lines(findings: Iterable[Finding]) -> frozenset[Line]:
    """The lines that hold a secret, which no report shows, whatever else it says of them."""
    return frozenset((finding.span.file, finding.span.line) for finding in findings if finding.conceal)


def discreet_problems(problems: Iterable[Problem], findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """The problems without a credential that their words would repeat; `findings` say on which lines one stands."""
    hidden = hidden_lines(findings)
    return tuple(
        replace(problem, message=_UNREPEATED, help="")
        if (problem.span.file, problem.span.line) in hidden
        else replace(problem, message=without_credentials(problem.message), help=without_credentials(problem.help))
        for problem in problems
    )


def discreet_finding(finding: Finding) -> Finding:
    """The finding without a credential that its words would repeat; its fingerprint stays."""
    related = tuple(Related(it.span, without_credentials(it.message)) for it in finding.related)
    return replace(
        finding,
        message=without_credentials(finding.message),
        help=without_credentials(finding.help),
        witness=tuple(without_credentials(moment) for moment in finding.witness),
        related=related,
    )
