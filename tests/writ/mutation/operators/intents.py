"""Changes of what the author wants: another rule of the business, which nobody can tell from the one that was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.writ.mutation.written import Change, Written, expressions, spelled, with_value, without


def drop_a_require(app: Written) -> Iterator[Change]:
    """What has to hold before something is done is the rule of the business."""
    for node in app.nodes("require"):
        yield node.replaced()


def drop_one_conjunct(app: Written) -> Iterator[Change]:
    """The same, in part."""
    for node in app.nodes("require", "if"):
        for path, text in expressions(node):
            parts = text.split(" && ")
            for index in range(len(parts)) if len(parts) > 1 else ():
                rest = " && ".join([*parts[:index], *parts[index + 1 :]])
                yield node.put(path, rest, of=str(index))


def or_instead_of_and(app: Written) -> Iterator[Change]:
    """The same: either is enough."""
    for node in app.nodes("require", "if"):
        for path, text in expressions(node):
            if " && " in text:
                yield node.put(path, text.replace(" && ", " || "))


def negate_a_guard(app: Written) -> Iterator[Change]:
    """The same, the other way round."""
    for node in app.nodes("require", "if"):
        for path, text in expressions(node):
            yield node.put(path, f"!({text})")


def compare_the_other_way(app: Written) -> Iterator[Change]:
    """Who passes a guard, and which branch is taken."""
    turned = {"==": "!=", "!=": "==", "<=": ">", ">=": "<", "<": ">=", ">": "<="}
    for node in app.nodes("require", "if", "switch", "transform"):
        for path, text in expressions(node):
            changed = re.sub(r"(?<= )(==|!=|<=|>=|<|>)(?= )", lambda found: turned[found[1]], text)
            if changed != text:
                yield node.put(path, changed, of=spelled(path))


def another_declared_state(app: Written) -> Iterator[Change]:
    """In a condition: a state that the entity has, and not the one that was meant."""
    for node in app.nodes("read", "update", "transition", "archive"):
        written = node.written.get("where", {}).get("state")
        for state in app.entity(node.written["entity"]).get("states", {}) if written else ():
            if written != f"'{state}'":
                yield node.put(("where", "state"), f"'{state}'", of=state)


def move_to_another_declared_state(app: Written) -> Iterator[Change]:
    """One that can be reached, and is not the one that was meant."""
    for node in app.nodes("transition"):
        states = app.entity(node.written["entity"])["states"]
        reached = {target for state in states.values() for target in state.get("to", ())}
        for state in sorted(reached - {node.written["to"]}):
            yield node.having(of=state, to=state)


def drop_an_invariant(app: Written) -> Iterator[Change]:
    """What must hold for all rows at all times is nowhere said but there."""
    for file, entity in app.all_of("entity"):
        for name in entity.get("invariants", {}):
            yield Change(f"{entity['entity']} {name}", {file: without(entity, ("invariants", name))})


def drop_a_policy(app: Written) -> Iterator[Change]:
    """Whom and when the business refuses."""
    for file, policy in app.all_of("policy"):
        yield Change(policy["policy"], {file: with_value(policy, ("deny_when",), "false")})


def let_another_role_in(app: Written) -> Iterator[Change]:
    """Staff that was not meant to, with all rows."""
    for file, tool in app.all_of("tool"):
        for role in app.roles():
            if app.staff(role) and role not in tool["allow"]:
                yield Change(f"{tool['tool']} {role}", {file: with_value(tool, ("allow", role), "all")})


def drop_a_write(app: Written) -> Iterator[Change]:
    """What the tool does at all; a row that it leaves alone is as it was."""
    for node in app.nodes("update", "transition", "archive", "emit"):
        yield node.replaced()


def declare_no_longer_personal(app: Written) -> Iterator[Change]:
    """What a field means in the world only its author knows."""
    for file, entity in app.all_of("entity"):
        for field, described in entity["fields"].items():
            if described.get("personal"):
                changed = without(entity, ("fields", field, "personal"))
                yield Change(f"{entity['entity']}.{field}", {file: changed})


def declare_mutable(app: Written) -> Iterator[Change]:
    """Nobody writes the field: a tool that does so one day may be meant."""
    for file, entity in app.all_of("entity"):
        for field, described in entity["fields"].items():
            if described.get("immutable"):
                changed = without(entity, ("fields", field, "immutable"))
                yield Change(f"{entity['entity']}.{field}", {file: changed})


def declare_no_longer_unique(app: Written) -> Iterator[Change]:
    """Whether two rows may have the same value."""
    for file, entity in app.all_of("entity"):
        for field, described in entity["fields"].items():
            if described.get("unique"):
                changed = without(entity, ("fields", field, "unique"))
                yield Change(f"{entity['entity']}.{field}", {file: changed})


def declare_harmless(app: Written) -> Iterator[Change]:
    """What an operation does in the world only its author knows."""
    for file, connector in app.all_of("connector"):
        for name, operation in connector["operations"].items():
            if operation["effect"] != "none":
                path = ("operations", name, "effect")
                yield Change(f"{connector['connector']}/{name}", {file: with_value(connector, path, "none")})
