"""Apps gone wrong on purpose: documents of shipped apps, changed in their structure, their values and their text."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import TypeAlias

import yaml

from writ.spec.marked import Plain
from writ.spec.reader import read_document

_Place: TypeAlias = tuple[list[Plain] | dict[str, Plain], int | str]
"""Where a value stands: what holds it, and at which key or index."""

_TOKEN = re.compile(r"[A-Za-z_]+|\d+|[{}\[\]:,.'\"]|\s+")
_CEL_TOKEN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|\d+|'[^']*'|[=!<>&|]{1,2}|\S|\s+")

HOSTILE: tuple[Plain, ...] = (
    None, True, False, 0, -1, 1, 10**18, 2**63, 1.5, -0.0, "", " ", "\t", "\n", "null", "'", '"', "''", "'x'", "{", "}",
    "[]", "{}", "[", "a b", "id", "state", "now", "input", "principal", "principal.subject", "this", "count", "item",
    "input.nothing", "*", "/", "//", "http://x", "https://{host}/x", "0 0 31 2 *", "99999h", "0s", "-5m", "1e999",
    "\u202e\u202e", "ä", "名前", "\U0001f4a5", "a\u0301", "x" * 300, "(" * 200 + ")" * 200, "1/0", "[1, 2][5]",
    "dyn(input)", "input == input", "has(input.x)", "has(input)", "[1].map(x, [1].map(y, x))", "{'a': {'a': 1}}.a",
    "input.all(k, true)", "timestamp('x')", "duration('5m')", "now + duration('99999999h')", "''.matches('(')",
    "size(input)", "type(now)", "b'x'", "1u", "9223372036854775807 + 1", "true ? 1 : 'x'", "[[[]]]", "{1: 2}",
    [], {}, [None], {"a": {"a": {"a": None}}}, [[[[]]]], {"": ""}, {"type": "object"}, {"type": "array"},
    {"amount": 1, "currency": "EUR"}, "read", "create", "payment", "transaction", "own", "all", "system", "customer",
    "transaction: x", "UPDATE x SET y = 1", "{{x}}", "${x}", "%s", "..", "../../etc", "a" * 64, "A", "_", "__x", "1a",
)  # fmt: skip

_OPERATORS = ("==", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%", " in ", "?", ":", ".", ",")


class Mutation:
    """Changes one app, always in the same way for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def of(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The app with one to six changes, most of them of structure."""
        files = dict(texts)
        for _ in range(self._chance.randint(1, 6)):
            path = self._chance.choice(sorted(files))
            if self._chance.random() < 0.03:
                self._change_files(files, path)
            elif self._chance.random() < 0.2:
                files[path] = self._in_text(files[path])
            else:
                files[path] = self._in_structure(files[path], files)
        return files

    def _change_files(self, files: dict[str, str], path: str) -> None:
        if self._chance.random() < 0.5 and len(files) > 1:
            del files[path]
        else:
            files[path.replace(".yaml", "_again.yaml")] = files[path]

    def _in_structure(self, text: str, files: Mapping[str, str]) -> str:
        whole = _plain(text)
        places = _places(whole)
        if not isinstance(whole, dict) or not places:
            return self._in_text(text)
        holder, key = self._chance.choice(places)
        self._changed(holder, key, files)
        flow = self._chance.choice((False, False, None, True))
        return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, default_flow_style=flow, width=100)

    def _changed(self, holder: list[Plain] | dict[str, Plain], key: int | str, files: Mapping[str, str]) -> None:
        value = _at(holder, key)
        match self._chance.randrange(9):
            case 0:
                _remove(holder, key)
            case 1:
                _put(holder, key, self._chance.choice(HOSTILE))
            case 2:
                _put(holder, key, self._part_of(files))
            case 3:
                self._twice(holder, key, value)
            case 4:
                self._renamed(holder, key)
            case 5:
                keys: list[int | str] = [*holder] if isinstance(holder, dict) else [*range(len(holder))]
                other = self._chance.choice(keys)
                theirs = _at(holder, other)
                _put(holder, other, value)
                _put(holder, key, theirs)
            case 6:
                _put(holder, key, self._chance.choice(([value], {"x": value}, [value, value], {str(key): value})))
            case _ if isinstance(value, str):
                _put(holder, key, self._expression(value, files))
            case _:
                _put(holder, key, self._part_of(files))

    def _twice(self, holder: list[Plain] | dict[str, Plain], key: int | str, value: Plain) -> None:
        if isinstance(holder, list) and isinstance(key, int):
            holder.insert(self._chance.randrange(len(holder) + 1), value)
        elif isinstance(holder, dict):
            holder[f"{key}_{self._chance.randrange(3)}"] = value

    def _renamed(self, holder: list[Plain] | dict[str, Plain], key: int | str) -> None:
        if not isinstance(holder, dict):
            return
        named = self._chance.choice([word for word in HOSTILE if isinstance(word, str)])
        entries = [(named if name == key else name, value) for name, value in holder.items()]
        holder.clear()
        holder.update(entries)

    def _part_of(self, files: Mapping[str, str]) -> Plain:
        """A value from anywhere in the app, as a copy."""
        places = _places(_plain(files[self._chance.choice(sorted(files))]))
        if not places:
            return None
        return _at(*self._chance.choice(places))

    def _expression(self, text: str, files: Mapping[str, str]) -> str:
        tokens = _CEL_TOKEN.findall(text) or [""]
        at = self._chance.randrange(len(tokens))
        other = self._part_of(files)
        words = _CEL_TOKEN.findall(other) if isinstance(other, str) else []
        match self._chance.randrange(6):
            case 0:
                del tokens[at]
            case 1:
                tokens[at] = self._chance.choice(words or [""])
            case 2:
                tokens[at] = self._chance.choice(_OPERATORS)
            case 3:
                return f"({text}) {self._chance.choice(_OPERATORS)} ({other})"
            case 4:
                return self._chance.choice(("!({0})", "[{0}]", "has({0})", "size({0})", "({0}).map(x, x)", "-({0})",
                                            "string({0})", "{{'a': {0}}}", "({0}) ? ({0}) : ({0})",
                                            "[{0}].exists(x, x == {0})",
                                            "dyn({0})", "'{0}'")).replace("{0}", text)  # fmt: skip
            case _:
                tokens.insert(at, tokens[self._chance.randrange(len(tokens))])
        return "".join(tokens)

    def _in_text(self, text: str) -> str:
        lines = text.splitlines(keepends=True) or [""]
        at, other = self._chance.randrange(len(lines)), self._chance.randrange(len(lines))
        match self._chance.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines[at], lines[other] = lines[other], lines[at]
            case 2:
                lines[at:at] = lines[min(at, other) : max(at, other) + 1]
            case 3:
                lines[at] = "  " + lines[at] if self._chance.random() < 0.5 else lines[at].removeprefix("  ")
            case 4:
                lines[at] = lines[at][: self._chance.randrange(len(lines[at]) + 1)] + "\n"
            case _:
                tokens = _TOKEN.findall(lines[at]) or [""]
                tokens[self._chance.randrange(len(tokens))] = self._chance.choice([*_TOKEN.findall(lines[other]), ""])
                lines[at] = "".join(tokens)
        return "".join(lines)


def _plain(text: str) -> Plain:
    document = read_document(text.encode("utf-8", "replace"), "x.yaml").document
    return document.plain() if document is not None else None


def _places(value: Plain) -> list[_Place]:
    found: list[_Place] = []
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as entries:
                found += [(entries, key) for key in entries]
                waiting += entries.values()
            case list() as items:
                found += [(items, index) for index in range(len(items))]
                waiting += items
    return found


def _at(holder: list[Plain] | dict[str, Plain], key: int | str) -> Plain:
    if isinstance(holder, dict):
        return holder[str(key)]
    return holder[int(key)]


def _put(holder: list[Plain] | dict[str, Plain], key: int | str, value: Plain) -> None:
    if isinstance(holder, dict):
        holder[str(key)] = value
    else:
        holder[int(key)] = value


def _remove(holder: list[Plain] | dict[str, Plain], key: int | str) -> None:
    if isinstance(holder, dict):
        del holder[str(key)]
    else:
        del holder[int(key)]
