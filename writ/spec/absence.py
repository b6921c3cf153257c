"""The way out where a value may be absent: it depends on where the expression stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from writ.values import Mistake, ValueType
from writ.values.types import Enumeration

_LONGEST_SHOWN = 80
_PLAIN = re.compile(r"[A-Za-z(](?:[\w.()&|<>=!+*/%-]| (?=\S))*", re.ASCII)
_EXAMPLES: Mapping[str, str] = {
    "text": "''",
    "integer": "0",
    "number": "0.0",
    "boolean": "false",
    "timestamp": "timestamp('2030-01-07T09:00:00Z')",
    "date": "'2030-01-07'",
    "duration": "duration('0s')",
    "money": "{'amount': 0, 'currency': 'EUR'}",
    "list": "[]",
    "anything": "''",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an expression stands: a `guard` that is true or false, a `value`, or alone in a `condition` of a `where`,
    with its operator and the `when` it has already.
    """

    kind: Literal["guard", "value", "condition"]
    operator: str = "equals"
    when: str = ""


VALUE = Standing("value")
GUARD = Standing("guard")


def way_out(mistake: Mistake, mistakes: Sequence[Mistake], source: str, standing: Standing) -> str:
    """What to write instead of `source`, in which `mistake` is one of the `mistakes`."""
    absent = sorted((one for one in mistakes if one.absent), key=lambda one: (one.offset, one.length))
    if not mistake.absent or any(one.bound for one in absent):
        return _instead(mistake, absent, source) if mistake.absent else mistake.help
    chain = " && ".join(dict.fromkeys(f"has({one.absent})" for one in absent))
    if standing.kind == "guard":
        return f"write `{chain} && {_within(source)}`"
    if standing.kind == "condition":
        when = f"{_within(standing.when)} && {chain}" if standing.when else chain
        return f"write `{{{standing.operator}: {_in_yaml(source)}, when: {_in_yaml(when)}}}`"
    return _instead(mistake, absent, source)


def _instead(mistake: Mistake, absent: Sequence[Mistake], source: str) -> str:
    """Another value where there is none. A path through several optional values is replaced as a whole."""
    whole = max((one for one in absent if _leads_to(mistake, one)), key=lambda one: len(one.absent))
    chain = " && ".join(dict.fromkeys(f"has({one.absent})" for one in absent if _leads_to(one, whole)))
    example = _example(whole.type)
    if not example:
        return f"put a `require` with `that: {chain}` before it" if not whole.bound else whole.help
    written = f"{chain} ? {whole.absent} : {example}"
    return f"write `{written}`" if source.strip() == whole.absent else f"write `({written})`"


def _leads_to(start: Mistake, end: Mistake) -> bool:
    return f"{end.absent}.".startswith(f"{start.absent}.")


def _example(type: ValueType | None) -> str:
    if isinstance(type, Enumeration):
        return f"'{type.values[0]}'" if type.values else ""
    return _EXAMPLES.get(type.kind, "") if type else ""


def _within(source: str) -> str:
    """The source as one side of `&&`."""
    source = source.strip()
    if len(source) > _LONGEST_SHOWN:
        return "(…)"
    return f"({source})" if "||" in source or "?" in source else source


def _in_yaml(source: str) -> str:
    source = source.strip()
    if len(source) > _LONGEST_SHOWN:
        return "…"
    return source if _PLAIN.fullmatch(source) else json.dumps(source, ensure_ascii=False)
