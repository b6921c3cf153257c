"""How long a booking takes, against the same by other means: rounds of each in turn, on the same machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from itertools import chain
from statistics import median, quantiles
from uuid import uuid4

from benchmarks.caller import Answered, Caller
from benchmarks.diary import Diary
from benchmarks.report import Figure
from benchmarks.sizes import Sizes
from benchmarks.stage import Served, Stage

WRIT_PATH = "/clinic/appointments"
RIVAL_PATH = "/appointments"

Call = Callable[[], float]
Rounds = dict[str, list[list[float]]]


def latency(stage: Stage, sizes: Sizes, writ: Served, handwritten: Served) -> list[Figure]:
    """Writ, the hand-written workflow, an empty one, and the naive design with a Temporal server of its own."""
    with ExitStack() as stack:
        naive = stack.enter_context(stage.server("naive", stack.enter_context(stage.temporal_as_it_comes())))
        callers = [stack.enter_context(Caller(served.port)) for served in (writ, handwritten, naive)]
        calls = _calls(stage.diary, *callers)
        stage.say("calls in turn: writ, hand-written, empty, naive")
        found = _in_turn(calls, sizes)
    return _figures(found)


def book(caller: Caller, diary: Diary, path: str, **headers: str) -> Answered:
    """One booking."""
    wish = diary.wish()
    return caller.post(path, wish.token, wish.body, **headers)


def _calls(diary: Diary, writ: Caller, handwritten: Caller, naive: Caller) -> dict[str, Call]:
    token = diary.wish().token
    return {
        "writ": lambda: book(writ, diary, WRIT_PATH).milliseconds,
        "handwritten": lambda: book(handwritten, diary, RIVAL_PATH).milliseconds,
        "with_key": lambda: book(writ, diary, WRIT_PATH, **{"Idempotency-Key": str(uuid4())}).milliseconds,
        "empty": lambda: float(handwritten.post("/empty", token, {}).body["milliseconds"]),
        "naive": lambda: book(naive, diary, RIVAL_PATH).milliseconds,
    }


def _in_turn(calls: dict[str, Call], sizes: Sizes) -> Rounds:
    for name, call in calls.items():
        for _ in range(sizes.warm_up if name != "naive" else sizes.naive_calls_per_round):
            call()
    found: Rounds = {name: [] for name in calls}
    for number in range(sizes.rounds):
        # Nobody is always the first.
        order = list(calls) if number % 2 == 0 else list(reversed(calls))
        for name in order:
            count = sizes.naive_calls_per_round if name == "naive" else sizes.calls_per_round
            found[name].append([calls[name]() for _ in range(count)])
    return found


def _figures(found: Rounds) -> list[Figure]:
    every = {name: list(chain.from_iterable(rounds)) for name, rounds in found.items()}
    middle = {name: median(values) for name, values in every.items()}
    return [
        Figure("booking_p50", "booking over HTTP, p50", middle["writ"], "ms"),
        Figure("booking_p95", "booking over HTTP, p95", p95(every["writ"]), "ms"),
        Figure("booking_with_key_p50", "booking with an Idempotency-Key, p50", middle["with_key"], "ms"),
        Figure("handwritten_p50", "hand-written booking over HTTP, p50", middle["handwritten"], "ms"),
        Figure("handwritten_p95", "hand-written booking over HTTP, p95", p95(every["handwritten"]), "ms"),
        Figure("booking_to_handwritten", "booking / hand-written", _ratio(found["writ"], found["handwritten"]), "×"),
        Figure("empty_p50", "empty workflow, start to result, p50", middle["empty"], "ms"),
        Figure("booking_over_empty", "booking - empty workflow", middle["writ"] - middle["empty"], "ms"),
        Figure("naive_p50", "naive booking over HTTP, p50", middle["naive"], "ms"),
        Figure("naive_to_booking", "naive / booking", _ratio(found["naive"], found["writ"]), "×"),
    ]


def _ratio(above: list[list[float]], below: list[list[float]]) -> float:
    """The median of the ratios of the rounds: each round compares what was measured within the same second or two."""
    return median(median(first) / median(second) for first, second in zip(above, below, strict=True))


def p95(values: list[float]) -> float:
    """The time that 95 of 100 calls stay below."""
    return quantiles(values, n=20, method="inclusive")[-1]
