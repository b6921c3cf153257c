"""States of an entity: one to begin with, and moves between those that exist."""

from __future__ import annotations

from collections.abc import Iterator

from writ.lifecycle import Lifecycle
from writ.problems import Problem, did_you_mean
from writ.spec.entity_documents import EntityDocument


def resolve_states(document: EntityDocument, problems: list[Problem]) -> Lifecycle | None:
    """The life cycle, as far as it can be told; None for an entity without states."""
    if not document.states:
        written = document.marked.key_spans.get("states")
        if written:
            problems.append(Problem("no-states", written, "no state is named here", "name some, or leave it out"))
        return None
    found = [*_target_problems(document), *_initial_problems(document)]
    problems.extend(found)
    initial = next((name for name, state in document.states.items() if state.initial), next(iter(document.states)))
    moves = {str(name): tuple(str(to) for to in state.to) for name, state in document.states.items()}
    spans = {str(name): name.span for name in document.states}
    return Lifecycle(tuple(moves), str(initial), moves, spans, whole=not found)


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
