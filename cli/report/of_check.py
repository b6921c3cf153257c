"""The result of a check in each of its formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from cli.checked_spec import CheckedSpec
from cli.report.document import Report, ReportedAcknowledgement, reported_finding, reported_problem
from cli.report.github import finding_annotation, problem_annotation
from cli.report.sarif import sarif
from writ.digest import digest
from writ.plan.release import release_digest


def json_report(checked: Sequence[CheckedSpec]) -> Any:
    """What programs read: one report, or the list of them where several apps were checked."""
    reports = [_report(each).model_dump(mode="json") for each in checked]
    return reports[0] if len(reports) == 1 else reports


def sarif_log(checked: Sequence[CheckedSpec]) -> dict[str, Any]:
    """One SARIF log for all apps."""
    problems = [problem for each in checked for problem in each.problems]
    findings = [finding for each in checked for finding in each.judgement.findings]
    accepted = {fingerprint: one for each in checked for fingerprint, one in _accepted(each).items()}
    notes = [part for each in checked for part in each.not_yet]
    return sarif(problems, findings, accepted, version=version("writ"), notes=notes)


def github_annotations(checked: Sequence[CheckedSpec]) -> list[str]:
    """One workflow command for each problem, each part that cannot be run yet, and each finding that nobody has
    acknowledged.
    """
    told = [problem_annotation(problem) for each in checked for problem in each.problems]
    told += [problem_annotation(part, "notice") for each in checked for part in each.not_yet]
    return told + [finding_annotation(finding) for each in checked for finding in each.judgement.open]


def summary(checked: CheckedSpec) -> str:
    """The result in one line."""
    accepted = len(checked.judgement.acknowledged)
    with_accepted = f", {accepted} acknowledged" if accepted else ""
    if checked.passed and checked.judged is not None:
        return f"{checked.folder}: {checked.colour}{with_accepted}{_judged(checked)}, nothing compiled"
    if checked.release is None:
        left = f"{_judged(checked)}{_unjudged(checked)}"
        return f"{checked.folder}: {checked.colour}, {checked.obstacles()}{with_accepted}{left}"
    release = checked.release
    tools, entities = len(release.tools), len(release.entities)
    size = f"{tools} tool{'s' if tools != 1 else ''}, {entities} entit{'ies' if entities != 1 else 'y'}"
    return f"{checked.folder}: {checked.colour}{with_accepted}, {size}, release {release_digest(release)}"


def _judged(checked: CheckedSpec) -> str:
    if checked.judged is None:
        return ""
    return f", {len(checked.judged)} of {checked.tools} tools judged"


def _unjudged(checked: CheckedSpec) -> str:
    names = checked.judgement.unjudged
    if not names:
        return ""
    told = ", ".join(f"`{name}`" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"; judged once mended: {told}"


def _report(checked: CheckedSpec) -> Report:
    accepted = _accepted(checked)
    release = checked.release
    plans = sorted(release.tools.items()) if release else []
    return Report(
        folder=str(checked.folder),
        colour=checked.colour.value,
        deployable=checked.deployable,
        findings=[reported_finding(finding, accepted) for finding in checked.judgement.findings],
        problems=[reported_problem(problem) for problem in checked.problems],
        unjudged=list(checked.judgement.unjudged),
        not_yet=[reported_problem(part) for part in checked.not_yet],
        judged=sorted(checked.judged) if checked.judged is not None else None,
        app=release.app if release else None,
        digest=release_digest(release) if release else None,
        tools={name: digest(plan.model_dump(mode="json")) for name, plan in plans} if release else None,
    )


def _accepted(checked: CheckedSpec) -> Mapping[str, ReportedAcknowledgement]:
    return {
        one.finding.fingerprint: ReportedAcknowledgement(
            reason=one.acknowledgement.reason, by=one.acknowledgement.by, until=one.acknowledgement.until
        )
        for one in checked.judgement.acknowledged
    }
