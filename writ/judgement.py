"""The safety engine's judgement of an app: every finding, what was acknowledged, and the colour of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import writ.digest
from writ.acknowledgements import Acknowledged, complaints, covered
from writ.discretion import discreet_finding, discreet_problems
from writ.findings import Colour, Finding, worst
from writ.graph.app import AppFacts
from writ.nodes.typed import TypedApp
from writ.nodes.typed_terms import Acknowledgement
from writ.problems import Problem
from writ.rules.catalogue import RULES
from writ.rules.mistakes import claimed
from writ.rules.own import own_findings


@dataclass(frozen=True, slots=True)
class Judgement:
    """`findings` are all of them, `acknowledged` those of them that somebody accepts. `problems` are those that are no
    rule's business. `unjudged` are tools with a wrong node: judged once mended.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    unjudged: tuple[str, ...] = ()
    acknowledged: tuple[Acknowledged, ...] = ()

    @property
    def colour(self) -> Colour:
        """Red with a problem or a red finding."""
        if self.problems or self.unjudged:
            return Colour.red
        return worst(finding.colour for finding in self.findings)

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nobody has acknowledged, or nobody can."""
        accepted = {id(one.finding) for one in self.acknowledged if one.finding.colour is Colour.yellow}
        return tuple(finding for finding in self.findings if id(finding) not in accepted)

    @property
    def deployable(self) -> bool:
        """Whether it may run: it is green, or everything yellow has been acknowledged."""
        return self.colour is not Colour.red and not self.open


def judge(
    app: TypedApp,
    problems: Iterable[Problem] = (),
    *,
    previous: TypedApp | None = None,
    changed: frozenset[str] | None = None,
    today: date | None = None,
) -> Judgement:
    """Judge an app by every rule and its own. `previous`: the release before; `changed` limits what is judged tool by
    tool to these. No acknowledgement counts where `today` is not known.
    """
    facts = AppFacts(app, AppFacts(previous) if previous else None, changed)
    mistakes, others = claimed(facts, problems)
    found = [*mistakes, *own_findings(facts)]
    for rule in RULES:
        found.extend(rule.finding(one) for one in rule.check(facts))
    findings = _told_apart(_in_order(discreet_finding(finding) for finding in found))
    unjudged = _unjudged(app)
    given = app.acknowledgements if previous else _without_comparisons(app.acknowledgements)
    complete = not others and not unjudged and changed is None
    written = len(app.acknowledgements)
    complained = complaints(app.name, findings, given, today, complete=complete, written=written)
    accepted = covered(findings, app.acknowledgements, today)
    return Judgement(_in_order([*findings, *complained]), discreet_problems(others, findings), unjudged, accepted)


def catalogue_version() -> str:
    """The digest of every rule's id and colour: which safety engine it was that judged."""
    return writ.digest.digest([[rule.id, str(rule.colour)] for rule in RULES])


def _in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By place, each once: what is found along two ways is told one time."""
    once = {(finding.rule, finding.span, finding.path, finding.detail): finding for finding in found}
    return tuple(sorted(once.values(), key=lambda finding: (finding.span, finding.rule, finding.path, finding.detail)))


def _told_apart(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What accepts one finding must not accept another: those that would share a fingerprint are numbered."""
    seen: Counter[str] = Counter()
    told: list[Finding] = []
    for finding in findings:
        seen[finding.fingerprint] += 1
        number = seen[finding.fingerprint]
        told.append(finding if number == 1 else replace(finding, detail=f"{finding.detail}#{number}"))
    return tuple(told)


def _without_comparisons(acknowledgements: tuple[Acknowledgement, ...]) -> tuple[Acknowledgement, ...]:
    """Without those of rules that find nothing while no release before is known: they may match then."""
    comparing = {rule.id for rule in RULES if rule.compares}
    return tuple(one for one in acknowledgements if one.rule not in comparing)


def _unjudged(app: TypedApp) -> tuple[str, ...]:
    return tuple(sorted(name for name, tool in app.tools.items() if not tool.whole))
