"""The catalogue: folder and tuple agree, every rule has its page and its cases, ids never mean two things."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import writ.rules
from tests.writ.rules.library import CASES, cases
from writ.rules.catalogue import RULES
from writ.rules.rule import Rule

SECTIONS = ("Catches", "Dangerous because", "Avoid", "Prefer", "Cannot see")
NOT_RULES = {"__init__", "catalogue", "rule", "mistakes", "place", "own", "page"}


def test_every_file_of_the_folder_is_a_rule_of_the_tuple() -> None:
    folder = Path(writ.rules.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - NOT_RULES
    assert files == {rule.check.__module__.rsplit(".", 1)[1] for rule in RULES if rule.check.__name__ == "check"} | {
        name for name in files if _rule_in(name) in RULES
    }
    assert len(files) == len(RULES)


def _rule_in(name: str) -> Rule:
    module = __import__(f"writ.rules.{name}", fromlist=["RULE"])
    rule: Rule = module.RULE
    return rule


def test_ids_and_names_are_unique_and_in_order() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"[A-Z]{3}\d{3}", id) for id in ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_has_every_section(rule: Rule) -> None:
    heads = re.findall(r"^([A-Z][a-z ]+):$", rule.page, re.MULTILINE)
    assert tuple(heads) == SECTIONS
    assert rule.page.splitlines()[0].endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_two_cases_it_catches_and_two_near_misses(rule: Rule) -> None:
    count = Counter("green" if case.colour == "green" else "caught" for case in cases() if case.rule == rule.id)
    assert count["caught"] >= 2
    assert count["green"] >= 2


def test_no_case_is_without_its_rule() -> None:
    assert {case.rule for case in cases()} <= {rule.id for rule in RULES}
    assert {path.stem for path in CASES.glob("*.yaml")} == {
        path.stem for path in Path(writ.rules.__file__).parent.glob("*.py")
    } - NOT_RULES
