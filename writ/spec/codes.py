"""Codes a caller can be refused with: each has one meaning in an app, whoever it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.problems import Problem
from writ.refusals import REFUSALS
from writ.spec.documents import PolicyDocument
from writ.spec.entity_documents import EntityDocument
from writ.spec.parse import Documents
from writ.spec.shape import Name


def code_problems(documents: Documents) -> Iterator[Problem]:
    """Names of policies and invariants that are refusals of the system, or of each other, or of a tool."""
    taken = {str(code): f"the tool `{name}`" for name, tool in documents.tools.items() for code in tool.refusals}
    for name, whose in [*_policies(documents.policies), *_invariants(documents.entities)]:
        other = "the system" if name in REFUSALS else taken.setdefault(str(name), whose)
        if other != whose:
            help = f"{whose} refuses with its name; choose another one"
            yield Problem("reserved-name", name.span, f"`{name}` is a refusal of {other} already", help)


def _policies(policies: Mapping[str, PolicyDocument]) -> Iterator[tuple[Name, str]]:
    """Those that meet a call: a rule about documents refuses nobody."""
    for policy in policies.values():
        if policy.design is None:
            yield policy.policy, f"the policy `{policy.policy}`"


def _invariants(entities: Mapping[str, EntityDocument]) -> Iterator[tuple[Name, str]]:
    for entity in entities.values():
        for name in entity.invariants:
            yield name, f"an invariant of `{entity.entity}`"
