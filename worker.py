"""The worker: composition root of everything that runs tools. `python worker.py`, or `writ worker`."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypeVar

import uvloop
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import GrpcCompression, RPCError, RPCStatusCode, TLSConfig
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.audit import AuditActivities
from activities.postgres import Pool, connect_pool
from activities.reconcile import reconciling
from activities.releases import Releases
from activities.transaction import TransactionActivities
from settings import BadSettings, Settings
from workflows.converter import data_converter_with
from workflows.search_attributes import SEARCH_ATTRIBUTES
from workflows.tool_run import tool_run
from writ.effects import Failure
from writ.registry import Registry

_LOG = logging.getLogger("writ.worker")
_FIRST_WAIT_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 5.0
_GRACE = timedelta(seconds=10)
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_T = TypeVar("_T")


async def connect_temporal(settings: Settings) -> Client:
    """A client as the settings say; RuntimeError or RPCError when the server is not there."""
    address = settings.require_temporal()
    local = address.rsplit(":", 1)[0] in _LOOPBACK
    return await Client.connect(
        address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter_with(settings.keys_of_histories()),
        tls=_tls(settings),
        api_key=settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None,
        # On one machine compressing costs more than sending.
        grpc_compression=GrpcCompression.NONE if local else GrpcCompression.GZIP,
    )


def _tls(settings: Settings) -> TLSConfig | bool:
    if not settings.temporal_uses_tls:
        return False
    files = (settings.temporal_server_ca, settings.temporal_client_cert, settings.temporal_client_key)
    authority, certificate, key = (file.read_bytes() if file else None for file in files)
    return TLSConfig(server_root_ca_cert=authority, client_cert=certificate, client_private_key=key)


async def ensure_search_attributes(client: Client) -> None:
    """Teach the server our search attributes: a run that sets an unknown one would be stuck."""
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace), retry=True
    )
    missing = {
        key.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        for key in SEARCH_ATTRIBUTES
        if key.name not in known.custom_attributes
    }
    if not missing:
        return
    try:
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:  # another worker was quicker
            raise


async def serve(
    settings: Settings,
    *,
    client: Client | None = None,
    pool: Pool | None = None,
    registry: Registry | None = None,
    stop: asyncio.Event | None = None,
    ready: asyncio.Event | None = None,
) -> None:
    """Run tools until `stop` is set (or for ever), then end what was begun, for at most 10 s.

    `client`, `pool` and `registry` are made here unless given, as by a process that is API and worker at once (a given
    registry is filled by whoever gives it). `ready` is set when runs are taken. Waits for engines that are not there.
    """
    stop = stop or asyncio.Event()
    async with AsyncExitStack() as stack:
        ended = asyncio.create_task(stop.wait())
        stack.callback(ended.cancel)
        starting = asyncio.create_task(_start(stack, settings, client, pool, registry))
        await asyncio.wait({ended, starting}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return
        worker = starting.result()
        working = asyncio.create_task(worker.run())
        _LOG.info("taking runs from the task queue `%s`", settings.task_queue)
        if ready is not None:
            ready.set()
        await asyncio.wait({ended, working}, return_when=asyncio.FIRST_COMPLETED)
        _LOG.info("ending")
        await worker.shutdown()
        await working


async def _start(
    stack: AsyncExitStack, settings: Settings, client: Client | None, pool: Pool | None, registry: Registry | None
) -> Worker:
    if client is None:
        client = await _patiently("Temporal", settings.require_temporal(), lambda: connect_temporal(settings))
    await _patiently("Temporal", client.service_client.config.target_host, lambda: ensure_search_attributes(client))
    if pool is None:
        pool = await stack.enter_async_context(_pool(settings))
    if registry is None:
        registry = Registry()
        await stack.enter_async_context(
            Releases(settings.require_database(), registry, encrypts=settings.history_keys is not None)
        )
    await stack.enter_async_context(
        reconciling(client, pool, registry, settings.task_queue, settings.reconcile_seconds)
    )
    return make_worker(client, settings.task_queue, pool, registry)


def make_worker(client: Client, task_queue: str, pool: Pool, registry: Registry) -> Worker:
    """The worker itself, not yet running."""
    transactions, audit = TransactionActivities(pool, registry), AuditActivities(pool)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[tool_run(registry)],
        activities=[transactions.transaction, transactions.cancel_transaction, audit.audit],
        # The interpreter is ours and its determinism is proven by replay; the sandbox would cost 3 ms per run.
        workflow_runner=UnsandboxedWorkflowRunner(),
        # There are local activities only.
        no_remote_activities=True,
        graceful_shutdown_timeout=_GRACE,
    )


@asynccontextmanager
async def _pool(settings: Settings) -> AsyncIterator[Pool]:
    dsn = settings.require_database()
    pool = await _patiently(
        "PostgreSQL",
        "`DATABASE_URL`",
        lambda: connect_pool(dsn, smallest=settings.database_pool_min, size=settings.database_pool_max),
    )
    try:
        yield pool
    finally:
        await pool.close()


async def _patiently(name: str, where: str, connect: Callable[[], Awaitable[_T]]) -> _T:
    """Try until the engine is there; say so once, and again whenever the reason changes."""
    wait, said = _FIRST_WAIT_SECONDS, ""
    while True:
        try:
            return await connect()
        except (Failure, RuntimeError, RPCError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0]
            if reason != said:
                _LOG.warning("%s at %s is not there yet, waiting: %s", name, where, reason)
            said = reason
        await asyncio.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT_SECONDS)


async def _until_signalled(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    await serve(settings, stop=stop)


def main() -> int:
    """Run a worker until SIGTERM or SIGINT; the exit code, 2 for settings that are missing or wrong."""
    try:
        settings = Settings()
        settings.require_temporal()
        settings.require_database()
    except BadSettings as wrong:
        print(wrong, file=sys.stderr)
        return 2
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    uvloop.run(_until_signalled(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
