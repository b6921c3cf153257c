"""A value that may be absent is used as if it were always there.

Catches:
    An optional field or an optional part of the input that an expression reads where nothing before has made sure that
    it is there: no `has(…)` in the same expression, no `require`, no branch that asks for it.

Dangerous because:
    An absent value is no zero and no empty text: the expression fails. The run ends where it stands, perhaps behind a
    payment, because of a row that somebody left half filled in.

Avoid:
    - require: short_enough
      that: size(input.note) < 100
      else: too_long

Prefer:
    - require: short_enough
      that: "!has(input.note) || size(input.note) < 100"
      else: too_long

Cannot see:
    What is known for other reasons than a question with `has`: a row that has a parcel because it is shipped needs a
    question all the same. What a `where` means when one of its conditions does not apply is WRT006's.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.rules.rule import Rule, nothing

RULE = Rule(
    id="TYP003",
    name="nullable-use",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
    mistakes=frozenset({"optional-without-has"}),
    consequence="the value is absent, this cannot be computed, and what the run did before stays",
)
