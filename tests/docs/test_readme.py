"""What the README shows is what a reader gets."""

from __future__ import annotations

from pathlib import Path

from cli.report.text import render_findings
from cli.tour.unsafe_specs import UNSAFE, unsafe_text
from writ.check import check_app
from writ.judgement import judge

ROOT = Path(__file__).parents[2]


def test_the_finding_that_is_shown_is_reported_like_that() -> None:
    payment = UNSAFE[0]
    files = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "specs" / "clinic").rglob("*.yaml")}
    name = f"specs/clinic/tools/{payment.tool}.yaml"
    files |= {name: unsafe_text(payment, files[name]), "specs/clinic/connectors/payments.yaml": payment.connector}
    checked = check_app({path: text.encode() for path, text in files.items()}, "clinic")
    assert checked.partial is not None
    judgement = judge(checked.partial, checked.problems)
    shown = (ROOT / "README.md").read_text().split("```text\n")[1].split("```")[0]
    assert render_findings(judgement.findings, checked.sources, colour=False).strip() == shown.strip()
