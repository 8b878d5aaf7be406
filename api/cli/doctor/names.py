"""The domain name system, asked for texts; the one room that imports dnspython."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

import dns.exception
import dns.name
import dns.resolver
from dns.rdtypes.txtbase import TXTBase

from aggregator.errors import HobnobError, QueryError

SECONDS = 10
PORT = 53


class NamesError(HobnobError):
    """A name server gave no answer, which is not the answer that there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """`texts` gives the TXT records of a name, each as one text; none where there is no such name. NamesError else."""

    texts: Callable[[str], tuple[str, ...]]


def connect_names(nameserver: str | None) -> Names:
    """The name servers of this machine, or the one that is given as `192.0.2.53` or `192.0.2.53:5353`."""
    if nameserver is None:
        try:
            resolver = dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration as error:
            raise NamesError("this machine says of no name server: name one with --nameserver") from error
    else:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = _read_server(nameserver)
    return Names(texts=lambda name: _ask(resolver, name))


def _ask(resolver: dns.resolver.Resolver, name: str) -> tuple[str, ...]:
    """A record's pieces are joined without anything between them (RFC 7208, 3.3)."""
    try:
        found = resolver.resolve(f"{name}.", "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        raise NamesError(f"{name}: no name server gave an answer ({type(error).__name__})") from error
    return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in found if isinstance(one, TXTBase))


def _read_server(text: str) -> tuple[list[str], int]:
    host, colon, port = (text, "", "") if text.count(":") > 1 else text.partition(":")
    try:
        return [str(ip_address(host))], int(port) if colon else PORT
    except ValueError as error:
        raise QueryError("nameserver", text[:80], "is no address such as 192.0.2.53 or 192.0.2.53:5353") from error
