"""This machine: Python, packages, settings, the port of the API."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from cli.checkup.found import Found, note, well, wrong

if TYPE_CHECKING:
    from settings import Settings

_OLDEST = (3, 11)


def python() -> Iterator[Found]:
    """The interpreter."""
    here = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _OLDEST:
        yield well(f"Python {here}")
    else:
        yield wrong(f"Python {here} is too old", "install 3.11 or newer")


def packages() -> Iterator[Found]:
    """What has to be installed beside us, at least by name, and exactly where the version matters."""
    try:
        needed = [line for line in requires("writ") or [] if "extra ==" not in line]
    except PackageNotFoundError:
        yield note("`writ` runs from its folder and is not installed", "`make` installs it into `.venv`")
        return
    problems = [problem for line in needed if (problem := _missing(line))]
    yield from problems
    if not problems:
        yield well(f"writ {version('writ')} and the {len(needed)} packages it needs")


def _missing(requirement: str) -> Found | None:
    parts = re.match(r"([\w.-]+)(?:\[[^]]*\])?\s*(?:==\s*([\w.]+))?", requirement)
    if parts is None or _is_for_elsewhere(requirement):
        return None
    name, exact = parts.groups()
    again = "install the locked packages again (`make`)"
    try:
        there = version(name)
    except PackageNotFoundError:
        return wrong(f"the package `{name}` is not installed", again)
    if exact is not None and there != exact:
        return wrong(f"`{name}` is {there}, it has to be {exact}", again)
    return None


def _is_for_elsewhere(requirement: str) -> bool:
    return "sys_platform" in requirement and sys.platform == "win32"


def variables() -> Iterator[Found]:
    """Variables that look like ours and are read by nobody."""
    from settings import unknown_variables

    strange = unknown_variables()
    # Read by the command line itself, before there are settings.
    for each in (each for each in strange if each.name != "WRIT_DEBUG"):
        yield wrong(f"the variable `{each.name}` means nothing", each.help)
    if not strange:
        yield well("no unknown WRIT_* variable")


def token_keys(settings: Settings) -> Iterator[Found]:
    """Whether tokens could be verified here: what serves needs that, a worker does not."""
    from settings import BadSettings

    if settings.environment == "development" and not (settings.jwt_jwks_url or settings.jwt_jwks_file):
        yield well("tokens: the development key")
        return
    try:
        settings.require_token_keys()
        yield well(f"tokens of issuer `{settings.jwt_issuer}`")
    except BadSettings as reason:
        yield note(f"no token can be verified here: {reason}", "only `writ serve` needs that")


def history_keys(settings: Settings) -> Iterator[Found]:
    """What encrypts histories here; whether a published app needs that is seen with its release."""
    from cli.history_key import has_history_key

    if settings.history_keys is not None:
        first, *older = settings.keys_of_histories()
        known = f", {len(older)} more can decrypt" if older else ""
        yield well(f"histories are encrypted with the key `{first}`{known}")
    elif has_history_key(settings):
        yield well("histories are encrypted with the key of the embedded Temporal")
    else:
        yield note("histories are not encrypted, there is no key", "`WRIT_HISTORY_KEYS` sets one")


def api(settings: Settings) -> Iterator[Found]:
    """Whether the API answers, else whether its port is free."""
    import httpx

    from cli.api_address import api_url

    url = api_url(settings)
    try:
        answer = httpx.get(f"{url}/readyz", timeout=5, trust_env=False)
        told = answer.json()
    except httpx.TransportError:
        yield note(f"no API answers at {url}, so its port is free", "`writ dev` or `writ serve` starts one")
        return
    except ValueError:
        told = None
    if not isinstance(told, dict) or "missing" not in told:
        yield wrong(f"something else answers at {url}", "`WRIT_API_PORT` chooses another port for the API")
    elif told["missing"]:
        yield wrong(f"the API at {url} is not ready: {', '.join(told['missing'])} missing", "see the lines below")
    else:
        yield well(f"the API at {url} is ready")
