"""Apps that are retired, and those whose folder is gone."""

from __future__ import annotations

import time
from pathlib import Path

from cli.gone_apps import gone
from tests.cli.conftest import Dev, Ended, Writ

CALL = ("call", "fading.list_tasks", "--role", "member")


def soon(writ: Writ, code: int) -> Ended:
    """The call, as soon as it ends with `code`: the API hears of a change within milliseconds."""
    deadline = time.monotonic() + 5
    while (called := writ(*CALL)).code != code and time.monotonic() < deadline:
        continue
    return called


def test_an_app_is_retired_and_comes_back(writ: Writ, here: Dev, tmp_path: Path) -> None:
    folder = tmp_path / "fading"
    assert writ("new", folder).code == 0
    assert writ("publish", folder).code == 0
    assert soon(writ, 0).json == {"tasks": []}
    noticed = [check for check in writ("doctor", "--format", "json").json["checks"] if "fading" in check["what"]]
    assert [check["state"] for check in noticed] == ["well", "note"]
    assert noticed[1]["way_out"] == "`writ retire fading` ends its calls"
    retired = writ("retire", folder)
    assert (retired.code, retired.out.startswith("fading: retired, sha256:")) == (0, True), retired.err
    assert "no app `fading` is published" in soon(writ, 1).err
    assert "fading" not in writ("doctor").out
    assert writ("publish", folder, "--format", "json").json["already_active"] is False
    assert soon(writ, 0).code == 0
    assert set(writ("retire", "fading", "--format", "json").json) == {"app", "digest"}


def test_an_app_that_is_not_published_cannot_be_retired(writ: Writ, here: Dev) -> None:
    refused = writ("retire", "nothing")
    assert (refused.code, refused.out) == (1, "")
    assert "no app `nothing` is published" in refused.err


def test_apps_without_a_folder_are_gone(tmp_path: Path) -> None:
    (tmp_path / "clinic").mkdir()
    assert gone(["shop", "clinic", "library"], tmp_path) == ["library", "shop"]
    # Where there are no specs, as beside a server, no folder is missing.
    assert gone(["shop"], tmp_path / "specs") == []
