"""The activity `transaction`: one PostgreSQL transaction of a run, decided once however often it is executed."""

from __future__ import annotations

from temporalio import activity
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from activities.faults import reported
from activities.open_transaction import OpenTransaction, stored_answer
from activities.postgres import Pool
from activities.postgres_errors import Contention, TookTooLong, translated
from activities.run_id import RunIdReused
from writ.effects import Bug, Failure, RunTransaction, TransactionAnswer
from writ.engine import answers
from writ.engine.replay import effect_digest
from writ.engine.transaction import Progress, run_transaction
from writ.plan.model import TransactionPlan
from writ.program import LoadedRelease
from writ.refusals import Refused, refusal
from writ.registry import Registry

LARGEST_RESULT = 64 * 1024
"""Bytes of JSON one transaction may hand on: more Temporal would refuse again and again, after the commit."""

_ATTEMPTS = 10
_TOO_LONG_ATTEMPTS = 5
_ACQUIRE_SECONDS = 10


class TransactionActivities:
    """Runs transactions of the releases in `registry` on connections of `pool`."""

    def __init__(self, pool: Pool, registry: Registry) -> None:
        self._pool = pool
        self._registry = registry

    @activity.defn(name="transaction")
    async def transaction(self, effect: RunTransaction) -> TransactionAnswer:
        """Run it, or answer as before when it was decided before."""
        with reported():
            last = activity.info().attempt >= _TOO_LONG_ATTEMPTS
            return await transact(self._pool, self._registry.get(effect.release), effect, last_attempt=last)

    @activity.defn(name="cancel_transaction")
    async def cancel_transaction(self, effect: RunTransaction) -> TransactionAnswer:
        """Decide that it is not run, unless it was decided before."""
        with reported():
            plan = _plan(self._registry.get(effect.release), effect)
            return await _decide(self._pool, effect, answers.cancelled(plan, effect_digest(effect)))


async def transact(
    pool: Pool, release: LoadedRelease, effect: RunTransaction, *, last_attempt: bool = False
) -> TransactionAnswer:
    """Run a transaction to its commit, its refusal or its failure for good, anew while others are in the way.

    Raises Failure when the world broke and the same effect should be tried again, RunIdReused where another run has
    the id. One that took too long on its
    `last_attempt` fails for good.
    """
    digest = effect_digest(effect)
    try:
        answer = await _until_decided(pool, release, effect, digest)
    except RunIdReused:
        raise
    except Failure as failure:
        if failure.kind == "retryable" and not (last_attempt and isinstance(failure, TookTooLong)):
            raise
        answer = answers.failed(_plan(release, effect), failure.message, digest)
    return answer if answer.outcome == "committed" else await _decide(pool, effect, answer)


def _plan(release: LoadedRelease, effect: RunTransaction) -> TransactionPlan:
    return release.tools[effect.tool].transactions[effect.node]


async def _until_decided(pool: Pool, release: LoadedRelease, effect: RunTransaction, digest: str) -> TransactionAnswer:
    plan = _plan(release, effect)
    try:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Contention),
            stop=stop_after_attempt(_ATTEMPTS) | stop_after_delay(plan.timeout_ms / 1000),
            wait=wait_random_exponential(multiplier=0.005, max=0.25),
            reraise=True,
        ):
            with attempt:
                return await _attempt(pool, plan, release, effect, digest, attempt.retry_state.attempt_number)
    except Contention as contention:
        raise Failure("retryable", f"others were in the way of `{plan.name}` too often") from contention
    raise AssertionError("the retries end by a return or a raise")


async def _attempt(
    pool: Pool, plan: TransactionPlan, release: LoadedRelease, effect: RunTransaction, digest: str, number: int
) -> TransactionAnswer:
    with translated():
        connection = await pool.acquire(timeout=_ACQUIRE_SECONDS)
    database = OpenTransaction(connection, plan, effect)
    try:
        stored = await database.begin()
        if stored is not None:
            return _as_before(stored, digest)
        return await _run(plan, release, effect, database, digest, number)
    finally:
        with translated():
            await database.roll_back_if_open()
            await pool.release(connection)


async def _run(
    plan: TransactionPlan,
    release: LoadedRelease,
    effect: RunTransaction,
    database: OpenTransaction,
    digest: str,
    number: int,
) -> TransactionAnswer:
    progress = Progress()
    try:
        values = await run_transaction(plan, release, effect, database, progress)
        answer = answers.committed(plan, progress, values, digest, number)
        text = answer.model_dump_json(exclude_defaults=True)
        if len(text.encode()) > LARGEST_RESULT:
            raise Refused(refusal("result_too_large", plan.name, release.tools[effect.tool].plan.refusals))
        await database.commit(text)
    except Refused as refusing:
        return answers.refused(plan, progress, refusing, digest, number)
    return answer


async def _decide(pool: Pool, effect: RunTransaction, answer: TransactionAnswer) -> TransactionAnswer:
    """Keep the answer of what was rolled back: after a crash the run must find the one that its audit row tells of."""
    text = answer.model_dump_json(exclude_defaults=True)
    stored = await stored_answer(pool, effect, text)
    return answer if stored == text else _as_before(stored, answer.effect_digest)


def _as_before(stored: str, digest: str) -> TransactionAnswer:
    answer = TransactionAnswer.model_validate_json(stored)
    if answer.effect_digest != digest:
        raise Bug("the run asks for another transaction than the one it decided under this name")
    return answer
