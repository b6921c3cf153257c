"""Strict replay: a recorded run again, through today's interpreter, every effect compared with the recorded one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from writ.digest import digest
from writ.effects import Answer, Audited, Invocation, Outcome, RecordAudit, RunFacts, RunTransaction
from writ.engine.run import run
from writ.program import LoadedRelease


class Diverged(Exception):
    """The interpreter asked for something else than when the run was recorded: `number` counts effects from 1."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"effect {number}: {reason}")
        self.number = number
        self.reason = reason


def effect_digest(effect: RunTransaction | RecordAudit) -> str:
    """What an effect is recognised by: the digest of its canonical JSON; it stands in the answer, so in the history."""
    return digest(effect.model_dump(mode="json"))


async def replay(
    release: LoadedRelease, invocation: Invocation, facts: RunFacts, recorded: Sequence[Answer]
) -> Outcome:
    """Run again over recorded answers; the outcome, or Diverged at the first effect that is not the recorded one."""
    given = _Recorded(recorded)
    outcome = await run(release, invocation, given.perform, facts)
    given.finish()
    return outcome


class _Recorded:
    def __init__(self, recorded: Sequence[Answer]) -> None:
        self._left: Iterator[Answer] = iter(recorded)
        self._number = 0
        self._diverged: Diverged | None = None

    async def perform(self, effect: RunTransaction | RecordAudit) -> Answer:
        if self._diverged is None:
            self._number += 1
            answer = next(self._left, None)
            self._diverged = self._compare(effect, answer)
            if self._diverged is None and answer is not None:
                return answer
        # The interpreter audits whatever happens to it, this too, so the first difference is kept and raised again.
        assert self._diverged is not None  # noqa: S101
        raise self._diverged

    def _compare(self, effect: RunTransaction | RecordAudit, answer: Answer | None) -> Diverged | None:
        if answer is None:
            return Diverged(self._number, f"`{_named(effect)}` was not asked for when the run was recorded")
        if isinstance(answer, Audited) is not isinstance(effect, RecordAudit):
            return Diverged(self._number, f"`{_named(effect)}` stands where the record has another kind of effect")
        if answer.effect_digest != effect_digest(effect):
            return Diverged(self._number, f"`{_named(effect)}` is not the same as when the run was recorded")
        return None

    def finish(self) -> None:
        """Diverged where the record goes on and the interpreter does not."""
        if next(self._left, None) is not None:
            raise Diverged(self._number + 1, "the recorded run asked for more")


def _named(effect: RunTransaction | RecordAudit) -> str:
    return effect.node if isinstance(effect, RunTransaction) else effect.kind
