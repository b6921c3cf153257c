"""An acknowledgement does not count, or no longer.

Catches:
    An entry of `acknowledgements.yaml` whose `until` has passed, is no date, or lies more than 366 days ahead, and one
    without a reason in words or without a person. `until` itself is the last day on which it counts, in UTC.

Dangerous because:
    A risk is accepted for a time, for a reason and by a person, so that somebody looks again. Without these, a warning
    would be switched off for ever, and nobody could be asked why.

Avoid:
    acknowledgements:
      - finding: 4f1c09d2a7b35e68
        rule: PAY008
        reason: ""
        by: anna@example.org
        until: 2099-01-01

Prefer:
    acknowledgements:
      - finding: 4f1c09d2a7b35e68
        rule: PAY008
        reason: The sandbox of the carrier moves no money.
        by: anna@example.org
        until: 2027-01-31

Cannot see:
    Whether the person really said so: the history of the file tells who wrote it. Where nobody says what day it is, no
    acknowledgement counts, and this rule is silent about days that may have passed. It is yellow because the finding
    itself, which is open again, is what blocks.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.rules.rule import Rule, nothing

RULE = Rule(
    id="ACK002",
    name="expired-acknowledgement",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
)
