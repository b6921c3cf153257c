"""The operators in one visible tuple each, and the mutants they make of the shipped apps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.writ.mutation.operators import (
    approvals,
    authority,
    calls,
    contracts,
    intents,
    payments,
    states,
    transactions,
    values,
    writes,
)
from tests.writ.mutation.written import Change, Written, read, text
from tests.writ.rules.library import APPS, app_files

Operator = Callable[[Written], Iterator[Change]]


def _operators_of(*modules: object) -> tuple[Operator, ...]:
    return tuple(
        value
        for module in modules
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and value.__module__ == module.__name__  # type: ignore[attr-defined]
    )


UNSAFE = _operators_of(writes, transactions, states, authority, approvals, payments, calls, contracts, values)
"""What takes away something that keeps a run safe, whatever the app is for."""

INTENTS = _operators_of(intents)
"""What asks for another rule of the business: reported beside the figure and not in it."""


@dataclass(frozen=True)
class Mutant:
    """An app with one change. `site` is unique among the mutants of one operator and app."""

    operator: str
    app: str
    site: str
    texts: tuple[tuple[str, str], ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.operator, self.app, self.site)

    @property
    def share(self) -> float:
        """A number from 0 to 1 that depends on nothing but the key: which part of a sample it is in."""
        return int(hashlib.sha256("|".join(self.key).encode()).hexdigest()[:8], 16) / 0xFFFFFFFF

    def all_texts(self) -> dict[str, str]:
        return {**app_files(self.app), **dict(self.texts)}


def mutants(operators: tuple[Operator, ...]) -> Iterator[Mutant]:
    """Every mutant of every shipped app, in a fixed order."""
    for name in APPS:
        app = read(name, app_files(name))
        for operator in operators:
            for change in operator(app):
                texts = tuple((file, text(document)) for file, document in change.documents.items())
                yield Mutant(operator.__name__, name, change.site, texts)
