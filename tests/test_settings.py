from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import BadSettings, Settings, UnknownVariable, unknown_variables, variable, variables
from tests.history_keys import KEYS, OTHER_KEYS, as_setting

KEY = "k" * 32


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in list(os.environ):
        if name.startswith("WRIT_") or name in ("DATABASE_URL", "TEMPORAL_ADDRESS"):
            monkeypatch.delenv(name)
    yield monkeypatch


def test_everything_has_a_default_that_starts_on_one_machine() -> None:
    settings = Settings()
    assert settings.environment == "development"
    assert settings.data_folder == Path(".writ")
    assert settings.max_body_bytes == 1_048_576
    assert settings.database_url is None
    assert settings.temporal_address is None


def test_the_two_standard_variables_have_no_prefix(nothing_is_set: pytest.MonkeyPatch) -> None:
    nothing_is_set.setenv("DATABASE_URL", "postgresql://writ_app@db/writ")
    nothing_is_set.setenv("TEMPORAL_ADDRESS", "temporal:7233")
    nothing_is_set.setenv("WRIT_API_PORT", "9000")
    settings = Settings()
    assert settings.require_database() == "postgresql://writ_app@db/writ"
    assert settings.require_temporal() == "temporal:7233"
    assert settings.api_port == 9000


def test_an_empty_variable_is_not_set(nothing_is_set: pytest.MonkeyPatch) -> None:
    nothing_is_set.setenv("DATABASE_URL", "")
    nothing_is_set.setenv("WRIT_API_PORT", "")
    assert Settings().database_url is None
    assert Settings().api_port == 8080


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().api_port = 1


@pytest.mark.parametrize(
    ("required", "names"),
    [
        ("require_database", ["`DATABASE_URL` is not set", "`writ dev`"]),
        ("require_temporal", ["`TEMPORAL_ADDRESS` is not set", "`writ dev`"]),
        ("require_publish_database", ["`WRIT_PUBLISH_DATABASE_URL` is not set", "owns the tables"]),
        ("require_token_keys", ["`WRIT_JWT_JWKS_URL` is not set", "`WRIT_DEVELOPMENT_KEY`"]),
    ],
)
def test_what_is_missing_is_named_with_the_way_out(required: str, names: list[str]) -> None:
    with pytest.raises(BadSettings) as refused:
        getattr(Settings(), required)()
    for name in names:
        assert name in str(refused.value)


def test_all_wrong_variables_are_named_at_once_and_in_our_words(nothing_is_set: pytest.MonkeyPatch) -> None:
    nothing_is_set.setenv("WRIT_API_PORT", "many")
    nothing_is_set.setenv("WRIT_ENVIRONMENT", "staging")
    with pytest.raises(BadSettings) as refused:
        Settings()
    lines = str(refused.value).splitlines()
    assert lines[0] == "`WRIT_ENVIRONMENT` has to be `development` or `production`"
    assert lines[1].startswith("`WRIT_API_PORT` has to be a valid integer")
    assert len(lines) == 2
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"temporal_address": "temporal"}, "`TEMPORAL_ADDRESS` is `temporal`, has to be `host:port`"),
        ({"development_key": "short"}, "`WRIT_DEVELOPMENT_KEY` is shorter than 32 bytes"),
        ({"database_pool_min": 11}, "`WRIT_DATABASE_POOL_MIN` and `WRIT_DATABASE_POOL_MAX`"),
        (
            {"temporal_client_cert": "c.pem"},
            "`WRIT_TEMPORAL_CLIENT_CERT` and `WRIT_TEMPORAL_CLIENT_KEY` belong together",
        ),
        ({"jwt_jwks_url": "https://i/k", "jwt_jwks_file": "k"}, "exclude each other"),
        ({"jwt_jwks_url": "i/k"}, "`WRIT_JWT_JWKS_URL` has to be an `https://` URL"),
        ({"jwt_jwks_url": "http://i/k", "environment": "production"}, "has to be an `https://` URL in production"),
        ({"development_key": KEY, "environment": "production"}, "`WRIT_DEVELOPMENT_KEY` is refused in production"),
        ({"api_prt": 1}, "`api_prt` is not a setting; did you mean `api_port`?"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_variable(values: dict[str, object], message: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings(**values)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ("hidden", "names its key 1 wrongly"),
        ("a b:hidden", "names its key 1 wrongly"),
        ("a:hidden", "holds as key 1 what is not base64"),
        ("a:aGlkZGVu", "holds as key 1 one that has not 32 bytes; make one with `openssl rand -base64 32`"),
        (f"{as_setting(KEYS)},", "names its key 2 wrongly"),
        (f"{as_setting(KEYS)},b:aGlkZGVu", "holds as key 2 one that has not 32 bytes"),
        (f"{as_setting(KEYS)},{as_setting(KEYS)}", "names its key 2 like one before"),
    ],
)
def test_keys_of_histories_are_refused_without_showing_them(keys: str, reason: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings(history_keys=keys)
    assert f"`WRIT_HISTORY_KEYS` {reason}" in str(refused.value)
    assert not any(text in str(refused.value) for text in ("hidden", "aGlkZGVu", as_setting(KEYS)[5:]))


def test_keys_of_histories_keep_their_order_and_stay_hidden(nothing_is_set: pytest.MonkeyPatch) -> None:
    assert Settings().keys_of_histories() == {}
    nothing_is_set.setenv("WRIT_HISTORY_KEYS", f"{as_setting(OTHER_KEYS)}, {as_setting(KEYS)}")
    settings = Settings()
    assert list(settings.keys_of_histories().items()) == [*OTHER_KEYS.items(), *KEYS.items()]
    assert as_setting(KEYS)[5:] not in repr(settings)


@pytest.mark.parametrize("field", ["database_url", "publish_database_url", "development_key"])
def test_no_secret_is_ever_shown(field: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings(**{field: "mysql://a:hidden@b"})
    assert "hidden" not in str(refused.value)
    good = Settings(database_url="postgresql://a:hidden@b/c", development_key="hidden" * 8, temporal_api_key="hidden")
    assert "hidden" not in repr(good)


def test_production_wants_its_issuer_named() -> None:
    with pytest.raises(BadSettings, match="WRIT_JWT_ISSUER"):
        Settings(environment="production", jwt_jwks_file="keys.json").require_token_keys()
    Settings(environment="production", jwt_jwks_file="keys.json", jwt_issuer="https://i").require_token_keys()


def test_a_credential_for_temporal_implies_tls() -> None:
    assert not Settings().temporal_uses_tls
    assert Settings(temporal_api_key="a").temporal_uses_tls
    assert Settings(temporal_tls=True).temporal_uses_tls


def test_a_variable_nobody_reads_is_found_with_the_one_that_was_meant() -> None:
    environment = {"WRIT_API_PRT": "1", "WRIT_DATABASE_URL": "x", "WRIT_API_PORT": "1", "PATH": "/bin"}
    assert unknown_variables(environment) == [
        UnknownVariable("WRIT_API_PRT", "did you mean `WRIT_API_PORT`?"),
        UnknownVariable("WRIT_DATABASE_URL", "did you mean `DATABASE_URL`?"),
    ]


def test_every_setting_is_described_and_its_variable_is_the_one_that_is_read(
    nothing_is_set: pytest.MonkeyPatch,
) -> None:
    assert [each.field for each in variables()] == list(Settings.model_fields)
    for each in variables():
        assert each.description.endswith("."), each.name
    nothing_is_set.setenv(variable("specs_folder"), "elsewhere")
    assert Settings().specs_folder == Path("elsewhere")


def test_the_operations_page_lists_every_setting_as_it_is() -> None:
    page = (Path(__file__).parents[1] / "docs" / "operations.md").read_text()
    table = page.split("<!-- settings -->")[1].split("<!-- /settings -->")[0]
    rows = [
        "| `{}` | {} | {} |".format(each.name, f"`{each.default}`" if each.default else "", each.description)
        for each in variables()
    ]
    assert table.strip().splitlines()[2:] == rows
