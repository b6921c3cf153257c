"""Rule: one entry of the safety engine's catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from writ.findings import Colour, Confidence, Finding, Found, Severity, colour
from writ.graph.app import AppFacts
from writ.problems import Problem


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its stable id (`PAY001`), its name in words, how bad and how sure it is, and its page.

    `check` reads the facts of an app and reports what it finds; it knows no other rule. `mistakes` are the codes of
    problems which the checker of types meets first and which are findings of this rule; `claims` can narrow them down
    to those that really are, and `way_out` says what helps where that is not what the checker says. `compares`: it
    finds nothing where no release before is known.
    """

    id: str
    name: str
    severity: Severity
    confidence: Confidence
    page: str
    check: Callable[[AppFacts], Iterator[Found]]
    mistakes: frozenset[str] = field(default=frozenset())
    claims: Callable[[Problem], bool] = field(default=lambda problem: True)
    consequence: str = ""
    way_out: Callable[[Problem], str] = field(default=lambda problem: problem.help)
    compares: bool = False

    @property
    def colour(self) -> Colour:
        """The colour of its findings."""
        return colour(self.severity, self.confidence)

    def finding(self, found: Found) -> Finding:
        """What it found, as it is reported."""
        return Finding(
            rule=self.id,
            name=self.name,
            severity=found.severity or self.severity,
            confidence=self.confidence,
            span=found.span,
            path=found.path,
            message=found.message,
            help=found.help,
            witness=found.witness,
            related=found.related,
            fix=found.fix,
            detail=found.detail,
            conceal=found.conceal,
        )


def nothing(app: AppFacts) -> Iterator[Found]:
    """The check of a rule whose findings are all mistakes that the checker of types meets."""
    return iter(())
