"""Where the time of one booking goes: from mark to mark along its way, so that the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import mean, median
from uuid import uuid4

from benchmarks.caller import Answered, Caller
from benchmarks.measures.latency import WRIT_PATH, book
from benchmarks.report import Part
from benchmarks.sizes import Sizes
from benchmarks.stage import Stage

Mark = tuple[str, int]

# Beside the way: the caller's process goes on with the first of them while the run begins.
_BESIDE = frozenset({"start >", "outcome <"})
_STATEMENTS = "transaction: the interpreter between the statements"
UNNAMED = "API: between its parts"
WAYS = {
    ("sent", "app <"): "HTTP: the request comes in",
    ("app <", "token <"): "API: routing",
    ("token <", "token >"): "token check",
    ("request <", "request >"): "API: reading the request",
    ("request >", "admit >"): "admission at the door",
    ("key <", "key >"): "the Idempotency-Key",
    ("start <", "run <"): "Temporal: start, first workflow task, the run begins",
    ("run <", "perform transaction <"): "engine: admission and the first effect",
    ("perform transaction <", "transact <"): "Temporal: to the local activity of the transaction",
    ("transact <", "begin <"): "transaction: digest of the effect, a connection",
    ("begin <", "begin >"): "transaction: begin and claim",
    ("commit <", "commit >"): "transaction: keep the answer and commit",
    ("commit >", "transact >"): "transaction: the connection goes back",
    ("transact >", "perform transaction >"): "Temporal: back from the local activity of the transaction",
    ("perform transaction >", "perform audit <"): "engine: response, output schema, audit record",
    ("perform audit <", "audit <"): "Temporal: to the local activity of the audit",
    ("audit <", "audit >"): "audit: insert",
    ("audit >", "perform audit >"): "Temporal: back from the local activity of the audit",
    ("perform audit >", "run >"): "engine: the end",
    ("run >", "outcome >"): "Temporal: upsert, workflow task completed, result fetched",
    ("outcome >", "app >"): "API: writing the response",
    ("app >", "received"): "HTTP: the answer goes out",
}


def breakdown(stage: Stage, sizes: Sizes) -> dict[str, Sequence[Part]]:
    """The parts of a booking, without and with an Idempotency-Key, each with what stays unexplained and the whole."""
    with stage.server("traced") as served, Caller(served.port) as caller:
        stage.say("following calls from mark to mark")
        for _ in range(sizes.warm_up):
            _followed(stage, caller, keyed=False)
        plain = [_followed(stage, caller, keyed=False) for _ in range(sizes.traced_calls)]
        keyed = [_followed(stage, caller, keyed=True) for _ in range(sizes.traced_calls)]
    return {
        "where the time of a booking goes (the middle third of the calls, means)": _parts(plain),
        "the same with an Idempotency-Key": _parts(keyed),
    }


def _followed(stage: Stage, caller: Caller, *, keyed: bool) -> dict[str, float]:
    caller.get("/marks")
    headers = {"Idempotency-Key": str(uuid4())} if keyed else {}
    answered = book(caller, stage.diary, WRIT_PATH, **headers)
    return along(answered, [(name, moment) for name, moment in caller.get("/marks").body])


def along(answered: Answered, marks: Iterable[Mark]) -> dict[str, float]:
    """Milliseconds of each part of one call; they add up to what its caller waited."""
    way = sorted((mark for mark in marks if mark[0] not in _BESIDE), key=lambda mark: mark[1])
    way = [("sent", answered.sent), *way, ("received", answered.received)]
    found: dict[str, float] = {}
    for (before, began), (after, ended) in pairwise(way):
        part = _part(before, after)
        found[part] = found.get(part, 0.0) + (ended - began) / 1e6
    return found


def _part(before: str, after: str) -> str:
    if before.startswith("sql ") and after == before.replace(" <", " >"):
        return f"transaction: statement, {before.removeprefix('sql ').removesuffix(' <')}"
    if before.startswith(("begin", "sql ")) and after.startswith(("sql ", "commit")):
        return WAYS.get((before, after), _STATEMENTS)
    return WAYS.get((before, after), UNNAMED)


def _parts(calls: Sequence[dict[str, float]]) -> list[Part]:
    typical = _typical(calls)
    names = list(dict.fromkeys(name for call in typical for name in call))
    parts = [Part(name, mean(call.get(name, 0.0) for call in typical)) for name in names]
    whole = median(sum(call.values()) for call in calls)
    rest = whole - sum(part.milliseconds for part in parts)
    return [
        *parts,
        Part("not explained: between the typical calls and the median", rest),
        Part("the whole call", whole),
    ]


def _typical(calls: Sequence[dict[str, float]]) -> Sequence[dict[str, float]]:
    """The middle third by length: their means add up, which the medians of parts with long tails do not."""
    ordered = sorted(calls, key=lambda call: sum(call.values()))
    third = len(ordered) // 3
    return ordered[third : len(ordered) - third]
