"""An acknowledgement names a red finding.

Catches:
    An entry of `acknowledgements.yaml` with the fingerprint of a finding that is red.

Dangerous because:
    Red is certain harm, and nothing overrides it: no flag, no role and no signature. Whoever reads the entry would
    believe that the matter is settled, while money, data or trust would be lost on the first run.

Avoid:
    acknowledgements:
      - finding: 9a0e41c7d2f86b35
        rule: PAY001
        reason: It has never gone wrong so far.
        by: anna@example.org
        until: 2027-01-31

Prefer:
    - payment: charge
      connector: payments
      operation: charge
      amount: order.total
    - transaction: confirming
      nodes:
        - transition: paid
          entity: Order
          where: {id: order.id}
          to: paid

Cannot see:
    A risk that is accepted somewhere else, in a comment or in somebody's head.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.rules.rule import Rule, nothing

RULE = Rule(
    id="ACK003",
    name="acknowledged-red",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
)
