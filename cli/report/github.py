"""Problems and findings as annotations of a pull request.

Follows https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from writ.findings import Colour, Finding
from writ.problems import Problem
from writ.source import Span


def problem_annotation(problem: Problem, level: str = "error") -> str:
    """The workflow command that makes GitHub show the problem beside the line, as an `error` or a `notice`."""
    return annotation(level, problem.span, problem.code, _told(problem.message, problem.help, ()))


def finding_annotation(finding: Finding) -> str:
    """The same for a finding: red is an error, yellow a warning."""
    level = "error" if finding.colour is Colour.red else "warning"
    title = f"{finding.rule} {finding.name}"
    return annotation(level, finding.span, title, _told(finding.message, finding.help, finding.witness))


def _told(message: str, help: str, witness: tuple[str, ...]) -> str:
    steps = [f"{number}. {moment}" for number, moment in enumerate(witness, 1)]
    return "\n".join([message, *steps, *([f"help: {help}"] if help else [])])


def annotation(level: str, span: Span, title: str, message: str) -> str:
    """A workflow command of the level `error`, `warning` or `notice`."""
    properties = {
        "file": span.file,
        "line": str(span.line),
        "col": str(span.column),
        "endColumn": str(span.column + span.length),
        "title": title,
    }
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
