"""States of an entity: one to begin with, moves between those that exist, and a way to each."""

from __future__ import annotations

from collections.abc import Iterator

from writ.lifecycle import Lifecycle
from writ.problems import Problem, did_you_mean
from writ.spec.documents import EntityDocument


def resolve_states(document: EntityDocument, problems: list[Problem]) -> Lifecycle | None:
    """The life cycle, as far as it can be told; None for an entity without states."""
    if not document.states:
        written = document.marked.key_spans.get("states")
        if written:
            problems.append(Problem("no-states", written, "no state is named here", "name some, or leave it out"))
        return None
    found = [*_target_problems(document), *_initial_problems(document)]
    initial = next((name for name, state in document.states.items() if state.initial), next(iter(document.states)))
    moves = {str(name): tuple(str(to) for to in state.to) for name, state in document.states.items()}
    lifecycle = Lifecycle(tuple(moves), str(initial), moves)
    problems.extend(found or _unreachable(document, lifecycle))
    return lifecycle


def _target_problems(document: EntityDocument) -> Iterator[Problem]:
    for state in document.states.values():
        for place, target in enumerate(state.to):
            if target not in document.states:
                message = f"`{document.entity}` has no state `{target}`"
                yield Problem("unknown-state", target.span, message, did_you_mean(target, document.states))
            elif target in state.to[:place]:
                yield Problem("duplicate-value", target.span, f"`{target}` is listed twice", "keep one of the two")


def _initial_problems(document: EntityDocument) -> Iterator[Problem]:
    count = sum(state.initial for state in document.states.values())
    if count != 1:
        how_many = "no state is" if count == 0 else f"{count} states are"
        help = "write `initial: true` at exactly one state: the one a new row has"
        yield Problem("initial-state", document.marked.key_spans["states"], f"{how_many} the initial one", help)


def _unreachable(document: EntityDocument, lifecycle: Lifecycle) -> Iterator[Problem]:
    """Of states that only lead to each other the first is told, of a chain its beginning."""
    lost = [name for name in document.states if name not in lifecycle.reachable()]
    beginnings = [name for name in lost if not set(lifecycle.sources(name)) & set(lost)]
    for name in beginnings or lost[:1]:
        message = f"no way leads from `{lifecycle.initial}` to `{name}`"
        yield Problem("unreachable-state", name.span, message, f"add `{name}` to the `to` of a state")
