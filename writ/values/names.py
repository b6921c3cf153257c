"""Which names an expression can mean."""

from __future__ import annotations

import re

from writ.values.dialect import RESERVED

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def selectable(name: str) -> bool:
    """Whether an expression can name a field or variable called so."""
    return bool(_IDENTIFIER.fullmatch(name)) and name not in RESERVED
