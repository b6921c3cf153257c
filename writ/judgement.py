"""The safety engine's judgement of an app: every finding, what was acknowledged, and the colour of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from writ.findings import Colour, Finding, worst
from writ.graph.app import AppFacts
from writ.nodes.typed import TypedApp
from writ.problems import Problem
from writ.rules.catalogue import RULES
from writ.rules.mistakes import claimed
from writ.rules.own import own_findings


@dataclass(frozen=True, slots=True)
class Judgement:
    """`problems` are those that are no rule's business. `unjudged` are tools with a wrong node: judged once mended."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    unjudged: tuple[str, ...] = ()

    @property
    def colour(self) -> Colour:
        """Red with a problem or a red finding."""
        if self.problems:
            return Colour.red
        return worst(finding.colour for finding in self.findings)


def judge(
    app: TypedApp,
    problems: Iterable[Problem] = (),
    *,
    previous: TypedApp | None = None,
    changed: frozenset[str] | None = None,
) -> Judgement:
    """Judge an app by every rule and its own. `previous`: the release before; `changed` limits what is judged tool by
    tool to these.
    """
    facts = AppFacts(app, AppFacts(previous) if previous else None, changed)
    mistakes, others = claimed(facts, problems)
    found = [*mistakes, *own_findings(facts)]
    for rule in RULES:
        found.extend(rule.finding(one) for one in rule.check(facts))
    return Judgement(_in_order(found), tuple(others), _unjudged(app))


def _in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By place, each once: what is found along two ways is told one time."""
    once = {(finding.rule, finding.span, finding.path, finding.detail): finding for finding in found}
    return tuple(sorted(once.values(), key=lambda finding: (finding.span, finding.rule, finding.path, finding.detail)))


def _unjudged(app: TypedApp) -> tuple[str, ...]:
    return tuple(sorted(name for name, tool in app.tools.items() if not tool.whole))
