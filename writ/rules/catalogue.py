"""Every rule of the safety engine, in one visible tuple, in the order of their ids."""

from __future__ import annotations

from writ.rules import payment_in_transaction
from writ.rules.rule import Rule

RULES: tuple[Rule, ...] = (payment_in_transaction.RULE,)
