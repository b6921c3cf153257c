"""A value of which nothing is known before the run decides, is written, finds rows or is paid.

Catches:
    A guard, a `set`, a `where` or an amount of money made of something without one type: input that may be of several,
    lists of several types, claims of a token in a guard.

Dangerous because:
    Where types are known, a comparison that can never hold is found before anything runs. Without them `'5' == 5` is
    simply false: a guard silently lets nobody pass, or everybody.

Avoid:
    input:
      type: object
      additionalProperties: false
      required: [level]
      properties: {level: {type: [integer, string], maxLength: 1}}

Prefer:
    input:
      type: object
      additionalProperties: false
      required: [level]
      properties: {level: {type: integer, minimum: 1, maximum: 5}}

Cannot see:
    What an untyped value turns out to be: most of them will be right, and that is why it is only likely. A verified
    claim, or a text with `dyn(…)` around it, that is written into a field or compared with one is checked against that
    field's type in every run and not told, nor is what a conversion such as `int(…)` makes of a value. Answers of a
    service without a `response` schema are EXT007's, input without a `type` is TYP006's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.findings import Confidence, Found, Severity
from writ.graph.absorbing import doubts_at
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.contracts import Part, open_parts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Purpose, Use
from writ.rules.rule import Rule
from writ.values.syntax import Call

_MATTERS: Mapping[Purpose, str] = {
    "set": "is written",
    "where": "says which rows are meant",
    "condition": "says which rows are meant",
    "guard": "decides how the run goes on",
    "amount": "is the money that moves",
}
_CHECKED_BY_A_FIELD = frozenset({"set", "where"})


def check(app: AppFacts) -> Iterator[Found]:
    """Uses that matter, of values without a type."""
    for tool, step in app.steps():
        for use in step.facts.uses:
            untyped = use.purpose in _MATTERS and tool.data.untyped(use.expression)
            # A guard that is worse than untyped is told as such.
            if untyped and not _is_checked(tool, use) and not any(doubts_at(tool, step, use)):
                yield _found(app, tool, step, use)


def _is_checked(tool: ToolFacts, use: Use) -> bool:
    """Whether something else stands for it: the check of the field it goes into, or what is said of its source."""
    paths = tool.data.untyped_paths(use.expression)
    if paths and all(_is_answer(tool, path[0]) or _is_open_input(tool, path) for path in paths):
        return True
    if use.purpose not in _CHECKED_BY_A_FIELD:
        return False
    if paths:
        return all(path[:2] == ("principal", "claims") for path in paths)
    return isinstance(use.expression.tree, Call) and use.expression.tree.function == "dyn"


def _is_answer(tool: ToolFacts, name: str) -> bool:
    binder = tool.graph.binder(name)
    return binder is not None and binder.facts.outside is not None


def _is_open_input(tool: ToolFacts, path: tuple[str, ...]) -> bool:
    """Whether the schema says nothing at all of it."""
    gaps = open_parts(tool.tool.input_schema, Part("input", "input"))
    return any(gap == "type" and f"{'.'.join(path)}.".startswith(f"{part.name}.") for part, gap in gaps)


def _found(app: AppFacts, tool: ToolFacts, step: Step, use: Use) -> Found:
    paths = tool.data.untyped_paths(use.expression)
    written = ".".join(paths[0]) if paths else use.expression.source.strip()
    consequence = f"it is of another type than its author thought, and nothing says so: it {_MATTERS[use.purpose]}"
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"nothing is known of the type of `{written}`, which {_MATTERS[use.purpose]}",
        help=f"say what it is: {_way_out(tool, use)}",
        witness=witness(tool.graph, [Moment(step, f"takes `{written}` as it comes")], consequence),
        detail=use.place,
    )


def _way_out(tool: ToolFacts, use: Use) -> str:
    untyped = next(iter(tool.data.untyped_paths(use.expression)), ())
    if untyped[:1] == ("input",):
        return f"give `{'.'.join(untyped)}` a `type` in the schema of the input"
    if untyped[:2] == ("principal", "claims"):
        return f"turn the claim into a type first, as in `string({'.'.join(untyped)})`"
    return "give what it is made of a type"


RULE = Rule(
    id="TYP002",
    name="untyped-value",
    severity=Severity.harm,
    confidence=Confidence.likely,
    page=__doc__,
    check=check,
)
