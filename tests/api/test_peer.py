"""Who asks is read from the connection, and from a header only as far as a proxy that is trusted wrote it."""

import pytest

from api.peer import find_peer


@pytest.mark.parametrize(
    ("connected", "forwarded", "trusted", "peer"),
    [
        ("192.0.2.1", "", (), "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", (), "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9", (), "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9", (), "203.0.113.9"),
        ("172.18.0.1", "1.1.1.1, 203.0.113.9", ("172.16.0.0/12",), "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 172.18.0.1", ("172.16.0.0/12",), "203.0.113.9"),
        ("127.0.0.1", "made up", (), "127.0.0.1"),
        ("::1", "2001:db8:1:2:3::4", (), "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", (), "192.0.2.1"),
        (None, "", (), "unknown"),
    ],
)
def test_a_sender_is(connected: str | None, forwarded: str, trusted: tuple[str, ...], peer: str) -> None:
    assert find_peer(connected, forwarded, trusted) == peer
