"""A credential in a spec is told, and repeated by no message of any format."""

from __future__ import annotations

import json

import pytest

from cli.report.document import reported_finding, reported_problem
from cli.report.github import finding_annotation, problem_annotation
from cli.report.sarif import sarif
from cli.report.text import render_findings, render_problems
from tests.writ.rules.library import app_files, check_texts
from writ.discretion import hidden_lines
from writ.judgement import judge

KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
PLACES = [
    ("connectors/carrier.yaml", "secret: carrier_key", f"secret: {KEY}"),
    ("connectors/carrier.yaml", "description: Brings parcels.", f"description: The key is {KEY}"),
    ("connectors/carrier.yaml", "base_url: https://", f"base_url: https://user:{KEY}@"),
    ("tools/ship.yaml", "body: {order: order.id}", f"body: {{order: \"'{KEY}'\"}}"),
    ("tools/ship.yaml", "that: order.state == 'paid'", f"that: order.state == '{KEY}'"),
]


@pytest.mark.parametrize(("file", "old", "new"), PLACES, ids=[f"{file} {old}" for file, old, _ in PLACES])
def test_no_format_repeats_a_credential(file: str, old: str, new: str) -> None:
    texts = dict(app_files("shop"))
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new)
    checked = check_texts(texts, "shop")
    assert checked.partial is not None
    judgement = judge(checked.partial, checked.problems)
    hidden = hidden_lines(judgement.findings)
    assert "DAT001" in {finding.rule for finding in judgement.findings}
    told = [
        render_problems(judgement.problems, checked.sources, colour=False, hidden=hidden),
        render_findings(judgement.findings, checked.sources, colour=False),
        json.dumps([reported_finding(finding).model_dump(mode="json") for finding in judgement.findings]),
        json.dumps([reported_problem(problem).model_dump(mode="json") for problem in judgement.problems]),
        json.dumps(sarif(judgement.problems, judgement.findings, {}, version="0")["runs"][0]["results"]),
        *map(problem_annotation, judgement.problems),
        *map(finding_annotation, judgement.findings),
    ]
    for text in told:
        assert "4ec39" not in text.lower().replace("_", "")
