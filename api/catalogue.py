"""What can be called now: the active releases with their addresses, prepared once for each release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from api.openapi import document
from api.refusals import DoorRefused
from api.route_table import RouteTable, WrongMethod
from writ.program import LoadedRelease, ToolProgram
from writ.registry import Registry


class ActiveReleases(Protocol):
    """Which release decides for new runs of an app."""

    def active(self, app: str) -> str | None:
        """The digest; None where the app was never published."""

    def apps(self) -> tuple[str, ...]:
        """The published apps."""


@dataclass(frozen=True, slots=True)
class CalledTool:
    """One tool of the release that decides now; `parameters` are the texts the address gives."""

    release: LoadedRelease
    program: ToolProgram
    parameters: Mapping[str, str]

    @property
    def app(self) -> str:
        return self.release.release.app

    @property
    def tool(self) -> str:
        return self.program.plan.tool


class Catalogue:
    """Tools by name and by address, always of the releases that are active at the moment of asking."""

    def __init__(self, releases: ActiveReleases, registry: Registry) -> None:
        self._releases = releases
        self._registry = registry
        self._routes: dict[str, tuple[str, RouteTable]] = {}
        self._description: tuple[tuple[str, ...], dict[str, Any]] | None = None

    def by_name(self, name: str) -> CalledTool:
        """The tool called `app.tool`; DoorRefused (404) where there is none."""
        app, _, tool = name.partition(".")
        return self._called(self._release(app), tool, {})

    def by_address(self, method: str, segments: Sequence[str]) -> CalledTool:
        """The tool that answers at an address, `segments` beginning with the app; DoorRefused (404, 405)."""
        release = self._release(segments[0])
        found = self._table(release).find(method, segments[1:])
        if isinstance(found, WrongMethod):
            raise DoorRefused("method_not_allowed", headers={"Allow": ", ".join(found.allowed)})
        if found is None:
            raise DoorRefused("not_found")
        return self._called(release, found.tool, found.parameters)

    def releases(self) -> list[LoadedRelease]:
        """The active releases in order of their apps' names."""
        digests = (self._releases.active(app) for app in sorted(self._releases.apps()))
        return [self._registry.get(digest) for digest in digests if digest is not None]

    def description(self) -> dict[str, Any]:
        """The OpenAPI description of what can be called now."""
        releases = self.releases()
        digests = tuple(release.digest for release in releases)
        if self._description is None or self._description[0] != digests:
            self._description = (digests, document({each.digest: each.release for each in releases}))
        return self._description[1]

    def _release(self, app: str) -> LoadedRelease:
        digest = self._releases.active(app)
        if digest is None:
            raise DoorRefused("not_found")
        return self._registry.get(digest)

    def _called(self, release: LoadedRelease, tool: str, parameters: Mapping[str, str]) -> CalledTool:
        program = release.tools.get(tool)
        if program is None:
            raise DoorRefused("not_found")
        return CalledTool(release, program, parameters)

    def _table(self, release: LoadedRelease) -> RouteTable:
        app = release.release.app
        known = self._routes.get(app)
        if known is None or known[0] != release.digest:
            known = self._routes[app] = (release.digest, RouteTable(release.release.tools))
        return known[1]
