"""Unsafe changes of expressions: what may be missing, what is not there, what nobody can repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.writ.mutation.written import Change, Node, Path, Written, expressions, spelled

_CHOICE = re.compile(r"has\((?P<what>[\w.]+)\) \? (?P<then>[\w.]+) : .+")
_FIELD = re.compile(r"(?<=[a-z_]\.)([a-z_]+)(?![\w(])")


def use_without_has(app: Written) -> Iterator[Change]:
    """`has(x) ? x : y` becomes `x`, and a conjunct `has(x)` is gone."""
    for node, path, text in _all(app):
        if found := _CHOICE.fullmatch(text):
            yield node.put(path, found["then"], of=spelled(path))
        elif " && has(" in text:
            yield node.put(path, re.sub(r" && has\([\w.]+\)", "", text), of=spelled(path))


def compare_with_what_may_be_missing(app: Written) -> Iterator[Change]:
    """A condition that only counts when its value is there counts always."""
    for node in app.nodes("read", "update", "transition", "archive"):
        for field, condition in node.written.get("where", {}).items():
            if isinstance(condition, dict) and "when" in condition:
                yield node.put(("where", field), condition["equals"], of=field)


def has_or_instead_of_and(app: Written) -> Iterator[Change]:
    for node, path, text in _all(app):
        if "has(" in text and " && " in text:
            yield node.put(path, text.replace(" && ", " || "), of=spelled(path))


def misspell_a_field(app: Written) -> Iterator[Change]:
    """The last name of each expression that reads a field."""
    for node, path, text in _all(app):
        names = list(_FIELD.finditer(text))
        if names:
            last = names[-1]
            yield node.put(path, f"{text[: last.start()]}{last[0]}x{text[last.end() :]}", of=spelled(path))


def compare_two_types(app: Written) -> Iterator[Change]:
    for node, path, text in _all(app):
        if " == '" in text:
            yield node.put(path, re.sub(r"== '\w+'", "== 1", text), of=spelled(path))


def depend_on_the_time_zone_of_the_host(app: Written) -> Iterator[Change]:
    for node in app.nodes("require"):
        guard = f"({node.written['that']}) && now.getHours('Europe/Berlin') < 18"
        yield node.having(that=guard)


def depend_on_the_order_of_a_map(app: Written) -> Iterator[Change]:
    for node in app.nodes("require"):
        guard = f"({node.written['that']}) && {{'a': 1, 'b': 2}}.map(key, key)[0] == 'a'"
        yield node.having(that=guard)


def depend_on_what_no_run_keeps(app: Written) -> Iterator[Change]:
    for node in app.nodes("require"):
        for ambient in ("random() < 0.5", "env.MODE == 'live'", "clock() > now"):
            yield node.having(of=ambient.split("(")[0].split(".")[0], that=f"({node.written['that']}) && {ambient}")


def divide_money(app: Written) -> Iterator[Change]:
    """A third of the price, without a word on what happens with the rest."""
    for node in app.nodes("create"):
        for field, text in node.written["set"].items():
            if "'amount': " in text and "'currency'" in text:
                yield node.put(("set", field), text.replace(" * input.quantity", " / 3"), of=field)


def mix_currencies(app: Written) -> Iterator[Change]:
    for node in app.nodes("create"):
        for field, text in node.written["set"].items():
            if "'amount': " in text and "'currency'" in text:
                yield node.put(("set", field), re.sub(r"'currency': [\w.]+", "'currency': 'USD'", text), of=field)


def _all(app: Written) -> Iterator[tuple[Node, Path, str]]:
    for node in app.nodes():
        for path, text in expressions(node):
            yield node, path, text
