"""What changed since another version of an app: which of its tools must be looked at again one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from cli.endings import Misused
from cli.versions.side import ACTIVE, Side, side
from writ.graph.flow import FlowGraph
from writ.nodes.typed import TypedApp, TypedTool

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Since:
    """The version before, and the names of the tools that are not as they were in it."""

    previous: TypedApp
    changed: frozenset[str]


def since(version: str, app: TypedApp, files: Files) -> Since:
    """What changed from `version` (a release, `active`, a folder or one in a revision of git) to an app and its files.

    Misused where it is no version of this app; CannotGoOn where it cannot be read.
    """
    before = side(f"{ACTIVE}:{app.name}" if version == ACTIVE else version)
    if before.app.name != app.name:
        raise Misused(f"`{version}` is a version of `{before.app.name}`, not of `{app.name}`")
    return Since(before.app, changed_tools(before, app, files))


def changed_tools(before: Side, app: TypedApp, files: Files) -> frozenset[str]:
    """The tools whose own document, or that of a tool they call, is not the same as before.

    Every tool, when anything changed that tools have in common: the app, an entity, a connector, a policy.
    """
    old, new = _Texts.of(before.app, before.files), _Texts.of(app, files)
    if old is None or new is None or old.shared != new.shared:
        return frozenset(app.tools)
    kept = {path for path, text in new.tools.items() if old.tools.get(path) == text}
    same = {name for name, tool in app.tools.items() if new.path(tool) in kept and _was_whole(before.app, name)}
    return _with_callers(frozenset(app.tools) - same, app)


def _was_whole(before: TypedApp, name: str) -> bool:
    return name in before.tools and before.tools[name].whole


def _with_callers(changed: frozenset[str], app: TypedApp) -> frozenset[str]:
    calls = {name: _called(tool) for name, tool in app.tools.items()}
    while callers := {name for name, called in calls.items() if called & changed} - changed:
        changed |= callers
    return changed


def _called(tool: TypedTool) -> frozenset[str]:
    return frozenset(step.facts.calls for step in FlowGraph(tool).steps if step.facts.calls is not None)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The documents of an app by their path beside that of the app itself: those of tools, and all others."""

    folder: str
    tools: Files
    shared: Files

    @classmethod
    def of(cls, app: TypedApp, files: Files) -> _Texts | None:
        """None where the document of the app does not stand above all others, so that paths cannot be compared."""
        if app.span is None:
            return None
        folder = app.span.file.removesuffix(PurePosixPath(app.span.file).name)
        if not all(path.startswith(folder) for path in files):
            return None
        of_tools = {tool.span.file for tool in app.tools.values()}
        below = {path: (path.removeprefix(folder), text) for path, text in files.items()}
        tools = dict(below[path] for path in files if path in of_tools)
        return cls(folder, tools, dict(below[path] for path in files if path not in of_tools))

    def path(self, tool: TypedTool) -> str:
        """The path of the document of a tool."""
        return tool.span.file.removeprefix(self.folder)
