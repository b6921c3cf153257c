"""Connector documents to connectors: operations with the types of what they take and answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.connector_documents import ConnectorDocument, IdempotencyDocument, OperationDocument
from writ.spec.contracts import Contract, check_contract
from writ.spec.marked import Marked
from writ.spec.resolved import Connector, IdempotencySupport, Operation
from writ.spec.shape import Name, SpecModel
from writ.values import Anything


def resolve_connectors(documents: Mapping[str, ConnectorDocument], problems: list[Problem]) -> dict[str, Connector]:
    """All connectors, each as far as it can be told, with every reason why one is wrong added to `problems`."""
    return {name: _connector(document, problems) for name, document in documents.items()}


def _connector(document: ConnectorDocument, problems: list[Problem]) -> Connector:
    problems.extend(_operation_problems(document))
    calls, seconds = document.rate_limit.calls_in_seconds if document.rate_limit else (0, 1.0)
    return Connector(
        name=str(document.connector),
        description=document.description,
        span=document.connector.span,
        base_url=document.base_url,
        base_url_span=_value_place(document, "base_url"),
        operations={str(name): _operation(name, it, problems) for name, it in document.operations.items()},
        provider=document.provider,
        secret=str(document.secret) if document.secret else None,
        cleared_for=tuple(dict.fromkeys(document.cleared_for)),
        rate_limit=calls / seconds if document.rate_limit else None,
    )


def _operation_problems(document: ConnectorDocument) -> Iterator[Problem]:
    if not document.operations:
        place = document.marked.key_spans["operations"]
        yield Problem("no-operations", place, f"`{document.connector}` has no operations", "name at least one")
    for operation in document.operations.values():
        for other in (operation.lookup, operation.compensate_with):
            if other is not None and other not in document.operations:
                message = f"`{document.connector}` has no operation `{other}`"
                yield Problem("unknown-operation", other.span, message, did_you_mean(other, document.operations))


def _operation(name: Name, document: OperationDocument, problems: list[Problem]) -> Operation:
    request = _contract(document.request, "request", problems, must_be_object=True)
    response = _contract(document.response, "response", problems, must_be_object=False)
    return Operation(
        name=str(name),
        span=name.span,
        effect=document.effect,
        method=document.method,
        path=document.path,
        path_span=_value_place(document, "path"),
        request=request.schema if request else None,
        request_type=request.type if request else Anything(),
        response=response.schema if response else None,
        response_type=response.type if response else Anything(),
        idempotency=_idempotency(document.idempotency, document) if document.idempotency else None,
        lookup=str(document.lookup) if document.lookup else None,
        compensate_with=str(document.compensate_with) if document.compensate_with else None,
        retryable=tuple(dict.fromkeys(document.retryable)),
        notifies=document.notifies,
    )


def _contract(marked: Marked | None, name: str, problems: list[Problem], *, must_be_object: bool) -> Contract | None:
    return check_contract(marked, name, problems, must_be_object=must_be_object) if marked else None


def _idempotency(document: IdempotencyDocument, operation: OperationDocument) -> IdempotencySupport:
    window = document.window.seconds if document.window else None
    return IdempotencySupport(document.header, window, operation.marked.key_spans["idempotency"])


def _value_place(document: SpecModel, key: str) -> Span:
    written = document.marked.value
    return written[key].span if isinstance(written, dict) else document.marked.head
