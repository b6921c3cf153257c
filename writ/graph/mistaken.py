"""What a mistake that the checker of types met is about: asked by the rules it is a finding of, of which only one may
claim it.
"""

from __future__ import annotations

import re

from writ.problems import Problem

_STATES = re.compile(r"is not one of the states of \w+$")
_QUOTED = re.compile(r"`[^`]*`")
_MONEY = re.compile(r"\bamounts? of money\b")
_UNKNOWN = re.compile(r"(?:there is no function `(?:\w+\.)?(\w+)`|`(\w+)` is not known here)$")
_SURROUNDINGS = """
now today date time datetime timestamp clock random rand randint uuid uuid4 uuid7 newid
env environ getenv os system hostname process Date Math Random UUID
"""
_AMBIENT = frozenset(_SURROUNDINGS.split())


def about_states(problem: Problem) -> bool:
    """Whether it compares a state with a text that is none."""
    return problem.code == "undeclared-value" and _STATES.search(problem.message) is not None


def about_money(problem: Problem) -> bool:
    """Whether it calculates with money as with a number."""
    return problem.code == "expression-type" and _MONEY.search(_QUOTED.sub("", problem.message)) is not None


def about_ambient_values(problem: Problem) -> bool:
    """Whether it asks for what surrounds the run: the time, chance, the environment."""
    found = _UNKNOWN.search(problem.message) if problem.code in ("unknown-function", "unknown-name") else None
    return found is not None and (found[1] or found[2]) in _AMBIENT


def about_a_contract(problem: Problem) -> bool:
    """Whether it is a schema that contradicts itself, and no expression."""
    return problem.code == "undeclared-value" and problem.message.endswith("is required but not declared")
