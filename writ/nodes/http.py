"""`http`: call an operation of a connector, between transactions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from writ.nodes import stated
from writ.nodes.compensating import Compensate, compensation
from writ.nodes.context import Context
from writ.nodes.facts import Facts, Outside
from writ.nodes.outside import Retry, Timeouts, call_policy, failure_path, operation_of
from writ.nodes.stated import Inner, flattened
from writ.nodes.typed import TypedHttp
from writ.problems import did_you_mean
from writ.source import Span
from writ.spec.complaints import quoted
from writ.spec.raw_parts import ExpressionPart, NodePart, ValuePart
from writ.spec.resolved import Operation, TypedExpression
from writ.spec.shape import Expr, Name, SpecModel
from writ.values import Anything, ListOf, Money, Nothing, Record, Text, Unknown, ValueType, describe


class HttpNode(SpecModel):
    """Call `operation` of `connector` with values for its path, query and body. `url` in their place is an address
    that no connector declares. `fallback` is the value when it fails.
    """

    http: Name
    """The name of the node, and of its result in the nodes behind it."""
    connector: Name | None = None
    """The connector."""
    operation: Name | None = None
    """Which of its operations."""
    path: dict[str, ExpressionPart] = {}
    """Values for the parameters of its path."""
    query: dict[str, ValuePart] = {}
    """Values of its query."""
    body: ValuePart | None = None
    """What is sent."""
    url: Expr | None = None
    """An address that no connector declares: never published."""
    fallback: ValuePart | None = None
    """The value when it fails."""
    timeouts: Timeouts | None = None
    """How long one attempt and all of them together may take."""
    retry: Retry | None = None
    """How an attempt that failed is repeated."""
    key: Expr | None = None
    """The idempotency key, by which the service recognises a request that is sent again."""
    compensate: Compensate | None = None
    """What undoes it when a later step of the run fails."""
    pivot: bool = False
    """The point of no return: what comes before is undone if this fails, what comes behind is brought to its end."""
    on_error: list[NodePart] | None = None
    """What happens when it failed for good."""


_PARAMETER = re.compile(r"\{([^{}]*)\}")


def check(node: HttpNode, context: Context) -> TypedHttp | None:
    """A call is sound when the connector has the operation and what is sent fits it."""
    complete = _check_keys(node, context)
    connector = context.connector(node.connector) if node.connector else None
    operation = operation_of(node.operation, connector, context) if node.operation else None
    known = node.url is not None or operation is not None
    type: ValueType = (operation.response_type if operation else Anything()) if known else Unknown()
    inputs = _inputs(node, operation, context)
    url = context.expression(node.url, Text()) if node.url else None
    key = context.expression(node.key, None) if node.key else None
    fallback = context.template(node.fallback, type) if node.fallback else None
    policy = call_policy(node.timeouts, node.retry, context)
    before = context.names
    context.bind(node.http, type)
    on_error = failure_path("on_error", node.on_error, node.http, before, context, fallback=node.fallback)
    if not known:
        return None
    undo = compensation(node.compensate, node.marked.key_spans.get("compensate"), connector, context)
    if not complete or (node.url and not url):
        return None
    return TypedHttp(
        name=node.http,
        span=node.http.span,
        connector=connector,
        operation=operation,
        inputs=inputs,
        url=url.typed if url else None,
        policy=policy,
        key=key.typed if key else None,
        on_error=on_error,
        fallback=fallback,
        compensation=undo,
        pivot=node.pivot,
        type=type,
        keys=node.marked.key_spans,
    )


def _check_keys(node: HttpNode, context: Context) -> bool:
    """Whether it says one address: an operation of a connector, or an address of its own."""
    written = node.marked.key_spans
    if node.url is None:
        missing = next((key for key in ("connector", "operation") if key not in written), None)
        if missing:
            message = f"the key `{missing}` is missing in an `http`"
            context.problem("missing-key", node.marked.head, message, "name the operation of a connector")
        return missing is None
    beside = next((key for key in ("connector", "operation", "path") if key in written), None)
    if beside:
        context.problem("misplaced-key", written[beside], f"`{beside}` has no meaning beside `url`", "keep one of them")
    return beside is None


def _inputs(node: HttpNode, operation: Operation | None, context: Context) -> dict[str, TypedExpression]:
    found = _path(node, operation, context)
    for name, marked in node.query.items():
        value = context.template(marked, None, may_be_absent=True)
        found |= {} if value is None else flattened(value, f"query.{name}")
    request = operation.request_type if operation else Anything()
    if node.body is not None:
        body = context.template(node.body, request)
        found |= {} if body is None else flattened(body, "body")
    elif operation and isinstance(request, Record):
        needed = [quoted(field.name) for field in request.fields if not field.optional]
        if needed:
            message = f"`{operation.name}` needs a `body`"
            context.problem("missing-value", node.http.span, message, f"add `body` with {', '.join(needed)}")
    return found


def _path(node: HttpNode, operation: Operation | None, context: Context) -> dict[str, TypedExpression]:
    wanted = _PARAMETER.findall(operation.path) if operation else list(node.path)
    if operation:
        _check_parameters(node, operation, wanted, context)
    found: dict[str, TypedExpression] = {}
    for name, marked in node.path.items():
        value = context.template(marked, None)
        if isinstance(value, TypedExpression) and not isinstance(value.type, ListOf | Record | Money | Nothing):
            found[f"path.{name}"] = value
        elif value is not None:
            what = describe(value.type) if isinstance(value, TypedExpression) else "a mapping or list"
            context.problem("expression-type", marked.head, f"`{name}` is a part of the path, this is {what}")
    return found


def _check_parameters(node: HttpNode, operation: Operation, wanted: list[str], context: Context) -> None:
    spans: Mapping[str, Span] = {}
    entries = node.marked.value
    if isinstance(entries, dict) and "path" in entries:
        spans = entries["path"].key_spans
    for name in node.path:
        if name not in wanted:
            message = f"the path of `{operation.name}` has no `{{{name}}}`"
            context.problem("undeclared-value", spans[name], message, did_you_mean(name, wanted))
    for name in wanted:
        if name not in node.path:
            message = f"`{name}` is a part of the path of `{operation.name}` and has no value"
            context.problem("missing-value", node.http.span, message, f"add `path: {{{name}: …}}`")


def facts(node: TypedHttp) -> Facts:
    """It calls a service outside."""
    return Facts(
        kind="http",
        name=node.name,
        span=node.span,
        effect="external",
        uses=stated.one("url", "address", node.url)
        + stated.each("send", node.inputs)
        + stated.one("key", "key", node.key)
        + stated.of_template("bind", node.fallback, "fallback")
        + stated.each("compensate", node.compensation.inputs if node.compensation else {}, "compensate"),
        outside=Outside(
            connector=node.connector,
            operation=node.operation,
            policy=node.policy,
            compensation=node.compensation,
            pivot=node.pivot,
            failure_path=node.on_error is not None or node.fallback is not None,
            has_key=node.key is not None,
        ),
        fails=True,
        binds=node.name,
        keys=node.keys,
    )


def inner(node: TypedHttp) -> Inner:
    """The path behind a failure, where there is one."""
    return () if node.on_error is None else (("on_error", node.on_error),)
