"""Addresses on the net as texts: their host, and whether it is this machine itself."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from writ.spec.resolved import TypedExpression
from writ.values.syntax import Literal


def scheme_of(address: str) -> str:
    """The part before `://`, in lower case; empty where there is none."""
    return address.split("://", 1)[0].strip().lower() if "://" in address else ""


def host_of(address: str) -> str:
    """The host, in lower case and without the final dot; empty where the text has none or is no address."""
    try:
        return (urlsplit(address.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""


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
