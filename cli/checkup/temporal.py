"""Temporal: the server, its namespace, our search attributes, and whether workers take runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

from cli.checkup.found import Found, note, well, wrong

if TYPE_CHECKING:
    from temporalio.client import Client

    from settings import Settings

_PATIENCE = timedelta(seconds=5)


async def temporal(settings: Settings) -> AsyncIterator[Found]:
    """Temporal as the settings find it."""
    from temporalio.service import RPCError

    from worker import connect_temporal

    address = settings.require_temporal()
    try:
        client = await connect_temporal(settings)
    except (RuntimeError, OSError) as error:
        reason = str(error).splitlines()[0]
        yield wrong(
            f"Temporal does not answer at {address}: {reason}", "is it running, and is `TEMPORAL_ADDRESS` right?"
        )
        return
    try:
        yield await _server(client, address)
        yield await _namespace(client)
        yield await _search_attributes(client)
        yield await _workers(client, settings.task_queue)
    except RPCError as error:
        yield wrong(f"Temporal at {address} answers {error.status.name.lower()}: {error.message}", _way_out(settings))


def _way_out(settings: Settings) -> str:
    return f"is there a namespace `{settings.temporal_namespace}` (`WRIT_TEMPORAL_NAMESPACE`), and may we use it?"


async def _server(client: Client, address: str) -> Found:
    from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

    info = await client.workflow_service.get_system_info(GetSystemInfoRequest(), timeout=_PATIENCE)
    return well(f"Temporal {info.server_version} at {address}")


async def _namespace(client: Client) -> Found:
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

    request = DescribeNamespaceRequest(namespace=client.namespace)
    described = await client.workflow_service.describe_namespace(request, timeout=_PATIENCE)
    days = described.config.workflow_execution_retention_ttl.ToTimedelta().days
    return well(
        f"the namespace `{client.namespace}` keeps runs for {days} day{'s' if days != 1 else ''} after their end"
    )


async def _search_attributes(client: Client) -> Found:
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

    from workflows.search_attributes import SEARCH_ATTRIBUTES

    request = ListSearchAttributesRequest(namespace=client.namespace)
    listed = await client.operator_service.list_search_attributes(request, timeout=_PATIENCE)
    missing = [key.name for key in SEARCH_ATTRIBUTES if key.name not in listed.custom_attributes]
    if missing:
        return wrong(
            f"the search attributes {', '.join(missing)} are missing", "a worker that starts makes them, if it may"
        )
    return well("the search attributes are there")


async def _workers(client: Client, task_queue: str) -> Found:
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    described = await client.workflow_service.describe_task_queue(request, timeout=_PATIENCE)
    workers = {poller.identity for poller in described.pollers}
    if not workers:
        return note(f"no worker takes runs from `{task_queue}`", "`writ worker` starts one")
    return well(f"{len(workers)} worker{'s' if len(workers) > 1 else ''} took runs from `{task_queue}` of late")
