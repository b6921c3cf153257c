"""Texts that have the form of a credential."""

from __future__ import annotations

import math
import re
from collections import Counter

_KNOWN = (
    ("a key of AWS", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a key of Stripe", re.compile(r"\b(?:[rs]k_(?:live|test)|whsec)_[0-9A-Za-z]{16,}")),
    ("a token of GitHub", re.compile(r"\b(?:gh[oprsu]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,})")),
    ("a token of Slack", re.compile(r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}")),
    ("a key of Google", re.compile(r"\bAIza[0-9A-Za-z_-]{35}")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")),
    ("a signed token", re.compile(r"\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{16,}")),
)
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@{}]+:(?P<value>[^/\s@{}]{3,})@")
_NAMED = re.compile(
    r"\b(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)\b[\"']?\s*[:=]\s*[\"']?"
    r"(?P<value>[0-9A-Za-z+/_!@#$%^&*=-]{10,})(?![0-9A-Za-z.(\[])",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\b(?:Basic|Bearer)\s+(?P<value>[0-9A-Za-z+/_.~=-]{16,})")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LONG_RUN = re.compile(r"(?=[a-zA-Z]*[0-9])[0-9A-Za-z]{20,}")
_LEFT_OUT = "…"
_SHORTEST = len("a://b:cde@")
"""Characters of the shortest text that any of the forms above finds."""
_LEAST_ENTROPY = 3.0
"""Bits a character: what a person repeats lies below, random texts of ten characters and more above."""


def credential_in(text: str) -> str | None:
    """What stands in a text, in words without the credential itself; None where it has the form of none."""
    if len(text) < _SHORTEST:
        return None
    for kind, form in _KNOWN:
        if form.search(text):
            return kind
    if _IN_ADDRESS.search(text):
        return "a password in an address"
    for form in (_NAMED, _HEADER):
        if any(_is_random(found["value"]) for found in form.finditer(text)):
            return "a credential"
    return None


def without_credentials(text: str) -> str:
    """The text with everything that has the form of a credential left out, for messages that quote an author."""
    for _, form in _KNOWN:
        text = form.sub(_LEFT_OUT, text)
    text = _IN_ADDRESS.sub(_hidden, text)
    for form in (_NAMED, _HEADER):
        text = form.sub(lambda found: _hidden(found) if _is_random(found["value"]) else found[0], text)
    return text


def _hidden(found: re.Match[str]) -> str:
    return found[0].replace(found["value"], _LEFT_OUT)


def _is_random(value: str) -> bool:
    """Whether nobody would write it as a word or a name: digits among letters of both cases, or a long run of letters
    and digits; no id, and hardly anything repeated.
    """
    if not any(one.isdigit() for one in value) or _UUID.fullmatch(value) or _entropy(value) < _LEAST_ENTROPY:
        return False
    cases = any(one.islower() for one in value) and any(one.isupper() for one in value)
    return cases or bool(_LONG_RUN.search(value))


def _entropy(value: str) -> float:
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
