"""`writ rules` and `writ explain`: the catalogue as people and programs read it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from cli.report.explanation import explanation
from cli.rule_cases import count_cases
from cli.rule_pages import GROUPS, markdown, pages
from tests.cli.conftest import CHECKOUT, Writ
from tests.writ.rules.library import cases
from writ.rules.catalogue import RULES


def test_the_catalogue_as_json_has_every_rule_with_its_page_and_cases(writ: Writ) -> None:
    listed = writ("rules", "--format", "json").json
    assert len(listed) >= 81
    assert [rule["id"] for rule in listed] == [rule.id for rule in RULES]
    for rule in listed:
        assert rule["name"] and rule["summary"]
        assert rule["level"] in ("red", "yellow")
        assert rule["cases"] >= 4
        assert (CHECKOUT / rule["page"]).is_file()


def test_the_cases_of_a_rule_are_those_that_the_tests_run() -> None:
    assert count_cases() == Counter(case.rule for case in cases())


def test_the_catalogue_as_a_table_can_be_narrowed_to_a_level(writ: Writ) -> None:
    red = writ("rules", "--level", "red").out
    assert re.search(r"^PAY001 +payment-in-transaction +red ", red, re.MULTILINE)
    assert "PAY008" not in red
    refused = writ("rules", "--level", "blue")
    assert (refused.code, refused.out) == (2, "")
    assert "`red` or `yellow`" in refused.err


@pytest.mark.parametrize("code", ["PAY001", "pay001", "payment-in-transaction"])
def test_a_page_is_printed_by_id_or_name(writ: Writ, code: str) -> None:
    shown = writ("explain", code)
    assert shown.code == 0
    assert shown.out.startswith("PAY001 payment-in-transaction\nred: blocks")
    for head in ("What it catches", "Why it is dangerous", "Avoid", "Prefer", "What it cannot see"):
        assert f"\n{head}\n" in shown.out
    assert "\x1b" not in shown.out


def test_a_family_is_listed_with_its_names(writ: Writ) -> None:
    for letters in ("pay", "PAY"):
        listed = [line.split() for line in writ("explain", letters).out.splitlines()]
        assert listed[0] == ["ID", "LEVEL", "NAME"]
        assert listed[1:] == [[rule.id, str(rule.colour), rule.name] for rule in RULES if rule.id.startswith("PAY")]
    assert writ("explain", "pa").code == 2


def test_a_page_is_wrapped_to_the_terminal_and_never_wider_than_can_be_read() -> None:
    rule = next(rule for rule in RULES if rule.id == "PAY001")
    for width, longest in ((40, 40), (100, 100), (10_000, 100)):
        lines = [str(line) for line in explanation(rule, width)]
        prose = lines[lines.index("What it catches") : lines.index("Avoid")]
        assert longest - 15 < max(map(len, prose)) <= longest


def test_a_rule_that_does_not_exist_is_wrong_usage(writ: Writ) -> None:
    refused = writ("explain", "PAI001")
    assert refused.code == 2
    assert "did you mean `PAY001`?" in refused.err
    assert "`writ rules` lists them all" in writ("explain", "?").err


def test_the_pages_are_up_to_date() -> None:
    folder = CHECKOUT / "docs" / "rules"
    assert {path.name: path.read_text() for path in folder.glob("*.md")} == dict(pages())


def test_every_group_of_rules_has_its_title() -> None:
    assert {rule.id[:3] for rule in RULES} <= set(GROUPS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_as_markdown_has_the_colour_and_both_examples(rule: object) -> None:
    text = markdown(rule)  # type: ignore[arg-type]
    assert text.count("```yaml\n") == 2
    assert re.search(r"\*\*(Red|Yellow)\*\* \((harm|risk), (certain|likely)\)", text)


def test_completion_offers_the_ids_of_rules() -> None:
    from cli.completion import complete_rule

    assert list(complete_rule("pay00"))[:2] == ["PAY001", "PAY002"]
    assert list(complete_rule("zzz")) == []


def test_the_index_links_every_page() -> None:
    index = (CHECKOUT / "docs" / "rules" / "README.md").read_text()
    assert {Path(name).stem for name in re.findall(r"\]\((\w+\.md)\)", index)} == {rule.id for rule in RULES}
