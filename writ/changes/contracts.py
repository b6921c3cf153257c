"""What callers rely on: tools, inputs, answers, refusals, and how often they may call."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes import schemas
from writ.changes.change import Change, ToolPair, Versions, gone
from writ.changes.kinds import Kind
from writ.changes.limits import RATE, limited
from writ.changes.words import rows
from writ.graph.acting import acting_steps
from writ.graph.breakage import Breakage, broken_input, broken_output
from writ.graph.contracts import Part
from writ.nodes.typed import TypedTool
from writ.nodes.typed_terms import RateLimit

_INPUT, _OUTPUT = Part("input", "input"), Part("output", "output")
_TAKEN_ANYWAY = "takes fewer values"


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what is promised to callers."""
    yield from _tools(versions)
    for tool in versions.tools:
        yield from _schemas(tool)
        yield from _version(tool)
        yield from _refusals(tool)
        yield from _repeats(tool)
        yield from _rate(tool)
        if tool.old.description != tool.new.description:
            message = f"`{tool.new.name}` is described otherwise"
            yield Change(Kind.WORDING_CHANGED, tool.path, message, *tool.spans("description"))


def _tools(versions: Versions) -> Iterator[Change]:
    old, new = versions.old.app.tools, versions.new.app.tools
    fresh = dict(gone(new, old))
    for name, tool in gone(old, new):
        follower = next((one for one in fresh.values() if _is_same(tool, one)), None)
        path = f"{versions.name}.{name}"
        if follower is None:
            message = f"the tool `{name}` is gone"
            help = f"keep `{name}` until nobody calls it"
            yield Change(Kind.TOOL_REMOVED, path, message, tool.span, versions.new.app.span, help)
        else:
            del fresh[follower.name]
            message = f"the tool `{name}` is called `{follower.name}` now: who calls it by its name is refused"
            help = f"keep `{name}` beside it until nobody calls it"
            yield Change(Kind.TOOL_RENAMED, path, message, tool.span, follower.span, help)
    for name, tool in fresh.items():
        yield _added(versions, name, tool)


def _is_same(old: TypedTool, new: TypedTool) -> bool:
    """Whether a tool that is new seems to be one that is gone: it stands at its address, or takes and gives the same
    by the same steps.
    """
    if old.http is not None and old.http == new.http:
        return True
    contract = old.input_schema, old.output_schema, [node.name for node in old.flow]
    return contract == (new.input_schema, new.output_schema, [node.name for node in new.flow])


def _added(versions: Versions, name: str, tool: TypedTool) -> Change:
    place, path = versions.old.app.span, f"{versions.name}.{name}"
    roles = ", ".join(f"`{role}` over {rows(scope)}" for role, scope in sorted(tool.allow.items()))
    who = f"for {roles}" if roles and not tool.public else "for everybody" if tool.public else "for nobody"
    if not _changes_something(versions, name):
        return Change(Kind.TOOL_ADDED, path, f"there is a new tool `{name}` that only reads, {who}", place, tool.span)
    message = f"there is a new tool `{name}` that changes something, {who}"
    return Change(Kind.ACTING_TOOL_ADDED, path, message, place, tool.span)


def _changes_something(versions: Versions, name: str) -> bool:
    """Whether the tool or one it calls does; of what is not whole nobody knows that it does not."""
    app = versions.new
    found = {one: app.every_tool.get(one) for one in (name, *app.called(name))}
    tool = found[name]
    if tool is None or not all(one is not None and one.tool.whole for one in found.values()):
        return True
    return "payment" in app.effects(name) or any(acting_steps(app, tool))


def _schemas(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old, tool.new
    broken_in = list(broken_input(old.input_schema, new.input_schema, _INPUT))
    broken_out = list(broken_output(old.output_schema, new.output_schema, _OUTPUT))
    for kind, found in ((Kind.INPUT_BROKEN, broken_in), (Kind.OUTPUT_BROKEN, broken_out)):
        yield from (_broken(tool, kind, one) for one in found)
    opened_in = list(broken_input(new.input_schema, old.input_schema, _INPUT))
    opened_out = list(broken_output(new.output_schema, old.output_schema, _OUTPUT))
    yield from (_opened(tool, one) for one in _unless(broken_in, opened_in))
    for one in _unless(broken_out, opened_out):
        message = f"`{one.name}` of `{new.name}` is answered now, or always answered"
        yield Change(Kind.OUTPUT_EXTENDED, tool.path, message, *tool.spans(*one.places))
    bounds = _of_values([*broken_in, *broken_out, *opened_in, *opened_out])
    yield from schemas.compare(tool, _INPUT, old.input_schema, new.input_schema, bounds)
    yield from schemas.compare(tool, _OUTPUT, old.output_schema, new.output_schema, bounds)


def _unless(told: list[Breakage], found: list[Breakage]) -> Iterator[Breakage]:
    known = {one.name for one in told}
    return (one for one in found if one.name not in known)


def _of_values(found: list[Breakage]) -> frozenset[str]:
    """The parts whose type or bounds are told already."""
    return frozenset(one.name for one in found if one.what.startswith(_TAKEN_ANYWAY) or "type" in one.what)


def _broken(tool: ToolPair, kind: Kind, one: Breakage) -> Change:
    message = f"`{one.name}` of `{tool.new.name}` {one.what}"
    places = tool.spans(*one.places)
    if tool.new.version > tool.old.version:
        return Change(Kind.BROKEN_AS_ANNOUNCED, tool.path, message, *places, "tell those who call it")
    help = f"write `version: {tool.new.version + 1}`, or let the contract stay as wide as it was"
    return Change(kind, tool.path, message, *places, help)


def _opened(tool: ToolPair, one: Breakage) -> Change:
    """What the old contract would break for those who rely on the new one."""
    places = tool.spans(*one.places)
    if one.what.startswith(_TAKEN_ANYWAY) or "type" in one.what:
        message = f"`{one.name}` of `{tool.new.name}` takes values that were refused"
        return Change(Kind.INPUT_LOOSENED, tool.path, message, *places, "keep the bound unless it must go")
    what = "need not be given any more" if one.what == "must now be given" else "may be given now"
    return Change(Kind.INPUT_EXTENDED, tool.path, f"`{one.name}` of `{tool.new.name}` {what}", *places)


def _version(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.version, tool.new.version
    if old != new:
        kind = Kind.VERSION_RAISED if new > old else Kind.VERSION_LOWERED
        message = f"`{tool.new.name}` has the version {new}, and no longer {old}"
        yield Change(kind, tool.path, message, *tool.spans("version"))


def _refusals(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.refusals, tool.new.refusals
    for code in sorted(old.keys() | new.keys()):
        places = tool.spans(f"refusals.{code}", "refusals")
        if code not in new:
            message = f"`{tool.new.name}` no longer refuses with `{code}`"
            yield Change(Kind.REFUSAL_REMOVED, tool.path, message, *places)
        elif code not in old:
            yield Change(Kind.REFUSAL_ADDED, tool.path, f"`{tool.new.name}` may refuse with `{code}`", *places)
        elif old[code][0] != new[code][0]:
            message = f"the refusal `{code}` has the status {new[code][0]}, and no longer {old[code][0]}"
            yield Change(Kind.REFUSAL_CHANGED, tool.path, message, *places)
        elif old[code] != new[code]:
            yield Change(Kind.WORDING_CHANGED, tool.path, f"the refusal `{code}` reads otherwise", *places)


_PROTECTION = ("none", "optional", "required")


def _repeats(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.idempotency, tool.new.idempotency
    if old == new:
        return
    places, name = tool.spans("idempotency"), tool.new.name
    if _PROTECTION.index(new) < _PROTECTION.index(old):
        message = (
            f"the idempotency key of `{name}` is `{new}`, and no longer `{old}`: a request sent twice may act twice"
        )
        yield Change(Kind.REPEATS_UNPROTECTED, tool.path, message, *places, f"write `idempotency: {old}` again")
    elif new == "required":
        message = f"`{name}` refuses requests without an idempotency key"
        yield Change(Kind.KEY_NOW_REQUIRED, tool.path, message, *places, "tell those who call it")
    else:
        yield Change(Kind.REPEATS_PROTECTED, tool.path, f"`{name}` takes an idempotency key", *places)


def _rate(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.rate_limit, tool.new.rate_limit
    what, places = f"the limit of calls of `{tool.new.name}`", tool.spans("rate_limit")
    if old is not None and new is not None and (old.calls - new.calls) * (_rate_of(old) - _rate_of(new)) <= 0:
        yield from _otherwise(tool, what, old, new)
        return
    rates = _rate_of(old) if old else None, _rate_of(new) if new else None
    yield from limited(RATE, tool.path, what, rates, places)


def _rate_of(limit: RateLimit) -> float:
    return limit.calls / limit.seconds


def _otherwise(tool: ToolPair, what: str, old: RateLimit, new: RateLimit) -> Iterator[Change]:
    """A limit over another time: where more calls come through at once, or in the long run, it is looser."""
    if (old.calls, old.seconds) == (new.calls, new.seconds):
        return
    looser = new.calls > old.calls or _rate_of(new) > _rate_of(old)
    message = f"{what} is {new.calls} in {new.seconds:g} s, and no longer {old.calls} in {old.seconds:g} s"
    kind = Kind.RATE_LIMIT_LOOSENED if looser else Kind.RATE_LIMIT_TIGHTENED
    help = "keep it as narrow as it was unless it must be wider" if looser else ""
    yield Change(kind, tool.path, message, *tool.spans("rate_limit"), help)
