"""Who may do what: roles, what they may call, and whose rows are whose."""

from __future__ import annotations

from collections.abc import Iterator

from writ.changes.change import Change, ToolPair, Versions, gone, paired
from writ.changes.kinds import Kind
from writ.changes.words import rows
from writ.graph.belonging import Mark, kept_to_principal, touched
from writ.spec.resolved import Entity, Role


def compare(versions: Versions) -> Iterator[Change]:
    """Every change of what somebody may do."""
    yield from _roles(versions)
    for tool in versions.tools:
        yield from _allowed(tool)
        yield from _open(tool)
        yield from _kept(tool)
    for name, old, new in paired(versions.old.app.entities, versions.new.app.entities):
        path = f"{versions.name}.{name}"
        yield from _mark(path, old, new, old.owner, new.owner, _OWNER)
        yield from _mark(path, old, new, old.tenant, new.tenant, _TENANT)


def _roles(versions: Versions) -> Iterator[Change]:
    old, new = versions.old.app.roles, versions.new.app.roles
    for name, role in gone(old, new):
        message = f"the role `{name}` is gone: whoever has it can call nothing by it"
        help = "keep the role until nobody has it"
        yield Change(Kind.ROLE_REMOVED, _role(versions, name), message, role.span, versions.new.app.span, help)
    for name, role in gone(new, old):
        staff = ", which is staff" if role.staff else ""
        message = f"there is a new role `{name}`{staff}"
        yield Change(Kind.ROLE_DECLARED, _role(versions, name), message, versions.old.app.span, role.span)
    for name, before, after in paired(old, new):
        yield from _role_changes(_role(versions, name), before, after)


def _role(versions: Versions, name: str) -> str:
    return f"{versions.name}.roles.{name}"


def _role_changes(path: str, old: Role, new: Role) -> Iterator[Change]:
    name = new.name
    if new.staff and not old.staff:
        help = "leave `staff` away unless these people look after the rows of others"
        message = f"`{name}` is staff now: it may be given rows that belong to others"
        yield Change(Kind.STAFF_GAINED, path, message, old.span, new.span, help)
    if old.staff and not new.staff:
        yield Change(Kind.STAFF_LOST, path, f"`{name}` is no longer staff", old.span, new.span)
    for one in sorted(set(new.reads) - set(old.reads)):
        message = f"`{name}` may now be answered `{one}` data of others"
        yield Change(Kind.READS_GAINED, path, message, old.span, new.span, f"take `{one}` out of its `reads`")
    for one in sorted(set(old.reads) - set(new.reads)):
        message = f"`{name}` may no longer be answered `{one}` data of others"
        yield Change(Kind.READS_LOST, path, message, old.span, new.span)


def _allowed(tool: ToolPair) -> Iterator[Change]:
    old, new = tool.old.allow, tool.new.allow
    for role in sorted(old.keys() | new.keys()):
        before, after = old.get(role), new.get(role)
        places = tool.spans(f"allow.{role}", "allow")
        if before is None:
            message = f"`{role}` may now call `{tool.new.name}`, over {rows(str(after))}"
            help = f"leave `{role}` out of `allow` unless it must"
            yield Change(Kind.ROLE_ALLOWED, tool.path, message, *places, help)
        elif after is None:
            message = f"`{role}` may no longer call `{tool.new.name}`: it is refused from now on"
            yield Change(Kind.ROLE_DISALLOWED, tool.path, message, *places)
        elif before != after:
            kind = Kind.ACCESS_WIDENED if after == "all" else Kind.ACCESS_NARROWED
            message = f"`{role}` calls `{tool.new.name}` over {rows(after)}, and no longer over {rows(before)}"
            help = f"write `{role}: own`" if after == "all" else ""
            yield Change(kind, tool.path, message, *places, help)


def _open(tool: ToolPair) -> Iterator[Change]:
    name = tool.new.name
    if tool.new.public != tool.old.public:
        kind = Kind.MADE_PUBLIC if tool.new.public else Kind.NO_LONGER_PUBLIC
        message = f"nobody needs a token to call `{name}`" if tool.new.public else f"`{name}` takes a token now"
        help = "take `public: true` out" if tool.new.public else ""
        yield Change(kind, tool.path, message, *tool.spans("public"), help)
    if tool.new.conceal != tool.old.conceal:
        kind = Kind.CONCEALED if tool.new.conceal else Kind.NO_LONGER_CONCEALED
        told = "no longer learn" if tool.new.conceal else "learn"
        message = f"callers without a role {told} that `{name}` is there"
        help = "" if tool.new.conceal else "write `conceal: true` again unless everybody may know"
        yield Change(kind, tool.path, message, *tool.spans("conceal"), help)


_OWNER = "owner", Kind.OWNER_REMOVED, Kind.OWNER_CHANGED, Kind.OWNER_ADDED
_TENANT = "tenant", Kind.TENANT_REMOVED, Kind.TENANT_CHANGED, Kind.TENANT_ADDED


def _mark(
    path: str, old: Entity, new: Entity, before: str | None, after: str | None, words: tuple[str, Kind, Kind, Kind]
) -> Iterator[Change]:
    what, removed, changed, added = words
    if before == after:
        return
    if after is None:
        message = f"rows of `{new.name}` have no {what} any more: every role that may read them reads all"
        yield Change(removed, path, message, old.span, new.span, f"write `{what}: {before}` again")
    elif before is None:
        yield Change(added, path, f"`{after}` says which {what} a row of `{new.name}` has", old.span, new.span)
    else:
        message = f"`{after}`, and no longer `{before}`, says which {what} a row of `{new.name}` has"
        help = f"rows that are there may change hands: keep `{what}: {before}`, or look at every row first"
        yield Change(changed, path, message, old.span, new.span, help)


_KEPT: tuple[tuple[Mark, Kind, Kind], ...] = (
    ("owner", Kind.OWNER_UNCHECKED, Kind.OWNER_CHECKED),
    ("tenant", Kind.TENANT_UNCHECKED, Kind.TENANT_CHECKED),
)


def _kept(tool: ToolPair) -> Iterator[Change]:
    """Steps that themselves keep to rows of the principal, or give it those they make, or no longer do."""
    if tool.facts is None or tool.steps is None:
        return
    for pair in tool.steps.pairs:
        entities = touched(pair.old), touched(pair.new)
        if entities[0] is None or entities[1] is None:
            continue
        for mark, lost, gained in _KEPT:
            if getattr(entities[0], mark) is None or getattr(entities[1], mark) is None:
                continue
            before = kept_to_principal(tool.facts[0], pair.old, mark)
            after = kept_to_principal(tool.facts[1], pair.new, mark)
            places = pair.old.facts.span, pair.new.facts.span
            path, name = f"{tool.path}/{pair.new.path}", pair.new.facts.name
            if before and not after and not (mark == "owner" and _all_own(tool)):
                message = f"`{name}` no longer keeps to rows whose {mark} is the caller's"
                help = f"compare the {mark} with what the token says, as before"
                yield Change(lost, path, message, *places, help)
            elif after and not before:
                yield Change(gained, path, f"`{name}` keeps to rows whose {mark} is the caller's", *places)


def _all_own(tool: ToolPair) -> bool:
    """Whether the plan itself keeps every caller to its own rows."""
    return bool(tool.new.allow) and all(scope == "own" for scope in tool.new.allow.values())
