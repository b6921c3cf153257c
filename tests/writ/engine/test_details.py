from __future__ import annotations

from writ.effects import Step
from writ.engine.details import details


def test_each_step_is_a_line_an_operator_can_read() -> None:
    steps = (
        Step(step="validate", outcome="passed"),
        Step(step="execute", outcome="refused", transaction="booking", detail="2 nodes"),
    )
    assert details(steps).splitlines()[2:] == [
        "| 1. validate the input | ✓ |  |",
        "| 5. execute the flow | ✗ refused | booking: 2 nodes |",
    ]


def test_a_detail_cannot_break_the_table() -> None:
    [line] = details((Step(step="audit", outcome="failed", detail="a | b\nc"),)).splitlines()[2:]
    assert line == "| 8. write the audit record | ✗ failed | a \\| b c |"


def test_the_table_fits_what_the_ui_takes() -> None:
    steps = tuple(Step(step="execute", outcome="passed", detail="é" * 300) for _ in range(100))
    assert len(details(steps).encode()) <= 20_000
