from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from cli.endings import CannotGoOn
from cli.engines import with_engines
from cli.history_key import has_history_key, new_key, with_history_key
from settings import Settings
from tests.cli.conftest import Dev, Writ
from tests.history_keys import KEYS, as_setting

FILE = Path(".writ") / "history-keys"


def test_commands_that_start_together_end_up_with_one_key(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: with_history_key(Settings()).keys_of_histories(), range(32)))
    assert found == [found[0]] * 32
    assert len(found[0]) == 1


def test_the_key_is_for_its_user_alone(folder: Path) -> None:
    with_history_key(Settings())
    assert stat.S_IMODE(FILE.stat().st_mode) == 0o600
    FILE.chmod(0o640)
    with pytest.raises(CannotGoOn, match="can be read by others"):
        with_history_key(Settings())


def test_every_key_that_is_made_is_another_and_fits_the_setting() -> None:
    keys = [Settings(history_keys=new_key()).keys_of_histories() for _ in range(10)]
    assert len({key for each in keys for key in each.values()}) == 10


def test_a_damaged_file_is_not_overwritten_and_not_shown(folder: Path) -> None:
    with_history_key(Settings())
    FILE.write_text("local:hidden\n")
    with pytest.raises(CannotGoOn, match="is damaged") as refused:
        with_history_key(Settings())
    assert "hidden" not in f"{refused.value.reason} {refused.value.help}"
    assert FILE.read_text() == "local:hidden\n"


def test_a_key_that_was_rotated_by_hand_is_taken(folder: Path) -> None:
    with_history_key(Settings())
    FILE.write_text(f"{as_setting(KEYS)},{FILE.read_text()}")
    assert next(iter(with_history_key(Settings()).keys_of_histories())) == "test"


def test_keys_of_the_settings_are_the_ones(folder: Path) -> None:
    settings = Settings(history_keys=SecretStr(as_setting(KEYS)))
    assert with_history_key(settings) is settings
    assert not FILE.exists()


def test_production_makes_no_key(folder: Path) -> None:
    settings = Settings(environment="production")
    assert with_history_key(settings) is settings
    assert not has_history_key(settings)
    assert not FILE.exists()


def test_a_temporal_elsewhere_gets_no_key_of_this_machine(here: Dev) -> None:
    elsewhere = Settings(temporal_address="temporal:7233")
    assert with_engines(elsewhere, "database", "temporal").history_keys is None
    assert not has_history_key(elsewhere)


def test_everything_that_reaches_the_embedded_temporal_has_its_key(here: Dev) -> None:
    found = with_engines(Settings(), "database", "temporal")
    assert found.history_keys is not None
    assert found.history_keys.get_secret_value() == (here.folder / FILE).read_text().strip()
    assert has_history_key(Settings())


def test_doctor_says_that_a_key_is_missing(here: Dev, writ: Writ, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy = writ("doctor").out
    assert "histories are encrypted with the key of the embedded Temporal" in healthy
    assert "keeps its histories encrypted" not in healthy
    address = with_engines(Settings(), "temporal").require_temporal()
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    ended = writ("doctor")
    assert ended.code == 1
    assert "`clinic` keeps its histories encrypted and there is no key" in ended.out
    assert "WRIT_HISTORY_KEYS" in ended.out
    monkeypatch.setenv("WRIT_HISTORY_KEYS", f"{new_key()},{as_setting(KEYS)}")
    assert ", 1 more can decrypt" in writ("doctor").out
