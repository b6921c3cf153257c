"""Mistakes that are findings: what the checker of types meets first, and a rule of the catalogue stands for."""

from __future__ import annotations

from collections.abc import Iterable

from writ.findings import Finding, Found
from writ.graph.app import AppFacts
from writ.problems import Problem
from writ.rules.catalogue import RULES
from writ.rules.place import Place, place_of
from writ.rules.rule import Rule


def claimed(app: AppFacts, problems: Iterable[Problem]) -> tuple[list[Finding], list[Problem]]:
    """The problems that are findings of a rule, as such, and the others."""
    findings: list[Finding] = []
    others: list[Problem] = []
    for problem in problems:
        rule = _claimant(problem)
        if rule is None:
            others.append(problem)
        else:
            findings.append(_finding(rule, problem, place_of(app, problem.span)))
    return findings, others


def _claimant(problem: Problem) -> Rule | None:
    return next((rule for rule in RULES if problem.code in rule.mistakes and rule.claims(problem)), None)


def _finding(rule: Rule, problem: Problem, place: Place) -> Finding:
    return rule.finding(
        Found(
            span=problem.span,
            path=place.path,
            message=problem.message,
            help=rule.way_out(problem),
            witness=(*place.witness, rule.consequence),
            detail=f"{problem.code} {problem.message}",
        )
    )
