"""Addresses on the net as texts: their host, and whether it is this machine itself."""

from __future__ import annotations

import re
from ipaddress import ip_address
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from writ.spec.resolved import TypedExpression
from writ.values.syntax import Literal

_HOST = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*|[0-9a-f:.]*:[0-9a-f:.]*")


def scheme_of(address: str) -> str:
    """The part before `://`, in lower case; empty where there is none."""
    return address.split("://", 1)[0].strip().lower() if "://" in address else ""


def host_of(address: str) -> str:
    """The host as clients resolve it: in lower case, with plain letters and dots, without the final dot; empty where
    the text has none or is no address.
    """
    try:
        host = urlsplit(address.strip().replace("\\", "/")).hostname or ""
    except ValueError:
        return ""
    return normalize("NFKC", unquote(host)).replace("\u3002", ".").casefold().rstrip(".")


def is_host(host: str) -> bool:
    """Whether it has the form of a name or a number on the net, with nothing left to be filled in."""
    return _HOST.fullmatch(host) is not None or is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether requests to the host never leave the machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_within(host: str, domain: str) -> bool:
    """Whether the host is the domain or one below it."""
    return host == domain or host.endswith(f".{domain}")


def constant(expression: TypedExpression) -> str | None:
    """The text an expression is written as, where it is nothing but a text."""
    tree = expression.tree
    return tree.value if isinstance(tree, Literal) and isinstance(tree.value, str) else None
