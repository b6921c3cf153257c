"""What the app says about itself: tokens, histories, its own rules, and what it accepts."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes.change import Change, Versions, gone, paired
from writ.changes.expressions import same
from writ.changes.kinds import Kind
from writ.nodes.typed_terms import DesignRule
from writ.spec.resolved import TokenRules


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what holds for the whole app."""
    old, new = versions.old.app, versions.new.app
    if old.name != new.name:
        message = f"the app is called `{new.name}`, and no longer `{old.name}`: its tables and addresses are others"
        yield Change(Kind.APP_RENAMED, versions.name, message, *versions.spans, f"keep the name `{old.name}`")
    yield from _tokens(versions)
    if old.encrypted_history != new.encrypted_history:
        kind = Kind.HISTORY_ENCRYPTED if new.encrypted_history else Kind.HISTORY_IN_CLEAR
        message = f"what new runs handle is kept {'encrypted' if new.encrypted_history else 'in clear'}"
        help = "" if new.encrypted_history else "write `history: encrypted` again"
        yield Change(kind, versions.name, message, *versions.spans, help)
    if old.description != new.description:
        message = "the app is described otherwise"
        yield Change(Kind.WORDING_CHANGED, versions.name, message, *versions.spans)
    for name, before, after in paired(old.roles, new.roles):
        if before.description != after.description:
            message = f"the role `{name}` is described otherwise"
            yield Change(Kind.WORDING_CHANGED, f"{versions.name}.roles.{name}", message, before.span, after.span)
    yield from _rules(versions)
    yield from _accepted(versions)


def _tokens(versions: Versions) -> Iterator[Change]:
    old, new = versions.old.app.tokens, versions.new.app.tokens
    path = f"{versions.name}.auth"
    places = old.span if old else versions.spans[0], new.span if new else versions.spans[1]
    for what in _demands_lost(old, new):
        message = f"tokens are verified less strictly: {what}"
        yield Change(Kind.TOKENS_WEAKENED, path, message, *places, "keep what was asked of tokens")
    for what in _demands_lost(new, old, reverse=True):
        message = f"tokens are verified more strictly: {what}"
        yield Change(Kind.TOKENS_STRENGTHENED, path, message, *places)
    if old is not None and new is not None:
        for key in ("issuer", "audience"):
            before, after = getattr(old, key), getattr(new, key)
            if before and after and before != after:
                message = f"the {key} of tokens is `{after}`, and no longer `{before}`"
                yield Change(Kind.TOKENS_CHANGED, path, message, *places, "look at who makes these tokens")


def _demands_lost(old: TokenRules | None, new: TokenRules | None, *, reverse: bool = False) -> Iterator[str]:
    """What the first asks of tokens and the second does not; told the other way round with `reverse`."""
    if old is None:
        return
    if new is None:
        yield f"the app {'says' if reverse else 'no longer says'} how they are"
        return
    for key in ("issuer", "audience"):
        if getattr(old, key) and not getattr(new, key):
            yield f"their {key} is {'' if reverse else 'no longer '}said"
    for claim in sorted(set(old.require) - set(new.require)):
        yield f"`{claim}` {'must' if reverse else 'need not'} be there"
    if old.algorithms:
        for algorithm in sorted(set(new.algorithms) - set(old.algorithms)):
            yield f"`{algorithm}` is {'no longer ' if reverse else ''}taken"


def _rules(versions: Versions) -> Iterator[Change]:
    old = {rule.id: rule for rule in versions.old.app.design_rules}
    new = {rule.id: rule for rule in versions.new.app.design_rules}
    for id, rule in gone(old, new):
        message = f"the app's own rule `{id}` (`{rule.name}`) is gone"
        help = f"keep the policy `{rule.name}`"
        yield Change(Kind.DESIGN_RULE_REMOVED, _path(versions, id), message, rule.span, versions.spans[1], help)
    for id, rule in gone(new, old):
        message = f"the app has a rule of its own, `{id}` (`{rule.name}`)"
        yield Change(Kind.DESIGN_RULE_ADDED, _path(versions, id), message, versions.spans[0], rule.span)
    for id, before, after in paired(old, new):
        yield from _rule(_path(versions, id), before, after)


def _path(versions: Versions, id: str) -> str:
    return f"{versions.name}.{id}"


def _rule(path: str, old: DesignRule, new: DesignRule) -> Iterator[Change]:
    places = old.span, new.span
    if old.level == "red" and new.level == "yellow":
        message = f"the app's own rule `{new.id}` no longer blocks"
        yield Change(Kind.DESIGN_RULE_WEAKENED, path, message, *places, "write `level: red` again")
    elif old.level == "yellow" and new.level == "red":
        message = f"the app's own rule `{new.id}` blocks from now on"
        yield Change(Kind.DESIGN_RULE_STRENGTHENED, path, message, *places)
    if (same(old.design), old.about) != (same(new.design), new.about):
        yield Change(Kind.DESIGN_RULE_CHANGED, path, f"the app's own rule `{new.id}` finds something else", *places)
    if (old.message, old.help) != (new.message, new.help):
        yield Change(Kind.WORDING_CHANGED, path, f"the app's own rule `{new.id}` reads otherwise", *places)


def _accepted(versions: Versions) -> Iterator[Change]:
    old = {one.fingerprint: one for one in versions.old.app.acknowledgements}
    new = {one.fingerprint: one for one in versions.new.app.acknowledgements}
    path = f"{versions.name}.acknowledgements"
    for _, one in gone(new, old):
        message = f"`{one.by}` accepts a finding of `{one.rule}` until {one.until}: {one.reason}"
        yield Change(Kind.FINDING_ACCEPTED, path, message, versions.spans[0], one.span)
    for _, one in gone(old, new):
        message = f"a finding of `{one.rule}` is no longer accepted"
        yield Change(Kind.FINDING_NO_LONGER_ACCEPTED, path, message, one.span, versions.spans[1])
    for _, before, after in paired(old, new):
        if before.until < after.until:
            message = f"a finding of `{after.rule}` is accepted until {after.until}, and no longer until {before.until}"
            yield Change(Kind.FINDING_ACCEPTED, path, message, before.span, after.span)
