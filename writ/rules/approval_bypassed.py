"""An approval that one person can give alone, that nobody can give, or that comes too late.

Catches:
    An approval with `requester: allowed`, or without roles, also one that a policy asks for without roles; an approval
    behind the last effect of the tool, or in a branch of a `parallel` beside it, where nothing takes that effect back;
    an approval inside an `each` with an effect behind the loop, which an empty list skips; and one in a branch that no
    run takes, because the condition reads nothing (`1 == 2`).

Dangerous because:
    An approval is there so that no single person moves money or erases data. One that its requester may give, or that
    stands where the effect has already happened or happens without it, looks like a check and is none.

Avoid:
    - approval: agreed
      roles: [manager]
      requester: allowed
      of: {order: order.id, amount: order.total}
      within: 48h
      else: not_agreed

Prefer:
    - approval: agreed
      roles: [manager]
      of: {order: order.id, amount: order.total}
      within: 48h
      else: not_agreed

Cannot see:
    What an approval is meant for. One in a branch of `if` or `switch`, or on the path behind an error, counts as meant
    for that case only, even where the other case has the same effect; that the effects behind an approval are all that
    should wait for it is not judged. That an `erase` names its approval is the business of WRT002.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Related, Severity
from writ.graph.acting import acts, what_it_does
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.predicates import constant
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Approval
from writ.rules.rule import Rule


def check(app: AppFacts) -> Iterator[Found]:
    """Approvals that protect nothing, and policies that ask nobody."""
    for tool, step in app.steps("approval"):
        approval = step.facts.approval
        if approval is None:
            continue
        yield from _alone(app, tool, step, approval)
        yield from _nobody(app, tool, step, approval)
        never = next(_never_taken(tool, step), None)
        if never is not None:
            yield _never(app, tool, step, never)
            continue
        late = _too_late(app, tool, step)
        skipping = None if late else _skipping(app, tool, step)
        if late is not None:
            yield _late(app, tool, step, late)
        elif skipping is not None:
            yield _skipped(app, tool, step, *skipping)
    yield from _policies(app)


def _alone(app: AppFacts, tool: ToolFacts, step: Step, approval: Approval) -> Iterator[Found]:
    if approval.requester_excluded:
        return
    name = step.facts.name
    moments = [Moment(step, "is answered by the same person: they have the role, and nothing excludes them")]
    yield Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"whoever asks for `{name}` may agree to it themselves",
        help="leave out `requester: allowed`",
        witness=(
            f"somebody with the role {_roles(approval.roles)} calls `{tool.name}`",
            *witness(tool.graph, moments, "what two people should have decided was decided by one"),
        ),
        detail="requester",
    )


def _nobody(app: AppFacts, tool: ToolFacts, step: Step, approval: Approval) -> Iterator[Found]:
    if approval.roles:
        return
    moments = [Moment(step, "is asked of nobody")]
    end = "nothing says who decides: either everybody may, or the run waits until its time is over"
    yield Found(
        span=approval.roles_span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` names no role that may agree",
        help="name under `roles` who may agree",
        witness=(f"somebody calls `{tool.name}`", *witness(tool.graph, moments, end)),
        detail="roles",
    )


def _never_taken(tool: ToolFacts, step: Step) -> Iterator[Step]:
    """The choices around it whose condition reads nothing and always leads past it."""
    for index, branch in step.containers:
        around = tool.graph.steps[index]
        for use in around.facts.uses if around.facts.repetition is None else ():
            own = use.place == ("when" if branch == "then" else f"{branch}.when")
            if use.purpose == "guard" and constant(use.expression) is (not own):
                yield around
            if own:
                break


def _never(app: AppFacts, tool: ToolFacts, step: Step, choice: Step) -> Found:
    name, past = step.facts.name, choice.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` is never asked: the condition of `{past}` is the same in every run and leads past it",
        help=f"move `{name}` out of `{past}`, or write a condition there that can come out either way",
        witness=(
            f"somebody calls `{tool.name}`",
            *witness(tool.graph, [Moment(choice, f"leads past `{name}`, whatever was asked")], "nobody agreed"),
        ),
        related=(Related(choice.facts.span, "never leads there"),),
        detail="never",
    )


def _grave(app: AppFacts, step: Step) -> bool:
    """Whether a step does what no transaction takes back: money, the outside, erased rows, or a tool that does so."""
    if step.facts.calls is not None:
        return bool(app.effects(step.facts.calls) & {"payment", "external", "write"})
    return (acts(step) and step.facts.outside is not None) or (
        step.facts.write is not None and step.facts.write.kind == "erase"
    )


def _changes(app: AppFacts, step: Step) -> bool:
    return acts(step) or _grave(app, step)


def _too_late(app: AppFacts, tool: ToolFacts, step: Step) -> Step | None:
    """A grave effect that is done when people decide, or while they do, where nothing is left to decide about."""
    behind = (one for one in tool.graph.after(step) if not tool.graph.concurrent(step, one))
    if any(_changes(app, one) for one in behind):
        return None
    beside = (one for one in tool.graph.steps if tool.graph.can_follow(one, step) or tool.graph.concurrent(one, step))
    return next((one for one in beside if _grave(app, one) and not _is_undone(one)), None)


def _is_undone(step: Step) -> bool:
    """Whether a refusal behind it takes it back."""
    return step.facts.outside is not None and step.facts.outside.compensation is not None


def _late(app: AppFacts, tool: ToolFacts, step: Step, done: Step) -> Found:
    name, effect = step.facts.name, done.facts.name
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{name}` protects nothing: `{effect}` does not wait for it, and nothing comes after it",
        help=f"move `{name}` before `{effect}`",
        witness=(
            f"somebody calls `{tool.name}`",
            *_as_it_comes(tool, step, done),
            f"people can say no to `{name}`, and `{effect}` has happened all the same",
        ),
        related=(Related(done.facts.span, "this does not wait"),),
        detail="late",
    )


def _as_it_comes(tool: ToolFacts, step: Step, done: Step) -> tuple[str, ...]:
    what = f"is done: {what_it_does(done)}"
    if tool.graph.concurrent(step, done):
        return f"`{step.facts.name}` waits for people", f"meanwhile `{done.facts.name}` {what}"
    return witness(tool.graph, [Moment(done, what)], f"only then `{step.facts.name}` asks people")


def _skipping(app: AppFacts, tool: ToolFacts, step: Step) -> tuple[Step, Step] | None:
    """A loop around the approval, and a grave effect behind the loop."""
    for loop in tool.graph.repeated(step):
        inside = {one.index for one in tool.graph.inside(loop)}
        for one in tool.graph.after(loop):
            if one.index not in inside and _grave(app, one):
                return loop, one
    return None


def _skipped(app: AppFacts, tool: ToolFacts, step: Step, loop: Step, effect: Step) -> Found:
    moments = [
        Moment(loop, "has an empty list: nobody is asked"),
        Moment(effect, f"is done: {what_it_does(effect)}"),
    ]
    return Found(
        span=step.facts.span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` is skipped where `{loop.facts.name}` has nothing to repeat over",
        help=f"move `{step.facts.name}` out of `{loop.facts.name}`, so that every run comes to it",
        witness=(
            f"somebody calls `{tool.name}`",
            *witness(tool.graph, moments, f"`{effect.facts.name}` has happened and nobody agreed"),
        ),
        related=(Related(effect.facts.span, "this happens without it"),),
        detail="skipped",
    )


def _policies(app: AppFacts) -> Iterator[Found]:
    for tool in app.tools:
        for policy in tool.tool.approval_policies:
            if not policy.roles:
                yield Found(
                    span=policy.require_approval_when.span,
                    path=f"{app.app.name}.{policy.name}",
                    message=f"the policy `{policy.name}` asks for an approval that no role may give",
                    help="name under `roles` who may agree",
                    witness=(
                        f"somebody calls `{tool.name}`, and `{policy.name}` applies",
                        "nothing says who decides: either everybody may, or the run waits until its time is over",
                    ),
                )


def _roles(roles: tuple[str, ...]) -> str:
    return " or ".join(f"`{role}`" for role in roles) or "that is asked"


RULE = Rule(
    id="AUT011",
    name="approval-self",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
