"""`writ call`: one call of a tool, over HTTP."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli import spec_folder
from cli.completion import complete_tool
from cli.endings import BLOCKED, Misused
from cli.terminal import Format, FormatOption, complain, print_json, say

if TYPE_CHECKING:
    from cli.api_client import Reply
    from settings import Settings

_NO_TEXT_WANTED = re.compile(r"is not (?!a text\b).*?\b(an integer|a number|true or false|an object|a list|null)\b")


def call(
    tool: Annotated[
        str, typer.Argument(help="`app.tool`; the app may be left out where it is clear.", autocompletion=complete_tool)
    ],
    values: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=TEXT | NAME:=JSON]...", help="The input, value by value.")
    ] = None,
    input: Annotated[
        str | None, typer.Option(metavar="JSON", help="The input as JSON; `@file` and `-` are read.")
    ] = None,
    role: Annotated[list[str] | None, typer.Option(help="A role of the caller; may be given more than once.")] = None,
    subject: Annotated[str, typer.Option(help="Who calls.")] = "developer",
    token: Annotated[
        str | None, typer.Option(help="A token, instead of a development token; `@file` and `-` are read.")
    ] = None,
    idempotency_key: Annotated[str | None, typer.Option(help="The same key and input: the same run.")] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the answer, or print the run's id.")] = True,
    url: Annotated[str | None, typer.Option(help="The API; the one that runs here if not given.")] = None,
    format: FormatOption = Format.text,
) -> None:
    """Call a tool over HTTP.

    Prints the answer of the running API, or why it said no.
    """
    from cli.api_address import api_url
    from cli.api_client import ApiClient, given_input, given_token
    from cli.unknown_tool import unknown_tool
    from settings import Settings

    settings = Settings()
    if token is not None and role:
        raise Misused("`--token` and `--role` exclude each other", "a token brings its own roles")
    if input == "-" and token == input:
        raise Misused("only one of `--token` and `--input` can be read from stdin")
    name = full_name(tool, settings)
    given = given_input(input, values or [])
    with ApiClient(url or api_url(settings), given_token(token, subject, role or [])) as api:
        reply = api.call(name, given, key=idempotency_key, wait=wait)
        unknown = unknown_tool(api, name, reply) if format is Format.text else None
    if format is Format.json:
        print_json({"run": reply.run, "outcome": reply.outcome, "status": reply.status, "content": reply.content})
    elif unknown is not None:
        complain(*unknown)
    else:
        _print_text(reply, values or [])
    raise typer.Exit(BLOCKED if reply.is_problem else 0)


def full_name(tool: str, settings: Settings) -> str:
    """`app.tool` for `tool`, which may lack the app where one app alone has it; Misused otherwise."""
    if "." in tool:
        return tool
    found = sorted(name for name in spec_folder.tools_in(settings.specs_folder) if name.split(".", 1)[1] == tool)
    if len(found) == 1:
        return found[0]
    if found:
        raise Misused(f"more than one app has a tool `{tool}`", "name one: " + ", ".join(f"`{name}`" for name in found))
    raise Misused(f"no app in `{settings.specs_folder}` has a tool `{tool}`", "name it as `app.tool`")


def _print_text(reply: Reply, values: list[str]) -> None:
    from cli.api_client import problem_lines

    sys.stderr.flush()
    if reply.is_problem:
        first, *others = problem_lines(reply.content)
        complain("\n".join([first, *others]), _hint(reply, values))
    elif reply.outcome == "running":
        print_json({"run": reply.run, "outcome": reply.outcome})
    else:
        print_json(reply.content)
    if reply.run is not None:
        # On a line each: a narrow terminal would break the second id.
        say(f"run {reply.run}")
        say(f"`writ why {reply.run}` explains it")


def _hint(reply: Reply, values: list[str]) -> str:
    if reply.status == 401:
        return "the token was not accepted; it may have expired, or be for another API"
    if reply.code == "forbidden":
        return "`--role` says in which role you call"
    wrong = {each["pointer"].strip("/") for each in _errors(reply) if _NO_TEXT_WANTED.match(each["message"])}
    texts = [name for name, _, _ in (value.partition("=") for value in values) if name in wrong]
    return f"`{texts[0]}=…` sends a text; `{texts[0]}:=…` sends JSON, such as a number" if texts else ""


def _errors(reply: Reply) -> list[dict[str, str]]:
    found: list[dict[str, str]] = reply.content.get("errors", []) if isinstance(reply.content, dict) else []
    return found
