"""A state is compared with a text that is none of the states.

Catches:
    A text that stands where one of the states of an entity must stand: in a comparison, a `where`, a list that is
    looked through, a case of a `switch`, in a tool, a policy or an invariant.

Dangerous because:
    The comparison is the same in every run: a check that can never hold refuses everybody, one that always holds lets
    everybody pass, and a `where` finds no row, all of it without a word.

Avoid:
    - require: is_paid
      that: order.state == 'payed'
      else: not_paid

Prefer:
    - require: is_paid
      that: order.state == 'paid'
      else: not_paid

Cannot see:
    A state that is compared with a text made while the run goes on, such as one of the input: that is looked at when it
    runs. Where a text is moved to, and not compared, STM001 speaks.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.graph.mistaken import about_states
from writ.rules.rule import Rule, nothing

RULE = Rule(
    id="STM004",
    name="bad-state-literal",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
    mistakes=frozenset({"undeclared-value"}),
    claims=about_states,
    consequence="the comparison has the same outcome in every run, because no row is ever in that state",
)
