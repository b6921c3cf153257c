"""Recorded runs of the clinic as files: what Temporal kept of each, and what it takes to run it again."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from writ.digest import digest_of
from writ.effects import Invocation, Outcome, RunFacts
from writ.plan.model import Release
from writ.plan.release import load_release
from writ.program import LoadedRelease, load

RUNS = Path(__file__).parent / "runs"
RELEASES = Path(__file__).parent / "releases"

KINDS = (
    "answered",
    "validate",
    "authorize",
    "policy",
    "require",
    "not_found",
    "wrong_state",
    "conflict",
    "invariant",
    "failed",
)
"""Every way a run can end, each of which has to be recorded."""

_RECORDER = "recorder"


@dataclass(frozen=True)
class Recording:
    """One run: what it was given, how it ended, and its history as Temporal has it."""

    name: str
    release: str
    invocation: Invocation
    facts: RunFacts
    outcome: Outcome
    history: dict[str, Any]

    @property
    def temporal_history(self) -> WorkflowHistory:
        """The history for Temporal's own replay."""
        return WorkflowHistory.from_json(self.facts.id, self.history)

    def write(self) -> None:
        """Keep it: one event a line, so that a new recording can be compared with the old one."""
        head = {
            "release": self.release,
            "invocation": self.invocation.model_dump(mode="json"),
            "facts": self.facts.model_dump(mode="json"),
            "outcome": self.outcome.model_dump(mode="json", exclude_defaults=True),
        }
        lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
        events = ",\n".join(json.dumps(event) for event in self.history["events"])
        text = "{\n" + "\n".join(lines) + '\n"history": {"events": [\n' + events + "\n]}\n}\n"
        (RUNS / f"{self.name}.json").write_text(text, encoding="utf-8")


def recordings() -> list[Recording]:
    """All of them, in order of name."""
    return [_read(file) for file in sorted(RUNS.glob("*.json"))]


def _read(file: Path) -> Recording:
    found = json.loads(file.read_text(encoding="utf-8"))
    return Recording(
        name=file.stem,
        release=found["release"],
        invocation=Invocation.model_validate(found["invocation"]),
        facts=RunFacts.model_validate(found["facts"]),
        outcome=Outcome.model_validate(found["outcome"]),
        history=found["history"],
    )


def release_file(digest: str) -> Path:
    """Where the release with this digest is kept."""
    return RELEASES / f"{digest.removeprefix('sha256:')}.json"


@cache
def release_of(digest: str) -> Release:
    """A recorded release; ValueError where the file is not what its digest says."""
    body = release_file(digest).read_bytes()
    if digest_of(body) != digest:
        raise ValueError(f"`{digest}` is kept with another content")
    return load_release(body)


@cache
def loaded(digest: str) -> LoadedRelease:
    """A recorded release, ready to run."""
    return load(release_of(digest), digest)


def kind_of(recording: Recording) -> str:
    """Which of `KINDS` its outcome is."""
    outcome, refusal = recording.outcome, recording.outcome.refusal
    if refusal is None:
        return outcome.outcome
    release = release_of(recording.release)
    plan = release.tools[recording.invocation.tool]
    if refusal.source in ("validate", "authorize"):
        return refusal.source
    if refusal.source in {policy.name for policy in plan.policies}:
        return "policy"
    if refusal.source in {invariant.name for entity in release.entities.values() for invariant in entity.invariants}:
        return "invariant"
    return "require" if refusal.code in plan.refusals else refusal.code


def scrubbed(history: dict[str, Any]) -> dict[str, Any]:
    """The history without what says where it was recorded: who worked on it, which build, its stack traces."""
    return {"events": [_scrubbed(event) for event in history["events"]]}


_LEFT_OUT = ("workerVersion", "sdkMetadata", "requestId", "stackTrace", "encodedAttributes", "cronSchedule")


def _scrubbed(value: Any) -> Any:
    if isinstance(value, list):
        return [_scrubbed(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("kind") == "TASK_QUEUE_KIND_STICKY":
        return {**value, "name": _RECORDER}
    kept = ((key, each) for key, each in value.items() if key not in _LEFT_OUT)
    return {key: _RECORDER if key == "identity" else _scrubbed(each) for key, each in kept}


def texts(value: Any) -> Iterator[str]:
    """Every text in a history, payloads as what they hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and {"metadata", "data"} <= value.keys():
        yield b64decode(value["data"]).decode()
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)
