"""The page about the safety engine shows what the engine says, and rules of one's own that work."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent
from typing import get_args

import pytest

from cli.report.text import render_findings
from tests.cli.schemas.documents import read, schema_refuses
from tests.docs.language_page import example_documents
from writ.acknowledgements import LONGEST_DAYS
from writ.check import check_app
from writ.judgement import judge
from writ.nodes.facts import Effect
from writ.rules.catalogue import RULES
from writ.spec.design_facts import DESIGN_FACTS, FIELD_FACT

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "safety.md").read_text()
OWN_RULES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
FACTS = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", TEXT, re.MULTILINE))


def shop_with_the_payment_inside() -> dict[str, str]:
    """The shop of the page about the language, its payment moved into the transaction before it."""
    documents = {f"specs/shop/{kind}.yaml": text for kind, text in example_documents("a shop that takes money").items()}
    path = "specs/shop/tools/buy.yaml"
    text = documents.pop("specs/shop/tool.yaml")
    payment = text[text.index("  - payment: charge") : text.index("  - if: is_declined")]
    create = text.index("      - create: order")
    moved = text.replace(payment, "")
    return {
        **documents,
        path: moved[:create] + indent(payment.replace("order.total", "voucher.price"), "    ") + moved[create:],
    }


def test_the_finding_that_is_shown_is_reported_like_that() -> None:
    files = shop_with_the_payment_inside()
    checked = check_app({path: text.encode() for path, text in files.items()}, "shop")
    assert checked.partial is not None
    found = [finding for finding in judge(checked.partial, checked.problems).findings if finding.rule == "PAY001"]
    shown = TEXT.split("```text\n")[1].split("```")[0]
    assert len(found) == 1
    assert render_findings(found, checked.sources, colour=False).strip() == shown.strip()


@pytest.mark.parametrize("text", OWN_RULES, ids=lambda text: text.splitlines()[0])
def test_a_rule_of_ones_own_that_is_shown_works(text: str) -> None:
    assert not schema_refuses(read(text))
    documents = {**example_documents("a shop that takes money"), "own": text}
    checked = check_app({f"{name}.yaml": it.encode() for name, it in documents.items()}, "shop")
    assert checked.problems == ()
    assert checked.app is not None
    assert [rule.id for rule in checked.app.design_rules] == [read(text)["id"]]


def test_a_rule_of_ones_own_finds_what_it_says() -> None:
    documents = {**example_documents("a shop that takes money"), "own": OWN_RULES[0]}
    documents["tool"] = documents["tool"].replace("Order a voucher and pay what it costs.", "Buy.")
    checked = check_app({f"{name}.yaml": it.encode() for name, it in documents.items()}, "shop")
    assert checked.app is not None
    assert [(it.rule, it.path) for it in judge(checked.app).findings] == [("ORG001", "shop.buy")]


@pytest.mark.parametrize("about", sorted(DESIGN_FACTS))
def test_every_fact_that_a_rule_sees_is_named(about: str) -> None:
    named = set(re.findall(r"`(\w+)`", FACTS[about]))
    assert {field.name for field in DESIGN_FACTS[about].fields} <= named


def test_every_word_of_a_fact_is_named() -> None:
    named = set(re.findall(r"`(\w+)`", " ".join(FACTS.values())))
    assert {field.name for field in FIELD_FACT.fields} | set(get_args(Effect)) <= named


def test_what_it_says_of_acknowledgements_is_so() -> None:
    assert 365 <= LONGEST_DAYS <= 366
    assert [str(rule.colour) for rule in RULES if rule.id.startswith("ACK")] == ["yellow", "yellow", "red"]


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([\w/.-]+)(?:#[\w-]+)?\)", TEXT):
        assert (ROOT / "docs" / target).is_file(), target
