"""Calls outside with more than one thing wrong, and the mechanical ways out."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import app_files, check_texts, edited
from writ.findings import Finding
from writ.fixes import apply_fixes
from writ.judgement import judge

TOLD = """
- http: told
  url: "'http://hooks.example.org/shipped'"
  timeouts: {start_to_close: 10s, schedule_to_close: 2m}
  retry: {max_attempts: 1}
- respond:
"""
POLICY = """
timeouts: {start_to_close: 10s, schedule_to_close: 1h}
retry: {max_attempts: 10, initial: 1s, backoff: 2, longest: 5m}
"""


def findings(file: str, old: str, new: str) -> list[Finding]:
    texts = {**app_files("shop"), file: edited(app_files("shop")[file], old, new)}
    checked = check_texts(texts, "shop")
    assert checked.partial is not None
    judgement = judge(checked.partial, checked.problems)
    assert judgement.problems == ()
    return list(judgement.findings)


def test_an_address_that_is_undeclared_and_readable_is_wrong_for_two_reasons() -> None:
    found = findings("tools/ship.yaml", "- respond:\n", TOLD)
    assert [finding.rule for finding in found] == ["EXT005", "EXT006"]
    assert all("told" in finding.message for finding in found)


@pytest.mark.parametrize("written", ["http://{host}", "'http://{host}'", '"http://{host}/v1"'])
def test_the_fix_of_a_readable_address_changes_its_scheme_alone(written: str) -> None:
    line = f"base_url: {written.format(host='parcels.example.org')}"
    found = findings("connectors/carrier.yaml", "base_url: https://api.carrier.example.org\n", line)
    fix = found[0].fix
    assert fix is not None
    (edit,) = fix.edits
    assert (edit.line, edit.end_line) == (3, 3)
    assert line[: edit.column - 1] + edit.text + line[edit.end_column - 1 :] == line.replace("http:", "https:")


def test_a_call_and_its_compensation_without_times_are_two_findings() -> None:
    old = app_files("shop")["tools/ship.yaml"].split("body: {order: order.id}\n")[1].splitlines()[0].strip()
    texts = dict(app_files("shop"))
    texts["tools/ship.yaml"] = texts["tools/ship.yaml"].replace(f"    {old}\n", "")
    texts["tools/ship.yaml"] = edited(texts["tools/ship.yaml"], POLICY, "timeouts: {start_to_close: 10s}\n")
    checked = check_texts(texts, "shop")
    assert checked.app is not None
    found = [finding for finding in judge(checked.app).findings if finding.rule == "EXT001"]
    assert [finding.detail for finding in found] == ["", "compensation"]
    assert len({finding.fingerprint for finding in found}) == 2
    assert "no `schedule_to_close`" in found[1].message


@pytest.mark.parametrize(
    ("file", "line", "rule", "added"),
    [
        (
            "tools/ship.yaml",
            "timeouts: {start_to_close: 10s, schedule_to_close: 2m}",
            "EXT001",
            "    timeouts: {start_to_close: 10s, schedule_to_close: 2m}",
        ),
        (
            "tools/ship.yaml",
            "retry: {max_attempts: 3, initial: 1s, backoff: 2, longest: 30s, not_on: [400]}",
            "EXT002",
            "    retry: {max_attempts: 3, initial: 1s, backoff: 2, longest: 30s, not_on: [400]}",
        ),
    ],
)
def test_the_fix_of_a_missing_policy_adds_one_line(file: str, line: str, rule: str, added: str) -> None:
    texts = {**app_files("shop"), file: edited(app_files("shop")[file], line, "")}
    mended = apply_fixes(findings(file, line, ""), texts)
    assert [finding.rule for finding in mended.applied] == [rule]
    assert added in mended.texts[file].splitlines()
    assert len(mended.texts[file].splitlines()) == len(app_files("shop")[file].splitlines())
    checked = check_texts({**texts, **mended.texts}, "shop")
    assert checked.app is not None
    assert judge(checked.app).findings == ()


def test_no_fix_adds_timeouts_where_some_are_written() -> None:
    written = "body: {order: order.id}\ntimeouts: {start_to_close: 10s, schedule_to_close: none}\n"
    old = "body: {order: order.id}\ntimeouts: {start_to_close: 10s, schedule_to_close: 2m}\n"
    (finding,) = findings("tools/ship.yaml", old, written)
    assert (finding.rule, finding.fix) == ("EXT001", None)


def test_the_fix_of_an_unknown_outcome_parks_the_run() -> None:
    texts = dict(app_files("shop"))
    texts["connectors/payments.yaml"] = texts["connectors/payments.yaml"].replace("    lookup: find\n", "")
    texts["tools/checkout.yaml"] = edited(texts["tools/checkout.yaml"], "on_unknown: park\n", "")
    checked = check_texts(texts, "shop")
    assert checked.app is not None
    mended = apply_fixes(judge(checked.app).findings, texts)
    assert [finding.rule for finding in mended.applied] == ["PAY007"]
    again = check_texts({**texts, **mended.texts}, "shop")
    assert again.app is not None
    assert judge(again.app).findings == ()
