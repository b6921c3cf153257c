"""Rules of an app's own about its documents: policies with `design`, checked against the fact they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from writ.nodes.typed_terms import DesignRule
from writ.problems import Problem
from writ.source import Span
from writ.spec.design_facts import DESIGN_FACTS
from writ.spec.documents import PolicyDocument
from writ.spec.expressions import Names, check_expression
from writ.values import Boolean, Unknown


def check_design_rules(policies: Iterable[PolicyDocument], problems: list[Problem]) -> tuple[DesignRule, ...]:
    """The rules among the policies, by id; what is wrong in one is added to `problems`, and it is left out."""
    taken: dict[str, Span] = {}
    found: list[DesignRule] = []
    for policy in policies:
        rule = _rule(policy, problems)
        if policy.id is not None and policy.id in taken:
            message, help = f"a second rule has the id `{policy.id}`", f"the first is {taken[policy.id]}"
            problems.append(Problem("duplicate-name", policy.id.span, message, help))
        elif policy.id is not None:
            taken[str(policy.id)] = policy.id.span
            found.extend([rule] if rule else [])
    return tuple(sorted(found, key=lambda rule: rule.id))


def _rule(policy: PolicyDocument, problems: list[Problem]) -> DesignRule | None:
    if policy.design is None:
        return None
    checked = check_expression(policy.design, _names(policy.about), Boolean(), problems)
    if not (checked and policy.id and policy.about and policy.level and policy.message):
        return None
    return DesignRule(
        id=str(policy.id),
        name=str(policy.policy),
        span=policy.policy.span,
        about=policy.about,
        design=checked.typed,
        level=policy.level,
        message=policy.message,
        help=policy.help or "",
        description=policy.description,
    )


def _names(about: Literal["tool", "entity", "node", "edge"] | None) -> Names:
    if about is None:
        return Names({name: Unknown() for name in DESIGN_FACTS})
    return Names({about: DESIGN_FACTS[about]})
