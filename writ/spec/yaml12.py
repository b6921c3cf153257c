"""What a bare word of YAML means: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).

Ours, because the library follows YAML 1.1, where `NO` is false, `010` is 8 and `12:30:45` is a number of seconds.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from writ.spec.marked import Scalar

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NUMERIC = frozenset("+-.0123456789")
"""What every number begins with."""
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

_WHOLE_RANGE = range(-(2**63), 2**63)
# Longer than any whole number in range, and short enough for int() to be quick.
_DIGITS_AT_MOST = 80


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a bare word stands for; `complaint` says why it cannot be had, and is empty otherwise."""

    value: Scalar
    complaint: str = ""


def meaning(word: str) -> Meaning:
    """The value of an unquoted scalar. A number that is not finite or does not fit 64 bits is 0 and a complaint."""
    if word in _NULL:
        return Meaning(None)
    if word in _BOOLEAN:
        return Meaning(_BOOLEAN[word])
    return _number(word) if word[0] in _NUMERIC else Meaning(word)


def _number(word: str) -> Meaning:
    if _WHOLE.fullmatch(word):
        return _whole(word, 10)
    if _OCTAL.fullmatch(word):
        return _whole(word[2:], 8)
    if _HEXADECIMAL.fullmatch(word):
        return _whole(word[2:], 16)
    if _DECIMAL.fullmatch(word):
        return _decimal(word)
    if _NOT_FINITE.fullmatch(word):
        return Meaning(0, "is not a finite number")
    return Meaning(word)


def _whole(digits: str, base: int) -> Meaning:
    number = int(digits, base) if len(digits) <= _DIGITS_AT_MOST else None
    if number is None or number not in _WHOLE_RANGE:
        return Meaning(0, "does not fit a whole number of 64 bits")
    return Meaning(number)


def _decimal(word: str) -> Meaning:
    number = float(word)
    if math.isinf(number):
        return Meaning(0, "is larger than a number can be")
    return Meaning(number)
