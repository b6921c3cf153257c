"""The SARIF log: valid by the published schema, and with the same findings as every other format."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from cli.report.document import ReportedAcknowledgement
from cli.report.sarif import sarif
from tests import shelf
from tests.writ.rules.library import Case, cases, judged
from writ.problems import Problem
from writ.rules.catalogue import RULES
from writ.source import Span

# The schema that OASIS publishes; its `$id` says where.
SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text())
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker())
ONE_OF_EACH = list({case.rule: case for case in cases() if case.colour != "green"}.values())


def log(*texts: Any, accepted: dict[str, ReportedAcknowledgement] | None = None) -> dict[str, Any]:
    problems = [text for text in texts if isinstance(text, Problem)]
    return sarif(problems, [text for text in texts if text not in problems], accepted or {}, version="0.1.0")


def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def test_every_rule_is_listed_in_the_driver_also_when_it_is_silent() -> None:
    empty = log()
    VALIDATOR.validate(empty)
    assert [rule["id"] for rule in empty["runs"][0]["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]
    assert results(empty) == []


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=lambda case: case.rule)
def test_a_finding_of_every_rule_is_valid(case: Case) -> None:
    findings = judged(case).findings
    made = log(*findings)
    VALIDATOR.validate(made)
    rules = made["runs"][0]["tool"]["driver"]["rules"]
    for finding, result in zip(findings, results(made), strict=True):
        assert result["ruleId"] == finding.rule
        assert rules[result["ruleIndex"]]["id"] == finding.rule
        assert result["level"] == {"red": "error", "yellow": "warning"}[finding.colour]
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] == finding.span.line
        assert result["partialFingerprints"] == {"writ/v1": finding.fingerprint}


def test_rules_of_apps_own_are_listed_behind_the_others_each_once() -> None:
    one = shelf.finding(shelf.yellow())
    other = replace(one, name="another_app", message="another rule with this id")
    made = log(one, other, replace(one, path="shelf.more"))
    VALIDATOR.validate(made)
    own = made["runs"][0]["tool"]["driver"]["rules"][len(RULES) :]
    assert {(rule["id"], rule["name"], rule["shortDescription"]["text"]) for rule in own} == {
        ("ORG001", "looked_at", "nobody has looked at this tool"),
        ("ORG001", "another_app", "another rule with this id"),
    }
    named = [own[result["ruleIndex"] - len(RULES)]["name"] for result in results(made)]
    assert named == ["looked_at", "another_app", "looked_at"]


@cache
def with_a_fix() -> Any:
    return next(
        finding
        for case in cases()
        if case.colour != "green"
        for finding in judged(case).findings
        if finding.fix is not None
    )


def test_a_fix_is_offered_with_its_edits() -> None:
    finding = with_a_fix()
    made = log(finding)
    VALIDATOR.validate(made)
    change = results(made)[0]["fixes"][0]["artifactChanges"][0]
    assert change["artifactLocation"]["uri"] == finding.fix.edits[0].file
    assert change["replacements"][0]["insertedContent"]["text"] == finding.fix.edits[0].text


def test_what_was_acknowledged_is_marked_as_suppressed_with_its_reason() -> None:
    yellow = next(finding for case in cases() if case.colour == "yellow" for finding in judged(case).findings)
    reason = ReportedAcknowledgement(reason="We know.", by="anna", until="2027-01-31")
    made = log(yellow, accepted={yellow.fingerprint: reason})
    VALIDATOR.validate(made)
    assert results(made)[0]["suppressions"][0]["justification"] == "We know. (anna, until 2027-01-31)"


def test_a_problem_is_an_error_with_its_code() -> None:
    made = log(Problem("unknown-key", Span("specs/a b/tool.yaml", 3, 1, 4), "`x` is not a key", "remove it"))
    VALIDATOR.validate(made)
    result = results(made)[0]
    assert (result["ruleId"], result["level"]) == ("unknown-key", "error")
    assert result["message"]["text"] == "`x` is not a key\nhelp: remove it"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "specs/a%20b/tool.yaml"
