"""Fuzz the checker and the safety engine for as long as asked: `python -m tests.writ.fuzz --minutes 60`.

Every app is judged in two processes with different hash seeds, which must say the same. A seed that fails is printed
and can be tried alone: `python -m tests.writ.fuzz --seed 4711`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.writ.fuzz.apps import APPS, mutant
from tests.writ.fuzz.outcome import answered, complaints, reported

SLOW_SECONDS = 5.0
CHUNK = 200
CHUNK_SECONDS = 1_200


def tried(seed: int) -> dict[str, Any]:
    """What one seed gives: the digest of its reports, the seconds it took, and what is wrong."""
    began = time.process_time()
    wrong: list[str] = []
    digest = ""
    app, texts = mutant(seed)
    try:
        spec = answered(texts, app)
        wrong += complaints(spec)
        digest = hashlib.sha256(reported(spec).encode("utf-8", "surrogatepass")).hexdigest()
    except Exception:
        wrong.append(traceback.format_exc(limit=-12))
    seconds = time.process_time() - began
    if seconds > SLOW_SECONDS:
        wrong.append(f"took {seconds:.1f} s")
    return {"seed": seed, "digest": digest, "wrong": wrong}


def chunk(first: int, hash_seed: str) -> list[dict[str, Any]]:
    """The outcomes of a chunk of seeds, in a process of its own."""
    command = [sys.executable, "-m", "tests.writ.fuzz", "--chunk", str(first)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=CHUNK_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as expired:
        # What was printed before the time was over is given as bytes, whatever was asked for.
        last = bytes(expired.stdout or b"").count(b"\n")
        return [{"seed": first + last, "digest": "", "wrong": ["no answer"]}]
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        outcomes.append({"seed": first + len(outcomes), "digest": "", "wrong": [f"died: {done.stderr[-2000:]}"]})
    return outcomes


def run(first: int, minutes: float, processes: int) -> int:
    """Chunk after chunk until the time is over; the number of seeds that failed."""
    began, tried_so_far, failed = time.monotonic(), 0, 0
    with ThreadPoolExecutor(processes) as pool:
        while time.monotonic() - began < 60 * minutes:
            one, other = pool.map(chunk, (first, first), ("1", "2"))
            digests = {outcome["seed"]: outcome["digest"] for outcome in other}
            for outcome in one:
                if digests.get(outcome["seed"], outcome["digest"]) != outcome["digest"]:
                    outcome["wrong"].append("another answer with another hash seed")
            wrong = {tuple(it["wrong"]): it["seed"] for it in (*one, *other) if it["wrong"]}
            failed += len(set(wrong.values()))
            for told, seed in wrong.items():
                print(f"seed {seed}:", *told, sep="\n  ", flush=True)
            tried_so_far, first = tried_so_far + 2 * len(one), first + CHUNK
            print(f"{tried_so_far} executions, {failed} seeds failed, next {first}", flush=True)
    return failed


def main() -> int:
    """The exit code: 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.writ.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--first", type=int, default=0, help="the seed to begin with")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, help="try this one alone and print its reports")
    parser.add_argument("--chunk", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.seed is not None:
        return _show(chosen.seed)
    if chosen.chunk is None:
        return 1 if run(chosen.first, chosen.minutes, chosen.processes) else 0
    for seed in range(chosen.chunk, chosen.chunk + CHUNK):
        print(json.dumps(tried(seed)), flush=True)
    return 0


def _show(seed: int) -> int:
    app, texts = mutant(seed)
    for path, text in texts.items():
        if text != APPS[app].get(path):
            print(f"--- {path}\n{text}")
    outcome = tried(seed)
    print(*outcome["wrong"], sep="\n")
    return 1 if outcome["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
