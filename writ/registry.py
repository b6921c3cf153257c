"""Registry: the releases a process has loaded, by the digest of their content.

Content-addressed, so nothing in it ever changes its meaning; an instance, so that two workers in one process are apart.
"""

from __future__ import annotations

from collections.abc import Callable

from writ.program import LoadedRelease


class ReleaseMissing(Exception):
    """This process has not loaded the release yet. A run that meets this waits; it never fails because of it."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"release `{digest}` is not loaded here yet; the run goes on as soon as it is")
        self.digest = digest


class Registry:
    """Loaded releases. `on_wanted` is told of each digest that is not there, and may have added it when it returns."""

    def __init__(self, on_wanted: Callable[[str], None] | None = None) -> None:
        self._releases: dict[str, LoadedRelease] = {}
        self._on_wanted = on_wanted
        self.wanted: set[str] = set()

    def when_wanted(self, call: Callable[[str], None]) -> None:
        """Have `call` told of digests that are asked for and not there, in the thread that asks."""
        self._on_wanted = call

    def get(self, digest: str) -> LoadedRelease:
        """The release with this digest, or ReleaseMissing."""
        if digest not in self._releases:
            self.wanted.add(digest)
            if self._on_wanted is not None:
                self._on_wanted(digest)
        release = self._releases.get(digest)
        if release is None:
            raise ReleaseMissing(digest)
        return release

    def add(self, digest: str, release: LoadedRelease) -> None:
        """Make a release available under its digest; adding it again changes nothing."""
        self._releases.setdefault(digest, release)
        self.wanted.discard(digest)

    def __contains__(self, digest: object) -> bool:
        return digest in self._releases
