"""Who asks, for limits: the other end of the connection, or what a proxy that is trusted says of it; pure."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request

Address = IPv4Address | IPv6Address


def peer_of(request: Request, trusted: Iterable[str]) -> str:
    """The sender of a request."""
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    return find_peer(request.client and request.client.host, forwarded, trusted)


def find_peer(connected: str | None, forwarded_for: str, trusted: Iterable[str]) -> str:
    """One name for each sender: an IPv4 address, or the network of 64 bits that a household has of IPv6.

    `forwarded_for` is read from the right, as far as those who wrote it are trusted: whatever stands further left may
    be made up. This machine is always trusted, since a web server with TLS stands in front of us.
    """
    networks = tuple(map(ip_network, trusted))
    hops = [*(hop.strip() for hop in forwarded_for.split(",") if hop.strip()), connected or ""]
    last: Address | None = None
    for hop in reversed(hops):
        address = _read(hop)
        if address is None:
            break
        last = address
        if not (address.is_loopback or any(address in network for network in networks)):
            break
    return _group(last) if last else "unknown"


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _group(address: Address) -> str:
    return str(address) if isinstance(address, IPv4Address) else str(ip_network((address, 64), strict=False))
