"""Which PostgreSQL and which Temporal a command uses: those of the settings, else the embedded ones of the checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cli.endings import CannotGoOn
from cli.history_key import with_history_key

if TYPE_CHECKING:
    from embedded.engines import Engines
    from settings import Settings

Engine = Literal["database", "publish", "temporal"]


def with_engines(settings: Settings, *needed: Engine) -> Settings:
    """`settings` in which every engine of `needed` has an address; CannotGoOn or BadSettings where one has none.

    `publish` is PostgreSQL as the owner of the tables. An embedded PostgreSQL never stands in beside a `DATABASE_URL`.
    """
    missing = [engine for engine in needed if _address(settings, engine) is None]
    if "publish" in missing and settings.database_url is not None:
        settings.require_publish_database()
    if not missing:
        return settings
    engines = embedded_engines(settings)
    if engines is None:
        raise CannotGoOn(f"nothing runs here: {_names(missing)}", "`writ dev` starts everything on this machine")
    found: dict[str, Any] = {}
    for engine in missing:
        field = _FIELDS[engine]
        found[field] = getattr(engines, field)
    settings = settings.model_copy(update=found)
    return with_history_key(settings) if "temporal" in missing else settings


def embedded_engines(settings: Settings) -> Engines | None:
    """The embedded engines of this checkout, None when none run or they are not installed."""
    try:
        from embedded.engines import find
    except ImportError:
        return None
    return find(settings.data_folder)


_FIELDS: dict[Engine, str] = {
    "database": "database_url",
    "publish": "publish_database_url",
    "temporal": "temporal_address",
}
_VARIABLES: dict[Engine, str] = {
    "database": "DATABASE_URL",
    "publish": "WRIT_PUBLISH_DATABASE_URL",
    "temporal": "TEMPORAL_ADDRESS",
}


def _address(settings: Settings, engine: Engine) -> str | None:
    address: str | None = getattr(settings, _FIELDS[engine])
    return address


def _names(missing: list[Engine]) -> str:
    names = " and ".join(f"`{_VARIABLES[engine]}`" for engine in missing)
    return (
        f"{names} {'is' if len(missing) == 1 else 'are'} not set, and the embedded engines of this checkout do not run"
    )
