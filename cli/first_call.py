"""A first call to try: the tool that needs least, with an input that fits."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from writ.plan.model import Release, ToolPlan


@dataclass(frozen=True, slots=True)
class FirstCall:
    """A call of `tool` (`app.tool`) in `role`, with `input`, at `method` and `path`."""

    tool: str
    role: str
    method: str
    path: str
    input: dict[str, Any]

    def curl(self, url: str) -> str:
        """What to give to curl, apart from the token."""
        if self.method == "GET":
            return f"{url}{self.path}"
        body = shlex.quote(json.dumps(self.input, ensure_ascii=False))
        return f"-X {self.method} {url}{self.path} -H 'Content-Type: application/json' -d {body}"

    @property
    def values(self) -> str:
        """The input as `writ call` takes it, with a space before each value."""
        return "".join(f" {shlex.quote(_value(name, value))}" for name, value in self.input.items())


def easiest(releases: Iterable[Release]) -> FirstCall | None:
    """The tool that needs least to be called; None when there is none."""
    calls = [(_effort(plan), release.app, plan) for release in releases for plan in release.tools.values()]
    if not calls:
        return None
    _, app, plan = min(calls, key=lambda each: (each[0], each[1], each[2].tool))
    method = plan.http.method if plan.http else "POST"
    path = f"/{app}{plan.http.path}" if plan.http else f"/v1/tools/{app}.{plan.tool}"
    role = min(plan.allow, key=lambda role: (plan.allow[role] != "all", role))
    return FirstCall(f"{app}.{plan.tool}", role, method, path, _needed(plan))


def _effort(plan: ToolPlan) -> tuple[bool, bool, int]:
    """Ids of rows that nobody has yet are the hardest; then reading comes before writing."""
    needed = plan.input_schema.get("required", [])
    properties = plan.input_schema.get("properties", {})
    unknown = any(properties.get(name, {}).get("format") == "uuid" for name in needed)
    reads = plan.http is not None and plan.http.method == "GET"
    return unknown, not reads, len(needed)


def _needed(plan: ToolPlan) -> dict[str, Any]:
    from api.examples import example

    properties = plan.input_schema.get("properties", {})
    return {name: example(properties.get(name, {})) for name in plan.input_schema.get("required", [])}


def _value(name: str, value: Any) -> str:
    return f"{name}={value}" if isinstance(value, str) else f"{name}:={json.dumps(value, ensure_ascii=False)}"
