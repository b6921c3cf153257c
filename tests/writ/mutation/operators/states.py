"""Unsafe changes of states: names that are not declared, moves that are not, and writes past the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.writ.mutation.written import Change, Document, Written, expressions, with_value, without

_STATE_IN_TEXT = re.compile(r"(?<=state == )'(\w+)'")


def compare_with_an_undeclared_state(app: Written) -> Iterator[Change]:
    for node in app.nodes():
        for path, text in expressions(node):
            if path == ("where", "state"):
                yield node.put(path, "'boked'")
            elif _STATE_IN_TEXT.search(text):
                yield node.put(path, _STATE_IN_TEXT.sub("'boked'", text))


def count_rows_in_an_undeclared_state(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        for name, invariant in entity.get("invariants", {}).items():
            if "state" in invariant.get("count", {}).get("where", {}):
                path = ("invariants", name, "count", "where", "state")
                yield Change(f"{entity['entity']} {name}", {file: with_value(entity, path, "'boked'")})


def move_to_an_undeclared_state(app: Written) -> Iterator[Change]:
    for node in app.nodes("transition"):
        yield node.having(to="gone_away")


def move_to_a_state_without_a_way_in(app: Written) -> Iterator[Change]:
    for node in app.nodes("transition"):
        states = app.entity(node.written["entity"])["states"]
        reached = {target for state in states.values() for target in state.get("to", ())}
        for state in states:
            if state not in reached:
                yield node.having(of=state, to=state)


def write_the_state_directly(app: Written) -> Iterator[Change]:
    for node in app.nodes("transition"):
        kept = {key: value for key, value in node.written.items() if key not in ("transition", "to")}
        fields = {**kept.pop("set", {}), "state": f"'{node.written['to']}'"}
        yield node.replaced({"update": node.name, **kept, "set": fields})


def be_born_in_a_later_state(app: Written) -> Iterator[Change]:
    for node in app.nodes("create"):
        for name, state in app.entity(node.written["entity"]).get("states", {}).items():
            if not state.get("initial"):
                yield node.put(("set", "state"), f"'{name}'", of=name)


def drop_a_way_that_is_taken(app: Written) -> Iterator[Change]:
    """Every way into a state that some tool moves to."""
    taken = {(node.written["entity"], node.written["to"]) for node in app.nodes("transition")}
    for file, entity in app.all_of("entity"):
        for target in entity.get("states", {}):
            if (entity["entity"], target) in taken:
                yield Change(f"{entity['entity']} {target}", {file: _without_ways_to(entity, target)})


def drop_the_initial_state(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        for name, state in entity.get("states", {}).items():
            if state.get("initial"):
                yield Change(f"{entity['entity']} {name}", {file: without(entity, ("states", name, "initial"))})


def begin_in_two_states(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        for name, state in entity.get("states", {}).items():
            if not state.get("initial"):
                changed = with_value(entity, ("states", name, "initial"), True)
                yield Change(f"{entity['entity']} {name}", {file: changed})


def add_a_state_nobody_reaches(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        if "states" in entity:
            changed = with_value(entity, ("states", "forgotten"), {"meaning": "Nobody gets here."})
            yield Change(entity["entity"], {file: changed})


def contradict_an_invariant(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        for name, invariant in entity.get("invariants", {}).items():
            path = ("invariants", name, "that")
            if invariant["that"].startswith("count <="):
                yield Change(f"{entity['entity']} {name}", {file: with_value(entity, path, "count < 0")})


def _without_ways_to(entity: Document, target: str) -> Document:
    changed = entity
    for name, state in entity["states"].items():
        if target in state.get("to", ()):
            rest = [other for other in state["to"] if other != target]
            changed = with_value(changed, ("states", name, "to"), rest)
    return changed
