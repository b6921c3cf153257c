"""An expression asks for the hour or the day in a time zone by its name.

Catches:
    `getHours`, `getDayOfWeek`, `getFullYear` and the like with a zone such as `'Europe/Berlin'`, or with one that is
    computed. `'UTC'` and a written offset such as `'+01:00'` are fixed.

Dangerous because:
    The rules of a named zone stand in a file of the machine, and governments change them. The same run gives one hour
    on this machine and another on that one, or after the next update.

Avoid:
    - require: by_day
      that: now.getHours('Europe/Berlin') < 18
      else: closed

Prefer:
    - require: by_day
      that: now.getHours('+01:00') < 18
      else: closed

Cannot see:
    Whether an offset is the right one in summer. An author may well know that a machine's zones are kept: that is why
    it is only a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts
from writ.graph.expressions import Placed, every_expression
from writ.rules.rule import Rule
from writ.values.syntax import Call, Literal, Node, walk

_FIXED = re.compile(r"UTC|[+-](?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_CALENDAR = """
getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds
"""
_OF_A_ZONE = frozenset(_CALENDAR.split())


def check(app: AppFacts) -> Iterator[Found]:
    """Questions to a timestamp in a zone that is not fixed, one for each expression."""
    for placed in every_expression(app):
        zones = [zone for zone in _zones(placed.expression.tree) if not _is_fixed(zone)]
        if zones:
            yield _found(placed, zones[0])


def _zones(tree: Node | None) -> Iterator[Node]:
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, Call) and node.function in _OF_A_ZONE:
            yield from node.arguments[:1]


def _is_fixed(zone: Node) -> bool:
    return isinstance(zone, Literal) and _FIXED.fullmatch(str(zone.value)) is not None


def _found(placed: Placed, zone: Node) -> Found:
    named = f"`{zone.value!s}`" if isinstance(zone, Literal) else "a zone that is computed"
    return Found(
        span=placed.expression.span,
        path=placed.path,
        message=f"`{placed.expression.source.strip()}` depends on the rules of {named}, which change",
        help="use `'UTC'` or a fixed offset such as `'+01:00'`",
        witness=("a run computes it with the zones of its machine", "a replay elsewhere, or later, computes another"),
        detail=placed.expression.source.strip(),
    )


RULE = Rule(
    id="DET004",
    name="named-timezone",
    severity=Severity.risk,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
