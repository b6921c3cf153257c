"""Every case of every rule: exactly the expected finding at the decisive line, and nothing for a near miss."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import APPS, EXAMPLES, Case, app_files, cases, check_texts, judged
from writ.judgement import judge


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_a_case_has_exactly_the_expected_findings(case: Case) -> None:
    judgement = judged(case)
    assert judgement.problems == ()
    told = [
        (finding.rule, str(finding.colour), finding.span.file, finding.span.line)
        for finding in judgement.open
        if finding.rule not in case.besides
    ]
    assert {finding.rule for finding in judgement.open} >= set(case.besides)
    assert len(case.decisive_lines()) == (case.count if case.colour != "green" or not case.marks else 1)
    if case.colour == "green":
        assert told == []
    else:
        assert sorted(told) == sorted((case.rule, case.colour, file, line) for file, line in case.decisive_lines())


@pytest.mark.parametrize("case", [case for case in cases() if case.colour == "red"], ids=str)
def test_a_red_finding_says_how_it_goes_wrong_and_the_way_out(case: Case) -> None:
    for finding in judged(case).findings:
        if finding.rule in case.besides:
            continue
        assert finding.witness
        assert all(moment.strip() for moment in finding.witness)
        assert finding.help
        assert finding.path.startswith(f"{case.app}")


@pytest.mark.parametrize("app", APPS | EXAMPLES)
def test_an_app_without_a_mistake_is_green(app: str) -> None:
    checked = check_texts(app_files(app), app)
    assert checked.problems == ()
    assert checked.app is not None
    assert judge(checked.app).findings == ()
