"""The library with services outside, and a node put between its transaction and its answer."""

from __future__ import annotations

from tests.writ.library import edited, library, marked_text
from writ.check import CheckedApp
from writ.nodes.facts import Facts
from writ.nodes.kinds import facts_of, inner
from writ.nodes.typed import TypedNode

POST = """\
connector: post
description: Sends letters.
base_url: https://post.example.org
operations:
  send:
    effect: irreversible
    method: POST
    path: /letters/{loan}
    request:
      type: object
      additionalProperties: false
      required: [text]
      properties: {text: {type: string}, copies: {type: integer}}
    response:
      type: object
      additionalProperties: false
      required: [letter]
      properties: {letter: {type: string}}
    compensate_with: recall
  recall: {effect: reversible, method: DELETE, path: "/letters/{letter}"}
  ping: {effect: none, method: GET, path: /}
"""
BANK = """\
connector: bank
description: Moves money.
base_url: https://bank.example.org
operations:
  charge: {effect: payment, method: POST, path: /charges, lookup: find, compensate_with: refund}
  refund: {effect: payment, method: POST, path: /refunds}
  find: {effect: none, method: GET, path: /charges}
"""
RENEW = """\
tool: renew
description: Lend it longer.
trigger: {http: {method: POST, path: "/loans/{loan}/renew"}}
allow: {clerk: all}
input:
  type: object
  additionalProperties: false
  required: [loan]
  properties: {loan: {type: string, format: uuid}}
output: {type: object, required: [days], properties: {days: {type: integer}}}
flow:
  - respond:
    value: {days: 5}
"""


def checked(node: str, *, used: str = "loan.id") -> CheckedApp:
    """The app with the node behind the transaction, and `used` as the answer."""
    text = _with(node).replace("value: {loan: loan.id}", f"value: {{loan: {used}}}")
    return library(lend=text, post=POST, bank=BANK, renew=RENEW)


def _with(node: str) -> str:
    lines = "".join(f"  {line}\n" for line in node.splitlines())
    return edited("lend", "  - respond:", f"{lines}  - respond:")


def wrong(node: str) -> tuple[str, str, str]:
    """The one problem of the node: its code, what it underlines, its message and help."""
    result = checked(node)
    assert len(result.problems) == 1, result.problems
    [problem] = result.problems
    assert problem.span.file == "lend.yaml"
    return problem.code, marked_text(problem, _with(node)), f"{problem.message} | {problem.help}"


def typed(node: str, *, used: str = "loan.id") -> TypedNode:
    """The node as the tool has it."""
    result = checked(node, used=used)
    assert result.problems == ()
    assert result.app is not None
    return result.app.tools["lend"].flow[1]


def facts(node: str) -> Facts:
    """What the node states about itself."""
    return facts_of(typed(node))


def uses(node: str) -> list[tuple[str, str, str]]:
    """Its expressions: where each stands, what it is for, its source."""
    return [(use.place, use.purpose, use.expression.source) for use in facts(node).uses]


def lists(node: str) -> list[str]:
    """The names of the lists of nodes in it."""
    return [name for name, _ in inner(typed(node))]
