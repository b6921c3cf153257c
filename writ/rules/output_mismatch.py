"""A run that ends without an answer, or with one that its tool has not promised.

Catches:
    A `respond` whose value is not what the `output` schema says: a part that is required and missing, one that is not
    declared, one of another type; and a flow that can end without `respond` or `refuse`.

Dangerous because:
    Callers are written against the schema. The answer is checked before it leaves, so that the run fails at its very
    end: everything is done, and the caller is told that it went wrong and does it again.

Avoid:
    output:
      type: object
      additionalProperties: false
      required: [order]
      properties: {order: {type: string, format: uuid}}
    flow:
      - respond:
        value: {}

Prefer:
    output:
      type: object
      additionalProperties: false
      required: [order]
      properties: {order: {type: string, format: uuid}}
    flow:
      - respond:
        value: {order: order.id}

Cannot see:
    Bounds such as `maxLength` and `maximum` of the output: whether a text fits is only known when it runs. An
    expression that is wrong in itself is TYP001's.
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.rules.rule import Rule, nothing

RULE = Rule(
    id="TYP004",
    name="output-mismatch",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
    mistakes=frozenset({"no-response", "output-mismatch"}),
    consequence="everything is done, and the caller gets no answer it can use: it will try again",
)
