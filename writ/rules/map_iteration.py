"""An expression goes through the fields of an object, which have no order.

Catches:
    `map`, `filter`, `all`, `exists` and `exists_one` over anything but a typed list: an object, money, or a value of
    which nothing is known.

Dangerous because:
    The fields of an object come in another order in every process. A run that is replayed computes something else than
    it did, and its history no longer explains it.

Avoid:
    - transform: names
      value: input.address.map(part, part)

Prefer:
    - transform: names
      value: "[input.address.street, input.address.town]"

Cannot see:
    Order that comes from elsewhere, such as a read of several rows without `order`: the rows come as the database gives
    them, and the run keeps what it has read.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.rules.rule import Rule, nothing

RULE = Rule(
    id="DET002",
    name="map-iteration",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
    mistakes=frozenset({"map-iteration"}),
    consequence="the parts come in another order when the run is replayed, and it no longer does what it did",
)
