"""The activity `transaction`: one PostgreSQL transaction of a run, exactly once however often it is executed."""

from __future__ import annotations

from temporalio import activity
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_random_exponential

from activities.faults import reported
from activities.open_transaction import OpenTransaction
from activities.postgres import Pool
from activities.postgres_errors import Contention, TookTooLong, translated
from writ.effects import Failure, RunTransaction, TransactionAnswer
from writ.engine import answers
from writ.engine.replay import effect_digest
from writ.engine.transaction import Progress, run_transaction
from writ.plan.model import TransactionPlan
from writ.program import LoadedRelease
from writ.refusals import Refused, refusal
from writ.registry import Registry

LARGEST_RESULT = 64 * 1024
"""Bytes of JSON one transaction may hand on: more would be refused by Temporal again and again, after the commit."""

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
        """Run it, or answer as before when it was committed before."""
        with reported():
            try:
                return await transact(self._pool, self._registry.get(effect.release), effect)
            except TookTooLong as failure:
                if activity.info().attempt < _TOO_LONG_ATTEMPTS:
                    raise
                raise Failure("permanent", f"{failure.message}, {_TOO_LONG_ATTEMPTS} times") from failure


async def transact(pool: Pool, release: LoadedRelease, effect: RunTransaction) -> TransactionAnswer:
    """Run a transaction to its commit or its refusal, anew while others are in the way; Failure when the world broke."""
    plan = release.tools[effect.tool].transactions[effect.node]
    digest = effect_digest(effect)
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
        return answers.refused(plan, progress, refusing.refusal, digest, number)
    return answer


def _as_before(stored: str, digest: str) -> TransactionAnswer:
    answer = TransactionAnswer.model_validate_json(stored)
    if answer.effect_digest != digest:
        raise RuntimeError("the run asks for another transaction than the one it committed under this name")
    return answer
