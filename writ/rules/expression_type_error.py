"""An expression that the checker refuses: it cannot be read, names what is not there, or mixes types that do not fit.

Catches:
    Expressions with a mistake of syntax, with a name, field or function that does not exist, or with operands of types
    that do not go together, wherever an expression may stand; and fields that an entity does not have.

Dangerous because:
    Each run that comes to it ends there, perhaps with half of its work done: the first transaction has committed, the
    payment was made, and the second transaction can never be computed.

Avoid:
    - require: enough
      that: product.stok >= input.quantity
      else: too_few

Prefer:
    - require: enough
      that: product.stock >= input.quantity
      else: too_few

Cannot see:
    Values of which nothing is known before the run, such as what `dyn(…)` gives: TYP002 tells where they matter.
    Mistakes that have a rule of their own are told by that one: a text that is no state (STM004), an absent value
    (TYP003), an answer that does not fit (TYP004), money (TYP005), maps (DET002), the time or chance (DET003).
"""

from __future__ import annotations

from writ.findings import Confidence, Severity
from writ.graph.mistaken import about_a_contract, about_ambient_values, about_money, about_states
from writ.problems import Problem
from writ.rules.rule import Rule, nothing


def _is_its_own(problem: Problem) -> bool:
    return not any(about(problem) for about in (about_states, about_money, about_ambient_values, about_a_contract))


def _way_out(problem: Problem) -> str:
    return problem.help or "write it with names that are known here, and operands of types that go together"


RULE = Rule(
    id="TYP001",
    name="expression-type-error",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=nothing,
    mistakes=frozenset(
        {
            "expression-syntax",
            "expression-too-long",
            "expression-type",
            "undeclared-value",
            "unknown-field",
            "unknown-function",
            "unknown-name",
        }
    ),
    claims=_is_its_own,
    way_out=_way_out,
    consequence="this cannot be computed: the run ends here, and what it did before stays",
)
