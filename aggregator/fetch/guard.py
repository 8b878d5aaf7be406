"""Guard: which addresses may be connected to, judged by what they reach and not by how they are written."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aggregator.errors import AddressRefusedError, FetchError, SettingsError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

PUBLIC_PORTS = frozenset({80, 443})
RESOLVE_SECONDS = 5.0
MAX_ADDRESSES = 4
"""How many answers of one name are tried; all of them are checked."""

DENIED: dict[Network, str] = {
    ip_network(network): reason
    for network, reason in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's own"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "multicast tunnelling"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("255.255.255.255/32", "broadcast"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard-only"),
        ("100:0:0:1::/64", "dummy"),
        ("2001::/23", "reserved for protocols, Teredo"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "for documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
        ("::/3", "outside of 2000::/3"),
        ("4000::/2", "outside of 2000::/3"),
        ("8000::/1", "outside of 2000::/3"),
    )
}
"""IANA's special-purpose registries and more: `is_global` alone takes NAT64, 6to4, multicast and fec0:: for public."""

NAT64 = IPv6Network("64:ff9b::/96")


def unwrap(address: Address) -> Address:
    """The IPv4 address that a mapped (RFC 4291) or NAT64 (RFC 6052) address really reaches; others as they are."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def why_denied(address: Address) -> str | None:
    """Why this address is not a public one, in words; None when it is."""
    real = unwrap(address)
    for network, reason in DENIED.items():
        if real in network:
            return reason
    return None if real.is_global else "not public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where to connect: addresses that were checked, in the resolver's order. `is_public` when all of them are."""

    addresses: tuple[str, ...]
    port: int
    is_public: bool


class Guard:
    """Names become checked addresses here and nowhere else."""

    def __init__(self, allow_networks: Iterable[str], connect: Iterable[str], resolve: Resolve) -> None:
        self._allowed = tuple(read_allowance(text) for text in allow_networks)
        self._connect = dict(read_connection(text) for text in connect)
        self._resolve = resolve

    async def destination(self, host: str, port: int) -> Destination:
        """Raises AddressRefusedError when any one answer is refused, FetchError when there is no answer."""
        target, target_port = self._connect.get((host, port), (host, port))
        addresses = await self._addresses(target, target_port)
        for address in addresses:
            self._check(address, target_port, host)
        return Destination(
            addresses=tuple(str(address) for address in addresses[:MAX_ADDRESSES]),
            port=target_port,
            is_public=all(why_denied(address) is None for address in addresses),
        )

    async def _addresses(self, host: str, port: int) -> list[Address]:
        literal = read_address(host)
        if literal:
            return [literal]
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                answers = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"{host}: the name does not resolve ({error or 'no answer in time'})") from error
        if not answers:
            raise FetchError(f"{host}: the name has no address")
        return [ip_address(answer) for answer in dict.fromkeys(answers)]

    def _check(self, address: Address, port: int, host: str) -> None:
        real = unwrap(address)
        if any(port == allowed_port and real in network for network, allowed_port in self._allowed):
            return
        reason = why_denied(address)
        if reason:
            raise AddressRefusedError(f"{host}: {address} is {reason}, not a public address")
        if port not in PUBLIC_PORTS:
            raise AddressRefusedError(f"{host}: port {port} is refused; only 80 and 443 are asked")


def read_address(host: str) -> Address | None:
    """The address that `host` plainly is; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def read_allowance(text: str) -> tuple[Network, int]:
    """`127.0.0.1/32:8099` or `[::1/128]:8099`."""
    network, _, port = text.rpartition(":")
    try:
        return ip_network(network.strip("[]")), int(port)
    except ValueError as error:
        raise SettingsError(f"allow_networks: {text} is not a CIDR and a port, such as 127.0.0.1/32:8099") from error


def read_connection(text: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """`chamber.example:80=127.0.0.1:8099`, as curl's --connect-to."""
    try:
        asked, target = (read_end(end) for end in text.split("="))
    except ValueError as error:
        raise SettingsError(f"connect: {text} is not host:port=address:port") from error
    return asked, target


def read_end(text: str) -> tuple[str, int]:
    """A host and its port; an IPv6 address stands in brackets."""
    host, _, port = text.rpartition(":")
    return host.strip("[]").lower(), int(port)


class Resolver:
    """The system's resolver on threads of its own, so that a name server that hangs holds up only its own names."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="hobnob-resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        answers = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [str(answer[4][0]) for answer in answers]

    def close(self) -> None:
        """Lets go of the threads without waiting for a name server."""
        self._threads.shutdown(wait=False, cancel_futures=True)
