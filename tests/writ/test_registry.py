from __future__ import annotations

import pytest

from tests import diary
from writ.registry import Registry, ReleaseMissing


def test_what_is_not_there_is_missing_and_remembered() -> None:
    told: list[str] = []
    registry = Registry(told.append)
    with pytest.raises(ReleaseMissing) as raised:
        registry.get("sha256:1")
    assert (raised.value.digest, told, registry.wanted) == ("sha256:1", ["sha256:1"], {"sha256:1"})


def test_what_was_added_is_no_longer_wanted() -> None:
    registry, release = Registry(), diary.loaded(diary.release("s"))
    with pytest.raises(ReleaseMissing):
        registry.get(release.digest)
    registry.add(release.digest, release)
    assert registry.get(release.digest) is release
    assert registry.wanted == set()
    assert release.digest in registry


def test_who_is_told_can_still_add_it() -> None:
    release = diary.loaded(diary.release("s"))
    registry = Registry()
    registry.when_wanted(lambda digest: registry.add(digest, release))
    assert registry.get(release.digest) is release
