"""How much of what makes an app unsafe the safety engine notices: a figure, and what is behind it.

**Mutants.** Each operator takes away one thing that keeps a run safe, at every place of every shipped app (`clinic`,
the app of `writ new`, the shop of the rules' cases) where there is such a thing: a `where`, a transaction, a timeout,
an owner. A mutant is *caught* when its app is not deployable: a problem, a red finding or a yellow one that nobody has
acknowledged.

**What changes no meaning is not counted.** A mutant that lets the same requests through as the app and leaves the same
rows is `equivalent`: `survivors.yaml` says of each why that is so. It says of each *missed* one, too, what goes
unnoticed. A survivor that is not listed, and a listed one that is caught by now, fail the suite.

**What the author wants is reported apart.** A `require` less, another state to move to, another clerk let in: each is
a safe app for another business, and an engine that does not know which was meant cannot tell. Operators that do
nothing else (`operators/intents.py`) were set apart by what they do, before any of them ran, and stand in a table of
their own; survivors of the others that are as safe as the app was are listed as `intent`, each with its reason.

The figure is `caught / (mutants - equivalent - intent)` of the operators that make unsafe apps. Printed beside it: the
one with `intent` among the missed, the mean over operators (some have a mutant at every expression, others one in all),
and the numbers of the operators set apart.

`MUTANTS=all pytest tests/writ/mutation -s` checks every mutant (some minutes) and prints the whole table. Without it
one in `SAMPLED` of the unsafe ones is checked, always the same, and at least one of each operator and all that are
listed; the figure then relies on the last full run for the others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
import yaml

from tests.writ.mutation.catalogue import INTENTS, UNSAFE, Mutant, Operator, mutants
from tests.writ.mutation.written import read, text
from tests.writ.rules.library import APPS, app_files, check_texts
from writ.judgement import judge

ALL = os.environ.get("MUTANTS") == "all"
SAMPLED = 10
SURVIVORS = Path(__file__).parent / "survivors.yaml"
WANTED = 0.98

Verdict = Literal["equivalent", "intent", "missed"]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Checked:
    """A mutant and what the safety engine said of it: ids of rules and codes of problems."""

    mutant: Mutant
    caught: bool
    told: frozenset[str]


@cache
def listed() -> dict[Key, Verdict]:
    """The survivors that are known, each with what it is; a reason is compulsory."""
    found: dict[Key, Verdict] = {}
    for group in yaml.safe_load(SURVIVORS.read_text()):
        assert group["reason"].strip()
        for app, sites in group["sites"].items():
            for site in sites:
                key = (group["operator"], app, site)
                assert key not in found, f"{key} is listed twice"
                found[key] = group["verdict"]
    return found


def check(mutant: Mutant) -> Checked:
    checked = check_texts(mutant.all_texts(), mutant.app)
    if checked.partial is None:
        return Checked(mutant, True, frozenset(problem.code for problem in checked.problems))
    judgement = judge(checked.partial, checked.problems)
    told = [problem.code for problem in judgement.problems] + [finding.rule for finding in judgement.open]
    return Checked(mutant, not judgement.deployable, frozenset(told))


@cache
def made(operators: tuple[Operator, ...]) -> tuple[Mutant, ...]:
    return tuple(mutants(operators))


@cache
def looked_at(operators: tuple[Operator, ...]) -> tuple[Checked, ...]:
    """Every mutant, or those of the sample."""
    if ALL:
        return tuple(map(check, made(operators)))
    least: dict[str, Mutant] = {}
    for one in made(operators):
        least[one.operator] = min(one, least.get(one.operator, one), key=lambda it: it.share)
    return tuple(
        check(one)
        for one in made(operators)
        if one.share * SAMPLED < 1 or one == least[one.operator] or one.key in listed()
    )


def of(verdict: Verdict, among: Iterable[Mutant]) -> int:
    return sum(listed().get(one.key) == verdict for one in among)


@pytest.mark.parametrize("app", APPS)
def test_an_app_that_nothing_was_changed_in_is_deployable_as_it_is_written_again(app: str) -> None:
    again = {file: text(document) for file, document in read(app, app_files(app)).documents.items()}
    checked = check_texts(again, app)
    assert checked.app is not None
    assert judge(checked.app).deployable


def test_every_operator_has_mutants_and_every_mutant_is_another_app() -> None:
    found = (*made(UNSAFE), *made(INTENTS))
    assert {one.operator for one in found} == {one.__name__ for one in (*UNSAFE, *INTENTS)}
    assert len({one.key for one in found}) == len(found)
    unchanged = {name: read(name, app_files(name)).documents for name in APPS}
    for one in found:
        assert any(yaml.safe_load(written) != unchanged[one.app][file] for file, written in one.texts), one.key


def test_what_survives_is_listed_with_its_reason_and_nothing_else_is() -> None:
    survived = {one.mutant.key for one in looked_at(UNSAFE) if not one.caught}
    unknown = listed().keys() - {one.key for one in made(UNSAFE)}
    assert survived - listed().keys() == set()
    assert listed().keys() - survived == set()
    assert unknown == set()


def test_almost_all_mutants_that_are_unsafe_are_caught() -> None:
    """Counted over all mutants: that those outside the sample are caught is what the full run has shown."""
    total = len(made(UNSAFE)) - of("equivalent", made(UNSAFE))
    intent, missed = of("intent", made(UNSAFE)), of("missed", made(UNSAFE))
    caught = total - intent - missed
    report(UNSAFE, "operators that make an app unsafe")
    if ALL:
        report(INTENTS, "operators that ask for another business, not in the figure")
    print(f"caught of the unsafe: {caught} of {total - intent} ({caught / (total - intent):.2%})")
    print(f"with `intent` as missed: {caught} of {total} ({caught / total:.2%})")
    print(f"mean over operators: {mean_over_operators():.2%}")
    assert len(UNSAFE) >= 25
    assert caught / (total - intent) >= WANTED


def mean_over_operators() -> float:
    """The figure if every operator weighed the same; one whose mutants are all harmless has none."""
    shares: list[float] = []
    for operator in UNSAFE:
        every = [one for one in made(UNSAFE) if one.operator == operator.__name__]
        unsafe = len(every) - of("equivalent", every) - of("intent", every)
        shares += [1 - of("missed", every) / unsafe] if unsafe else []
    return sum(shares) / len(shares)


def report(operators: tuple[Operator, ...], title: str) -> None:
    """Print the table: mutants made, checked, caught, and the survivors by what they are."""
    print(f"\n{title}\n{'operator':44} made checked caught equiv. intent missed  told by")
    for operator in operators:
        every = [one for one in made(operators) if one.operator == operator.__name__]
        some = [one for one in looked_at(operators) if one.mutant.operator == operator.__name__]
        caught = sum(one.caught for one in some)
        told = Counter(code for one in some for code in one.told)
        verdicts = " ".join(f"{of(verdict, every):6}" for verdict in ("equivalent", "intent", "missed"))
        codes = ", ".join(code for code, _ in told.most_common(4))
        print(f"{operator.__name__:44} {len(every):4} {len(some):7} {caught:6} {verdicts}  {codes}")
    print(f"{len(operators)} operators, {len(made(operators))} mutants")
