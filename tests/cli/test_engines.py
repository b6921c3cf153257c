from __future__ import annotations

from pathlib import Path

import pytest

from cli.endings import CannotGoOn
from cli.engines import with_engines
from settings import BadSettings, Settings
from tests.cli.conftest import Dev


def test_addresses_of_the_settings_are_taken_as_they_are(folder: Path) -> None:
    settings = Settings(database_url="postgresql://app@db/writ", temporal_address="temporal:7233")
    assert with_engines(settings, "database", "temporal") == settings


def test_the_engines_of_the_checkout_stand_in_for_what_is_not_set(here: Dev) -> None:
    found = with_engines(Settings(temporal_address="temporal:7233"), "database", "publish", "temporal")
    assert found.temporal_address == "temporal:7233"
    assert found.require_database().startswith("postgresql://writ_app@")
    assert found.require_publish_database().startswith("postgresql://writ_owner@")


def test_an_embedded_database_is_never_published_to_beside_a_real_one(here: Dev) -> None:
    with pytest.raises(BadSettings, match="WRIT_PUBLISH_DATABASE_URL"):
        with_engines(Settings(database_url="postgresql://app@db/writ"), "publish")


def test_without_either_the_way_out_is_said(folder: Path) -> None:
    with pytest.raises(CannotGoOn) as refused:
        with_engines(Settings(), "database", "temporal")
    assert "`DATABASE_URL` and `TEMPORAL_ADDRESS` are not set" in refused.value.reason
    assert "writ dev" in refused.value.help
