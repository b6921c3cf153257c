"""An expression asks for the time, for chance or for the environment, and not for what the run was given.

Catches:
    Functions and names such as `now()`, `today()`, `time`, `random()`, `uuid()`, `env` and `getenv()`, which the
    language does not have on purpose.

Dangerous because:
    A run is replayed years later to explain what it did. What changes from one moment or one machine to the next gives
    another result then: another price, another key, a second payment.

Avoid:
    - require: in_time
      that: slot.starts_at > now()
      else: too_late

Prefer:
    - require: in_time
      that: slot.starts_at > now
      else: too_late

Cannot see:
    Values that a service outside makes up: the history keeps them, so that a replay has them again. `now` and `run.id`
    are fixed when a run starts.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.graph.mistaken import about_ambient_values
from writ.problems import Problem
from writ.rules.rule import Rule, nothing


def _way_out(problem: Problem) -> str:
    return "take `now`, when the run started, or `run.id`, which is its own; anything else comes with the input"


RULE = Rule(
    id="DET003",
    name="ambient-value",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
    mistakes=frozenset({"unknown-function", "unknown-name"}),
    claims=about_ambient_values,
    way_out=_way_out,
    consequence="a replay of this run would compute something else; `now` and `run.id` stay the same",
)
