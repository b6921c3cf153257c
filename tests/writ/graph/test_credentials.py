"""What has the form of a credential, and what only looks a little like one."""

from __future__ import annotations

import pytest

from writ.graph.credentials import credential_in

BODY = "9fKq2LmX7vTz4RwB8nHc3YdP"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AKIA" + "IOSFODNN7EXAMPLE", "a key of AWS"),
        ("use sk_live_" + BODY, "a key of Stripe"),
        ("whsec_" + BODY, "a key of Stripe"),
        ("ghp_" + BODY + BODY[:12], "a token of GitHub"),
        ("xoxb-" + "123456789012-abcdefghij", "a token of Slack"),
        ("AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY", "a key of Google"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + BODY, "a signed token"),
        ("postgres://shop:hunter2@db.example.org/shop", "a password in an address"),
        ("password=Tr0ub4dor3xK", "a credential"),
        ("the API-Key: " + BODY, "a credential"),
        ("Authorization: Bearer " + BODY, "a credential"),
        ("Basic c2hvcDpodW50ZXIyMTIzNDU2Nzg5", "a credential"),
    ],
)
def test_a_credential_is_known_by_its_form(text: str, kind: str) -> None:
    assert credential_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "stripe_key",
        "Choose a password: at least ten characters",
        "token: input.token_of_the_caller_2",
        "secret: stripe_live_key_2024",
        "password: customer-password-1",
        "token: 0191d2f0-6a4e-7c3b-9d55-0a1b2c3d4e5f",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "https://api.example.org/v1/{order}@latest",
        "https://{user}:{password}@example.org",
        "-----BEGIN PUBLIC KEY-----",
        "Basic needs of every customer",
        "principal.claims.organisation == 'acme2024'",
    ],
)
def test_words_names_ids_and_digests_are_none(text: str) -> None:
    assert credential_in(text) is None
