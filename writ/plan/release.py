"""Releases as bytes: the canonical form whose SHA-256 is the version of everything an app does."""

from __future__ import annotations

import writ.digest
from writ.plan.model import Release
from writ.values import engine_version

PLAN_VERSION = "1"
"""Raised when the meaning of plans changes, so that an older worker does not run what it would misunderstand."""


def engines() -> dict[str, str]:
    """What computes the values of a release made here and now."""
    return {"cel": engine_version(), "plan": PLAN_VERSION}


def canonical(release: Release) -> bytes:
    """The release as canonical JSON (RFC 8785); ValueError where a schema in it holds a number JSON cannot carry."""
    return writ.digest.canonical(release.model_dump(mode="json"))


def release_digest(release: Release) -> str:
    """`sha256:` and 64 hexadecimal digits over the canonical form."""
    return writ.digest.digest_of(canonical(release))


def load_release(body: bytes | str) -> Release:
    """A stored release; ValueError where it is not one in every detail."""
    return Release.model_validate_json(body, strict=True)
