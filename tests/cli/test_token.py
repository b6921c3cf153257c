from __future__ import annotations

import stat
from pathlib import Path

import jwt
import pytest

from api.auth import TokenVerifier
from cli.development_key import with_development_key
from settings import Settings
from tests.cli.conftest import Writ

KEY = Path(".writ/development-key")


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A folder in which commands run, and in which there could be apps."""
    (folder / "specs").mkdir()
    return folder


async def test_the_api_of_the_checkout_accepts_the_token(writ: Writ, checkout: Path) -> None:
    made = writ("token", "--subject", "ada", "--role", "patient", "--role", "reception", "--claim", "ward=3")
    assert made.code == 0
    verifier = TokenVerifier.from_settings(with_development_key(Settings()))
    principal = await verifier.verify(made.out.strip())
    assert (principal.subject, principal.roles, principal.claims) == ("ada", ("patient", "reception"), {"ward": 3})


def test_the_key_is_made_once_and_readable_by_its_user_alone(writ: Writ, checkout: Path) -> None:
    writ("token", "--subject", "ada")
    assert stat.S_IMODE(KEY.stat().st_mode) == 0o600
    key = KEY.read_text()
    writ("token", "--subject", "ada")
    assert KEY.read_text() == key
    assert [path.name for path in KEY.parent.iterdir()] == [KEY.name]


def test_the_key_of_the_settings_goes_before(writ: Writ, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRIT_DEVELOPMENT_KEY", "k" * 40)
    made = writ("token", "--subject", "ada")
    assert jwt.decode(made.out.strip(), "k" * 40, ["HS256"], audience="writ")["sub"] == "ada"
    assert not KEY.exists()


def test_production_refuses(writ: Writ, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRIT_ENVIRONMENT", "production")
    refused = writ("token", "--subject", "ada")
    assert (refused.code, refused.out) == (1, "")
    assert "production" in refused.err
    assert not KEY.exists()


def test_json_says_when_it_expires(writ: Writ, checkout: Path) -> None:
    made = writ("token", "--subject", "ada", "--expires", "15m", "--format", "json").json
    claims = jwt.decode(made["token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 900
    assert made["subject"] == "ada"


@pytest.mark.parametrize("text", ["", "1", "1y", "-1h", "0h", "1.5h", "400d"])
def test_a_time_that_is_none_is_wrong_usage(writ: Writ, checkout: Path, text: str) -> None:
    assert writ("token", "--subject", "ada", "--expires", text).code == 2


def test_a_claim_without_a_value_is_wrong_usage(writ: Writ, checkout: Path) -> None:
    assert writ("token", "--subject", "ada", "--claim", "ward").code == 2


def test_a_token_without_a_subject_is_wrong_usage(writ: Writ, checkout: Path) -> None:
    assert writ("token", "--role", "patient").code == 2


def test_a_key_that_others_can_read_is_refused(writ: Writ, checkout: Path) -> None:
    writ("token", "--subject", "ada")
    KEY.chmod(0o644)
    refused = writ("token", "--subject", "ada")
    assert refused.code == 1
    assert f"chmod 600 {KEY}" in refused.err


def test_a_damaged_key_is_refused(writ: Writ, checkout: Path) -> None:
    writ("token", "--subject", "ada")
    KEY.write_text("short\n")
    assert "damaged" in writ("token", "--subject", "ada").err


def test_no_key_is_made_where_nothing_is(writ: Writ, folder: Path) -> None:
    for command in (("token", "--subject", "ada"), ("call", "clinic.list_free_slots")):
        refused = writ(*command)
        assert (refused.code, refused.out) == (1, "")
        assert "neither `.writ` nor `specs`" in refused.err
        assert "writ new specs/my_app" in refused.err
    assert list(folder.iterdir()) == []
