from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from tests import shelf
from writ.findings import Confidence, Finding, Severity
from writ.judgement import Judgement, catalogue_version, judge
from writ.plan.compile import compile_app, judge_and_compile
from writ.plan.model import Release, ReleaseCheck
from writ.problems import Problem
from writ.rules.catalogue import RULES
from writ.source import Span

TODAY = date(2026, 11, 20)
NOWHERE = Span("a.yaml", 1, 1)


def found(severity: Severity) -> Finding:
    return Finding("ORG001", "x", severity, Confidence.certain, NOWHERE, "shelf.find_book", "x", "y")


def test_a_green_app_is_deployable_and_says_who_judged_it() -> None:
    release = compile_app(shelf.typed(shelf.green()))
    assert isinstance(release, Release), release
    assert release.check == ReleaseCheck(colour="green", catalogue=catalogue_version())


def test_what_is_acknowledged_is_part_of_the_release() -> None:
    files = shelf.acknowledged(shelf.yellow(), until="2027-01-31")
    release = compile_app(shelf.typed(files), today=TODAY)
    assert isinstance(release, Release), release
    assert release.check.colour == "yellow"
    [one] = release.check.acknowledged
    assert (one.rule, one.path, one.reason, one.by, one.until) == (
        "ORG001", "shelf.find_book", "Looked at it.", "anna@example.org", "2027-01-31",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        (shelf.red(), ["ORG001"]),
        (shelf.yellow(), ["ORG001"]),
        (shelf.acknowledged(shelf.red(), until="2027-01-31"), ["ACK003", "ORG001"]),
        (shelf.acknowledged(shelf.yellow(), until="2026-11-19"), ["ACK002", "ORG001"]),
        (shelf.acknowledged(shelf.yellow(), until="2027-12-31"), ["ACK002", "ORG001"]),
        (shelf.acknowledged(shelf.yellow(), until="2027-01-31", reason="'-'"), ["ACK002", "ORG001"]),
        (shelf.acknowledged(shelf.green(), until="2027-01-31", fingerprint="0" * 16), ["ACK001"]),
    ],
    ids=["red", "yellow", "red acknowledged", "expired", "too long", "no reason", "stray"],
)
def test_what_is_not_deployable_is_not_compiled(files: shelf.Files, rules: list[str]) -> None:
    problems = compile_app(shelf.typed(files), today=TODAY)
    assert isinstance(problems, list)
    assert sorted(problem.code for problem in problems) == rules
    assert not judge(shelf.typed(files), today=TODAY).deployable


def test_an_acknowledged_finding_is_not_compiled_where_the_day_is_not_known() -> None:
    problems = compile_app(shelf.typed(shelf.acknowledged(shelf.yellow())))
    assert isinstance(problems, list)


def test_a_tool_that_cannot_be_judged_is_not_compiled() -> None:
    app = shelf.typed(shelf.green())
    partial = replace(app, tools={name: replace(tool, whole=False) for name, tool in app.tools.items()})
    compiled = judge_and_compile(partial)
    assert compiled.release is None
    assert [problem.code for problem in compiled.problems] == ["not-judged"]
    assert not compiled.judgement.deployable


def test_a_problem_is_red() -> None:
    compiled = judge_and_compile(shelf.typed(shelf.green()), [Problem("unreadable-file", NOWHERE, "x")])
    assert compiled.release is None
    assert str(compiled.judgement.colour) == "red"


def test_a_judgement_made_by_hand_cannot_be_handed_to_the_compiler() -> None:
    """There is no parameter that takes one."""
    assert set(compile_app.__annotations__) == {"app", "today", "return"}
    assert set(judge_and_compile.__annotations__) == {"app", "problems", "today", "return"}


@pytest.mark.parametrize("severity", [Severity.harm, Severity.risk])
def test_what_nobody_accepts_is_open(severity: Severity) -> None:
    assert not Judgement((found(severity),), ()).deployable


def test_a_release_cannot_say_that_it_is_red() -> None:
    with pytest.raises(ValueError, match="green"):
        ReleaseCheck(colour="red", catalogue="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="acknowledged"):
        ReleaseCheck(colour="yellow", catalogue="x")


def test_findings_that_would_share_a_fingerprint_are_told_apart() -> None:
    files = shelf.with_file(
        shelf.green(),
        "policies/edges.yaml",
        "policy: edges\ndescription: x\nid: ORG002\nabout: edge\n"
        "design: edge.to_node == 'respond' || edge.from_node == 'looking'\nlevel: yellow\nmessage: an edge\n",
    )
    prints = [finding.fingerprint for finding in judge(shelf.typed(files)).findings]
    assert prints
    assert len(set(prints)) == len(prints)


def test_the_catalogue_has_a_version_that_every_level_is_part_of() -> None:
    assert catalogue_version().startswith("sha256:")
    assert {"ACK001", "ACK002", "ACK003"} <= {rule.id for rule in RULES}
    assert {field.name for field in fields(Judgement)} == {"findings", "problems", "unjudged", "acknowledged"}
