from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.development_key import with_development_key, with_some_key
from cli.endings import CannotGoOn
from settings import Settings


def key(settings: Settings) -> str | None:
    return settings.development_key.get_secret_value() if settings.development_key else None


def test_commands_that_start_together_end_up_with_one_key(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key(with_development_key(Settings())), range(32)))
    assert len(keys) == 1


def test_a_server_with_keys_of_an_issuer_gets_none_of_ours(folder: Path) -> None:
    assert key(with_some_key(Settings(jwt_jwks_url="https://issuer.example.org/keys"))) is None
    assert key(with_some_key(Settings())) is not None


def test_a_production_server_gets_none_of_ours(folder: Path) -> None:
    assert key(with_some_key(Settings(environment="production"))) is None
    with pytest.raises(CannotGoOn):
        with_development_key(Settings(environment="production"))
    assert not Path(".writ").exists()
