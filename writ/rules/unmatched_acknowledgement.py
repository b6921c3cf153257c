"""An acknowledgement accepts something that is not there.

Catches:
    An entry of `acknowledgements.yaml` whose fingerprint no finding of the app has, or whose `rule` is another than the
    finding's. Not told while a tool of the app cannot be judged, or for a rule that compares with a release before
    while none is known.

Dangerous because:
    Somebody decided to accept a risk that the app does not have any longer, or never had. Left standing, the entry
    would one day cover a finding that nobody has looked at.

Avoid:
    acknowledgements:
      # `open_slots` made 200 rows at once; it makes 100 at most by now, and nothing is found there any more
      - finding: 4f1c09d2a7b35e68
        rule: WRT005
        reason: The diary of a month is opened in one go.
        by: anna@example.org
        until: 2027-01-31

Prefer:
    # what was found in `open_slots` was mended, so its entry was taken out: `writ check --fix` does that
    acknowledgements: []

Cannot see:
    Whether the reason given is a good one: that is for the person who reads it. It is yellow because an entry too many
    harms nothing by itself.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.rules.rule import Rule, nothing

RULE = Rule(
    id="ACK001",
    name="unmatched-acknowledgement",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
)
