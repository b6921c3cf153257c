"""Unsafe changes of what moves money."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from tests.writ.mutation.written import Change, Document, Written, again, at, with_value, without


def pay_before_the_intent(app: Written) -> Iterator[Change]:
    """The payment first, of a sum that is known without the flow."""
    for node in app.nodes("payment"):
        tool = deepcopy(node.tool)
        changed = at(tool, node.path[:-1])
        payment = changed.pop(int(node.path[-1]))
        changed.insert(0, {**payment, "amount": "{'amount': 500, 'currency': 'EUR'}", **_of(payment)})
        yield Change(node.site, {node.file: tool})


def drop_the_intent(app: Written) -> Iterator[Change]:
    """What stands before the payment writes nothing."""
    for node in app.nodes("payment"):
        tool = deepcopy(node.tool)
        at(tool, node.path).update({"amount": "{'amount': 500, 'currency': 'EUR'}"})
        for before in at(tool, node.path[:-1])[: int(node.path[-1])]:
            if "transaction" in before:
                before["nodes"] = [one for one in before["nodes"] if next(iter(one)) in ("read", "require")]
        at(tool, node.path[:-1])[:] = [one for one in at(tool, node.path[:-1]) if one.get("nodes", True)]
        yield Change(node.site, {node.file: tool})


def drop_the_refund(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        if "compensate" in node.written:
            yield node.lacking("compensate")


def drop_the_pivot(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        if "pivot" in node.written:
            yield node.lacking("pivot")


def refund_behind_the_pivot(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        if "compensate" in node.written:
            yield node.having(compensate={**node.written["compensate"], "compensate": {"operation": "charge"}})


def refund_of_nothing(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        if "compensate" in node.written:
            yield Change(node.site, {node.file: without(node.tool, (*node.path, "compensate", "with"))})


def refund_once(app: Written) -> Iterator[Change]:
    """A compensation without a retry policy or timeouts of its own."""
    for node in app.nodes("payment", "http"):
        for key in ("retry", "timeouts"):
            if "compensate" in node.written:
                yield Change(f"{node.site} {key}", {node.file: without(node.tool, (*node.path, "compensate", key))})


def unknown_outcome_is_failure(app: Written) -> Iterator[Change]:
    """Neither does the flow say what to do, nor can the connector be asked."""
    for node in app.nodes("payment"):
        if "on_unknown" in node.written:
            file, connector = _connector(app, node.written["connector"])
            asked = without(connector, ("operations", node.written["operation"], "lookup"))
            yield Change(node.site, {**node.lacking("on_unknown").documents, file: asked})


def pay_twice(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        yield node.replaced(node.written, again(node.written, {node.name}))


def pay_twice_with_one_key(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        first = {**node.written, "key": "order.id"}
        yield node.replaced(first, again(first, {node.name}))


def pay_in_a_loop(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        loop = {"each": "often", "over": "principal.roles", "as": "one", "max": 10}
        yield node.replaced({**loop, "nodes": [again(node.written, {node.name})]}, node.written)


def pay_what_the_request_says(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        tool = deepcopy(node.having(amount="{'amount': input.sum, 'currency': 'EUR'}").documents[node.file])
        tool["input"]["properties"]["sum"] = {"type": "integer", "minimum": 1}
        tool["input"]["required"].append("sum")
        yield Change(node.site, {node.file: tool})


def pay_a_fraction(app: Written) -> Iterator[Change]:
    """Money is computed with numbers that are not whole."""
    for node in app.nodes("payment"):
        amount = node.written["amount"]
        fraction = f"{{'amount': int(double({amount}.amount) * 1.1), 'currency': {amount}.currency}}"
        yield node.having(amount=fraction)


def pay_by_plain_http(app: Written) -> Iterator[Change]:
    for node in app.nodes("payment"):
        kept = ("connector", "operation", "timeouts", "retry", "key")
        call = {key: value for key, value in node.written.items() if key in kept}
        body = {"amount": f"{node.written['amount']}.amount"}
        answer = _described(app, node.written["connector"], node.written["operation"])
        changed = node.replaced(
            {"http": node.name, **call, "body": body, "on_error": [{"refuse": _refusal(node.tool)}]}
        )
        yield Change(changed.site, {**changed.documents, **answer})


def forget_the_reference(app: Written) -> Iterator[Change]:
    """Nothing behind the payment stores what the provider calls it."""
    for node in app.nodes("update", "transition"):
        for field, value in node.written.get("set", {}).items():
            if isinstance(value, str) and value.endswith(".reference"):
                rest = {key: one for key, one in node.written["set"].items() if key != field}
                yield node.having(set=rest) if rest else node.lacking("set")


def _of(payment: Document) -> Document:
    return {"of": "'reference'"} if "of" in payment else {}


def _refusal(tool: Document) -> str:
    return str(next(iter(tool["refusals"])))


def _connector(app: Written, name: str) -> tuple[str, Document]:
    return next((file, one) for file, one in app.all_of("connector") if one["connector"] == name)


def _described(app: Written, name: str, operation: str) -> dict[str, Document]:
    """The connector with an answer of the operation that a flow can use as it used the payment."""
    file, connector = _connector(app, name)
    text = {"type": "string", "maxLength": 100}
    answer = {
        "type": "object",
        "additionalProperties": False,
        "required": ["status", "reference"],
        "properties": {"status": text, "reference": text},
    }
    return {file: with_value(connector, ("operations", operation, "response"), answer)}
