"""Unsafe changes of who may do what, and to whose rows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.writ.mutation.written import Change, Document, Written, with_value, without


def drop_allow(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        yield Change(tool["tool"], {file: without(tool, ("allow",))})


def empty_allow(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        yield Change(tool["tool"], {file: with_value(tool, ("allow",), {})})


def make_public(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        yield Change(tool["tool"], {file: with_value(without(tool, ("allow",)), ("public",), True)})


def make_public_besides_roles(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        yield Change(tool["tool"], {file: with_value(tool, ("public",), True)})


def own_to_all(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        for role, reach in tool["allow"].items():
            if reach == "own":
                yield Change(f"{tool['tool']} {role}", {file: with_value(tool, ("allow", role), "all")})


def let_everybody_reach_the_rows_of_all(app: Written) -> Iterator[Change]:
    """A role that is not staff, in a tool that has rows with an owner."""
    for file, tool in app.all_of("tool"):
        owned = any(
            node.file == file and "entity" in node.written and app.owner_of(node.written["entity"])
            for node in app.nodes()
        )
        for role in app.roles() if owned else ():
            if not app.staff(role) and role not in tool["allow"]:
                yield Change(f"{tool['tool']} {role}", {file: with_value(tool, ("allow", role), "all")})


def misspell_a_role(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        for role, reach in tool["allow"].items():
            allow = {name: given for name, given in tool["allow"].items() if name != role}
            changed = with_value(tool, ("allow",), {**allow, f"{role}s": reach})
            yield Change(f"{tool['tool']} {role}", {file: changed})


def staff_that_is_none(app: Written) -> Iterator[Change]:
    """The role is not staff any more, and tools still let it reach the rows of all."""
    for role in app.roles():
        owned = any(
            node.tool["allow"].get(role) == "all" and app.owner_of(node.written["entity"])
            for node in app.nodes("read", "update", "transition", "archive")
        )
        if app.staff(role) and owned:
            document = app.documents["app.yaml"]
            yield Change(role, {"app.yaml": without(document, ("roles", role, "staff"))})


def drop_the_owner(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        if "owner" in entity:
            yield Change(entity["entity"], {file: without(entity, ("owner",))})


def owner_from_input(app: Written) -> Iterator[Change]:
    """The owner of a new row is what the request says."""
    for node in app.nodes("create"):
        owner = app.owner_of(node.written["entity"])
        if owner and "own" in node.tool["allow"].values():
            changed = node.put(("set", owner), "input.whose", of=owner)
            described = app.entity(node.written["entity"])["fields"][owner]
            yield Change(changed.site, {node.file: _asking(changed.documents[node.file], described["type"])})


def find_the_owner_by_input(app: Written) -> Iterator[Change]:
    """The row that stands for the caller is looked up by what the request says, by a tool that reaches all rows."""
    for node in app.nodes("read"):
        if node.written.get("where", {}).get("account") == "principal.subject":
            changed = _asking(node.having(where={"id": "input.whose"}).documents[node.file], "reference")
            for role, reach in node.tool["allow"].items():
                if reach == "own":
                    yield Change(f"{node.site} {role}", {node.file: with_value(changed, ("allow", role), "all")})


def change_the_owner(app: Written) -> Iterator[Change]:
    for file, entity in app.all_of("entity"):
        owner: str = entity.get("owner", "")
        for node in app.nodes("update", "transition"):
            if owner and node.written["entity"] == entity["entity"]:
                changed = node.put(("set", owner), "input.whose", of=owner)
                asking = _asking(changed.documents[node.file], entity["fields"][owner]["type"])
                free = without(entity, ("fields", owner, "immutable"))
                yield Change(changed.site, {node.file: asking, file: free})


def webhook_that_anybody_can_call(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        role = next(iter(tool["allow"]))
        hook = {"path": f"/hooks/{tool['tool']}", "roles": [role]}
        signature = {"header": "X-Signature", "secret": "hook_secret"}
        trigger = with_value(tool, ("trigger",), {"webhook": hook})
        yield Change(f"{tool['tool']} unsigned", {file: trigger})
        signed = {**hook, "signature": signature}
        yield Change(f"{tool['tool']} replayed", {file: with_value(tool, ("trigger",), {"webhook": signed})})


def schedule_with_a_role_it_may_not_have(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        schedule = {"schedule": "0 3 * * *", "as": {"subject": "clock", "roles": ["operator"]}}
        yield Change(tool["tool"], {file: with_value(tool, ("trigger",), {"cron": schedule})})


def call_as_somebody_with_more_rights(app: Written) -> Iterator[Change]:
    """A tool for people who are no staff calls one for staff, as staff."""
    for file, tool in app.all_of("tool"):
        if any(app.staff(role) for role in tool["allow"]):
            continue
        for _, other in app.all_of("tool"):
            role = next((name for name in other["allow"] if app.staff(name)), None)
            if role and not other["input"].get("required"):
                call = {"call": "more", "tool": other["tool"], "input": {}, "as": role}
                changed = with_value(tool, ("flow",), [call, *tool["flow"]])
                yield Change(f"{tool['tool']} {other['tool']}", {file: changed})


def weaken_tokens(app: Written) -> Iterator[Change]:
    document = app.documents["app.yaml"]
    if "auth" in document:
        for key in ("issuer", "audience"):
            yield Change(key, {"app.yaml": without(document, ("auth", key))})
        yield Change("require", {"app.yaml": with_value(document, ("auth", "require"), ["sub"])})
        yield Change("none", {"app.yaml": with_value(document, ("auth", "algorithms"), ["none"])})
        yield Change("HS256", {"app.yaml": with_value(document, ("auth", "algorithms"), ["HS256"])})


def show_row_ids_to_agents(app: Written) -> Iterator[Change]:
    for file, tool in app.all_of("tool"):
        if "uuid" in str(tool["input"]) + str(tool["output"]):
            yield Change(tool["tool"], {file: with_value(tool, ("trigger",), {"agent": {"title": "Do it"}})})


def _asking(tool: Document, kind: str) -> Document:
    """The tool with one more input: who the row belongs to."""
    schema = {"type": "string", "format": "uuid"} if kind == "reference" else {"type": "string", "maxLength": 200}
    changed = with_value(tool, ("input", "properties", "whose"), schema)
    return with_value(changed, ("input", "required"), [*tool["input"].get("required", ()), "whose"])
