"""Which tool answers at an address: built once per release, so that a switch of releases is a switch of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from writ.plan.model import ToolPlan


@dataclass(frozen=True, slots=True)
class Found:
    """The tool that answers, and the texts of its path's parameters."""

    tool: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The address is known, the method is not; `allowed` are the ones it takes, sorted."""

    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    pattern: tuple[str, ...]
    tool: str

    @property
    def order(self) -> tuple[bool, ...]:
        """Fixed segments come before parameters, from left to right."""
        return tuple(parameter_name(part) is not None for part in self.pattern)

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        parameters: dict[str, str] = {}
        for part, segment in zip(self.pattern, segments, strict=True):
            name = parameter_name(part)
            if name is None:
                if part != segment:
                    return None
            elif not segment:
                return None
            else:
                parameters[name] = segment
        return parameters


class RouteTable:
    """The addresses of one release's tools, below the app's own segment."""

    def __init__(self, tools: Mapping[str, ToolPlan]) -> None:
        self._by_length: dict[int, list[_Route]] = {}
        for name, plan in sorted(tools.items()):
            if plan.http is not None:
                route = _Route(plan.http.method, pattern(plan.http.path), name)
                self._by_length.setdefault(len(route.pattern), []).append(route)
        for routes in self._by_length.values():
            routes.sort(key=lambda route: route.order)

    def find(self, method: str, segments: Sequence[str]) -> Found | WrongMethod | None:
        """The tool at this address below the app; the methods it takes where only the method is wrong; else None."""
        allowed: set[str] = set()
        for route in self._by_length.get(len(segments), ()):
            parameters = route.match(segments)
            if parameters is None:
                continue
            if route.method == method:
                return Found(route.tool, parameters)
            allowed.add(route.method)
        return WrongMethod(tuple(sorted(allowed))) if allowed else None


def pattern(path: str) -> tuple[str, ...]:
    """The segments of a trigger's path (`/appointments/{appointment}`)."""
    return tuple(path.strip("/").split("/"))


def parameter_name(part: str) -> str | None:
    """The name in a segment such as `{appointment}`; None for a fixed segment."""
    return part[1:-1] if part.startswith("{") and part.endswith("}") else None
