"""`writ check` on the red cases of the rules, as their authors would run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Writ
from tests.writ.rules.library import Case, cases

FIRST_OF_EACH = list({case.rule: case for case in cases() if case.colour == "red" and not case.besides}.values())


@pytest.mark.parametrize("case", FIRST_OF_EACH, ids=lambda case: case.rule)
def test_a_red_case_exits_with_1_and_exactly_its_finding(writ: Writ, folder: Path, case: Case) -> None:
    for path, text in case.texts().items():
        file = folder / case.app / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    checked = writ("check", case.app, "--format", "json")
    assert checked.code == 1
    assert checked.json["problems"] == []
    assert {finding["rule"] for finding in checked.json["findings"] if finding["acknowledged"] is None} == {case.rule}
    assert not checked.json["deployable"]
