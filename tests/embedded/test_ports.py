from __future__ import annotations

import socket

import pytest

from embedded.ports import any_free, is_free


def test_the_ports_are_different_and_free() -> None:
    chosen = any_free(8)
    assert len(set(chosen)) == 8
    assert all(is_free(port) for port in chosen)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_somebody_listens_on_is_not_free(host: str) -> None:
    with socket.create_server((host, 0)) as server:
        assert not is_free(server.getsockname()[1])
