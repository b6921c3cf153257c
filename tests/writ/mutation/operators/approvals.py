"""Unsafe changes of approvals: who agrees, to what, and whether what they agreed to is what happens."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from tests.writ.mutation.written import Change, Written, at, without


def let_the_requester_approve(app: Written) -> Iterator[Change]:
    for node in app.nodes("approval"):
        yield node.having(requester="allowed")


def approval_of_nobody(app: Written) -> Iterator[Change]:
    for node in app.nodes("approval"):
        yield node.having(roles=[])


def approval_without_a_number(app: Written) -> Iterator[Change]:
    for node in app.nodes("approval"):
        yield node.having(number=0)


def approval_by_an_undeclared_role(app: Written) -> Iterator[Change]:
    for node in app.nodes("approval"):
        yield node.having(roles=["boss"])


def approval_of_nothing(app: Written) -> Iterator[Change]:
    for node in app.nodes("approval"):
        yield node.lacking("of")


def approval_without_the_version(app: Written) -> Iterator[Change]:
    for node in app.nodes("approval"):
        yield Change(node.site, {node.file: without(node.tool, (*node.path, "of", "version"))})


def approval_that_leaves_the_row_open(app: Written) -> Iterator[Change]:
    """Each thing that was agreed to, no longer shown to who agrees."""
    for node in app.nodes("approval"):
        for key in node.written["of"]:
            if key != "version":
                yield Change(f"{node.site} {key}", {node.file: without(node.tool, (*node.path, "of", key))})


def approval_behind_what_it_guards(app: Written) -> Iterator[Change]:
    for node in app.nodes("approval"):
        siblings = at(node.tool, node.path[:-1])
        for place in range(int(node.path[-1]) + 1, len(siblings) - 1):
            tool = deepcopy(node.tool)
            changed = at(tool, node.path[:-1])
            changed.insert(place, changed.pop(int(node.path[-1])))
            yield Change(f"{node.site} {next(iter(siblings[place].values()))}", {node.file: tool})


def another_amount_than_agreed(app: Written) -> Iterator[Change]:
    """The payment behind an approval pays what the request says, not what was agreed."""
    approved = {node.file for node in app.nodes("approval")}
    for node in app.nodes("payment"):
        if node.file in approved:
            tool = deepcopy(node.having(amount="{'amount': input.amount, 'currency': 'EUR'}").documents[node.file])
            tool["input"]["properties"]["amount"] = {"type": "integer", "minimum": 1}
            tool["input"]["required"].append("amount")
            yield Change(node.site, {node.file: tool})
