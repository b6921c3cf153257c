"""Registry: the releases a process has loaded, by the digest of their content.

Content-addressed, so nothing in it ever changes its meaning; an instance, so that two workers in one process are apart.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition

from writ.program import LoadedRelease


class ReleaseMissing(Exception):
    """This process has not loaded the release yet. A run that meets this waits; it never fails because of it."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"release `{digest}` is not loaded here yet; the run goes on as soon as it is")
        self.digest = digest


class Registry:
    """Loaded releases, for any number of threads. `on_wanted` is told of each digest that was asked for in vain."""

    def __init__(self, on_wanted: Callable[[str], None] | None = None) -> None:
        self._releases: dict[str, LoadedRelease] = {}
        self._on_wanted = on_wanted
        self._added = Condition()
        self.wanted: set[str] = set()

    def when_wanted(self, call: Callable[[str], None]) -> None:
        """Have `call` told of digests that are asked for and not there, in the thread that asks."""
        self._on_wanted = call

    def get(self, digest: str, patience: float = 0.0) -> LoadedRelease:
        """The release with this digest, or ReleaseMissing.

        With `patience`, the calling thread waits for so many seconds until another one has added it.
        """
        release = self._releases.get(digest)
        if release is not None:
            return release
        self.wanted.add(digest)
        if self._on_wanted is not None:
            self._on_wanted(digest)
        with self._added:
            self._added.wait_for(lambda: digest in self._releases, patience)
        if digest not in self._releases:
            raise ReleaseMissing(digest)
        return self._releases[digest]

    def add(self, digest: str, release: LoadedRelease) -> None:
        """Make a release available under its digest; adding it again changes nothing."""
        with self._added:
            self._releases.setdefault(digest, release)
            self.wanted.discard(digest)
            self._added.notify_all()

    def __contains__(self, digest: object) -> bool:
        return digest in self._releases
