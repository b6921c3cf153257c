"""A call of a tool that is not there: which of the two names is wrong, and which one was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from writ.problems import did_you_mean

if TYPE_CHECKING:
    from cli.api_client import ApiClient, Reply

_NOT_FOUND = 404
_TOOLS = "/v1/tools/"


def unknown_tool(api: ApiClient, name: str, reply: Reply) -> tuple[str, str] | None:
    """Reason and way out where `reply` says that there is no tool `name` (`app.tool`); None where it says otherwise."""
    if reply.status != _NOT_FOUND or reply.run is not None:
        return None
    # Not `GET /v1/tools`: that leaves out what the caller's roles may not call.
    described = api.request("GET", "/openapi.json")
    paths = described.content.get("paths", {}) if isinstance(described.content, dict) else {}
    tools = [path.removeprefix(_TOOLS) for path in paths if path.startswith(_TOOLS)]
    app, _, tool = name.partition(".")
    of_app = [each.partition(".")[2] for each in tools if each.partition(".")[0] == app]
    if described.is_problem or tool in of_app:
        return None
    if of_app:
        return f"`{app}` has no tool `{tool}`", did_you_mean(tool, of_app)
    apps = did_you_mean(app, {each.partition(".")[0] for each in tools})
    return f"no app `{app}` is published at {api.url}", apps or "`writ dev` publishes the apps in `specs`"
