"""Hosts of addresses, and which of them are this machine."""

from __future__ import annotations

import pytest

from writ.graph.addresses import host_of, is_loopback, is_within, scheme_of


@pytest.mark.parametrize(
    ("address", "scheme", "host"),
    [
        ("https://API.Example.org/v1", "https", "api.example.org"),
        ("HTTP://example.org:8080", "http", "example.org"),
        ("https://user:word@example.org./", "https", "example.org"),
        ("http://[::1]:80/x", "http", "::1"),
        ("example.org/v1", "", ""),
        ("http://[::1", "http", ""),
    ],
)
def test_scheme_and_host_of_an_address(address: str, scheme: str, host: str) -> None:
    assert (scheme_of(address), host_of(address)) == (scheme, host)


@pytest.mark.parametrize("host", ["localhost", "shop.localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_requests_to_these_stay_on_the_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example.org", "notlocalhost", "10.0.0.1", "0.0.0.0", "128.0.0.1", ""])
def test_requests_to_these_leave_it(host: str) -> None:
    assert not is_loopback(host)


def test_a_host_is_within_its_domain_and_not_within_one_that_only_ends_alike() -> None:
    assert is_within("stripe.com", "stripe.com")
    assert is_within("api.stripe.com", "stripe.com")
    assert not is_within("notstripe.com", "stripe.com")
    assert not is_within("stripe.com.example.org", "stripe.com")
