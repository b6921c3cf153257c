from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from temporalio.workflow import ActivityHandle

from workflows.perform import _to_its_end


def waiting_for(handle: asyncio.Future[str]) -> asyncio.Task[Any]:
    return asyncio.create_task(_to_its_end(cast("ActivityHandle[Any]", handle)))


async def begun(task: asyncio.Task[Any]) -> None:
    await asyncio.wait({task}, timeout=0)


@pytest.mark.parametrize("cancelled_first", [True, False])
async def test_what_ended_in_the_moment_of_a_cancellation_counts(cancelled_first: bool) -> None:
    handle: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = waiting_for(handle)
    await begun(task)
    if cancelled_first:
        task.cancel()
    handle.set_result("done")
    if not cancelled_first:
        task.cancel()
    assert await task == "done"


async def test_what_failed_in_the_moment_of_a_cancellation_failed() -> None:
    handle: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = waiting_for(handle)
    await begun(task)
    task.cancel()
    handle.set_exception(LookupError())
    with pytest.raises(LookupError):
        await task


async def test_what_was_cancelled_itself_is_cancelled() -> None:
    handle: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = waiting_for(handle)
    await begun(task)
    handle.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
