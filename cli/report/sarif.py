"""Problems and findings as SARIF 2.1.0, for code-scanning services and editors.

Follows https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Every rule is listed in the driver, also when
it found nothing; behind them those of apps' own that found something. Columns count Unicode code points, as ours do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cli.report.document import ReportedAcknowledgement
from cli.rule_pages import markdown
from writ.findings import Colour, Finding, Fix
from writ.problems import Problem
from writ.rules.catalogue import RULES
from writ.rules.page import page_of
from writ.rules.rule import Rule
from writ.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Colour.red: "error", Colour.yellow: "warning"}
_PLACES = {rule.id: index for index, rule in enumerate(RULES)}


def sarif(
    problems: Iterable[Problem],
    findings: Iterable[Finding],
    acknowledged: Mapping[str, ReportedAcknowledgement],
    *,
    version: str,
    pages: str = "",
    notes: Iterable[Problem] = (),
) -> dict[str, Any]:
    """The log of one run. `acknowledged` by fingerprint: such findings are marked as suppressed. `pages` is the address
    below which the pages of the rules are published, empty where they are not: then their help stands in the log alone.
    `notes` are no mistakes: what cannot be run yet.
    """
    found = list(findings)
    own = {_identity(one): one for one in reversed(found) if one.rule not in _PLACES}
    places = _PLACES | {identity: len(RULES) + number for number, identity in enumerate(own)}
    results = [_problem(problem, "error") for problem in problems]
    results += [_problem(note, "note") for note in notes]
    results += [_finding(one, places[_identity(one)], acknowledged.get(one.fingerprint)) for one in found]
    rules = [*(_rule(rule, pages) for rule in RULES), *(_own_rule(one) for one in own.values())]
    driver = {"name": "writ", "semanticVersion": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _identity(finding: Finding) -> str:
    """What tells its rule from others: two apps may each have an `ORG001` of their own."""
    return finding.rule if finding.rule in _PLACES else f"{finding.rule} {finding.name}"


def _own_rule(finding: Finding) -> dict[str, Any]:
    """A rule of an app's own, as one of its findings tells of it."""
    return {
        "id": finding.rule,
        "name": finding.name,
        "shortDescription": {"text": finding.message},
        "defaultConfiguration": {"level": _LEVELS[finding.colour]},
    }


def _rule(rule: Rule, pages: str) -> dict[str, Any]:
    page = page_of(rule)
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": page.dangerous},
        "help": {"text": f"{page.catches}\n\n{page.dangerous}", "markdown": markdown(rule)},
        "helpUri": f"{pages.rstrip('/')}/{rule.id}.md" if pages else f"urn:writ:rule:{rule.id}",
        "defaultConfiguration": {"level": _LEVELS[rule.colour]},
        "properties": {"severity": str(rule.severity), "confidence": str(rule.confidence)},
    }


def _problem(problem: Problem, level: str) -> dict[str, Any]:
    text = f"{problem.message}\nhelp: {problem.help}" if problem.help else problem.message
    return {
        "ruleId": problem.code,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": _place(problem.span)}],
    }


def _finding(finding: Finding, rule: int, accepted: ReportedAcknowledgement | None) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.colour],
        "message": {"text": _text(finding)},
        "locations": [
            {
                "physicalLocation": _place(finding.span),
                "logicalLocations": [{"fullyQualifiedName": finding.path}],
            }
        ],
        "partialFingerprints": {"writ/v1": finding.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _place(it.span), "message": {"text": it.message}}
            for number, it in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    if accepted is not None:
        reason = f"{accepted.reason} ({accepted.by}, until {accepted.until})"
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": reason}]
    return result


def _text(finding: Finding) -> str:
    steps = [f"{number}. {moment}" for number, moment in enumerate(finding.witness, 1)]
    return "\n".join([finding.message, *steps, *([f"help: {finding.help}"] if finding.help else [])])


def _fix(fix: Fix) -> dict[str, Any]:
    files = sorted({edit.file for edit in fix.edits})
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": _uri(file)},
                "replacements": [
                    {
                        "deletedRegion": {
                            "startLine": edit.line,
                            "startColumn": edit.column,
                            "endLine": edit.end_line,
                            "endColumn": edit.end_column,
                        },
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in fix.edits
                    if edit.file == file
                ],
            }
            for file in files
        ],
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(span.file)},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.line,
            "endColumn": span.column + span.length,
        },
    }


def _uri(file: str) -> str:
    return quote(PurePath(file).as_posix())
