"""`writ token`: a token for trying things on one machine."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from cli.endings import Misused
from cli.terminal import Format, FormatOption

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=365)


def token(
    subject: Annotated[str, typer.Option(help="Who the token stands for.")],
    role: Annotated[list[str] | None, typer.Option(help="A role; may be given more than once.")] = None,
    expires: Annotated[str, typer.Option(help="How long it is valid: `30s`, `15m`, `1h`, `7d`.")] = "1h",
    claim: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A further claim; its value is JSON where it can be read as such."),
    ] = None,
    format: FormatOption = Format.text,
) -> None:
    """Print a development token.

    It is signed with the development key, which production refuses.
    """
    lifetime = duration(expires)
    from cli.development_key import mint

    minted = mint(subject, role or [], lifetime, claims_of(claim or []))
    if format is Format.json:
        from cli.terminal import print_json

        until = (datetime.now(UTC) + lifetime).isoformat(timespec="seconds")
        print_json({"token": minted, "subject": subject, "roles": role or [], "expires_at": until})
    else:
        print(minted)


def duration(text: str) -> timedelta:
    """A time such as `15m`; Misused when it is not one, or longer than a year."""
    parts = re.fullmatch(r"([1-9]\d{0,8})([smhd])", text)
    if parts is None:
        raise Misused(f"`{text}` is not a time", "write a number and `s`, `m`, `h` or `d`, such as `15m`")
    found = timedelta(**{_UNITS[parts[2]]: int(parts[1])})
    if found > _LONGEST:
        raise Misused(f"`{text}` is too long for a token", "a year (`365d`) is the longest")
    return found


def claims_of(pairs: Sequence[str]) -> dict[str, Any]:
    """Claims from `name=value`; Misused when one has another form."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise Misused(f"`{pair}` is not a claim", "write it as `name=value`")
        found[name] = _json_or_text(value)
    return found


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
