"""The apps of a checkout while `writ dev` runs: published at its start, and again whenever somebody saves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cli import spec_folder
from cli.checked_spec import CheckedSpec, check_folder
from cli.endings import CannotGoOn
from cli.publishing import publish_checked, said
from cli.showing import show_problems
from cli.terminal import complain, say

if TYPE_CHECKING:
    from settings import Settings
    from writ.plan.model import Release

_LOOK_EVERY_SECONDS = 1.0

State = Mapping[str, tuple[int, int]]


class Apps:
    """All apps below the specs folder, and what they looked like when they were published last."""

    def __init__(self, settings: Settings) -> None:
        self._specs = settings.specs_folder
        self._url = settings.require_publish_database()
        self._seen: dict[Path, State] = {}
        self._releases: dict[Path, Release] = {}

    def releases(self) -> list[Release]:
        """The releases that were published, by folder."""
        return [release for _, release in sorted(self._releases.items())]

    async def watch(self, stop: asyncio.Event) -> None:
        """Publish what changes, until `stop` is set."""
        while not stop.is_set():
            try:
                await asyncio.wait_for(stop.wait(), _LOOK_EVERY_SECONDS)
            except TimeoutError:
                await self.publish_changed()

    async def publish_changed(self) -> None:
        """Publish every app that changed since it was published last; say what is wrong with those that cannot be."""
        for folder in spec_folder.apps_in(self._specs):
            state = spec_folder.state_of(folder)
            if state and state != self._seen.get(folder):
                # Noted before it is read: what is saved meanwhile is a change again.
                self._seen[folder] = state
                await self._publish(folder)

    async def _publish(self, folder: Path) -> None:
        checked = await asyncio.to_thread(check_folder, folder)
        if checked.release is None:
            self._complain(checked)
            return
        try:
            say(said(await publish_checked(checked, self._url)))
            self._releases[folder] = checked.release
        except CannotGoOn as refused:
            complain(refused.reason, refused.help)

    def _complain(self, checked: CheckedSpec) -> None:
        show_problems([checked])
        known = ", what was published before stays active" if checked.folder in self._releases else ""
        complain(f"`{checked.folder}` has {checked.obstacles()} and was not published{known}")
