"""Target: an address that may be asked for, and where a redirect may lead."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin

import httpx

from aggregator.errors import AddressRefusedError
from aggregator.fetch.guard import read_address

MAX_URL = 8192
"""Characters."""

DEFAULT_PORTS = {"http": 80, "https": 443}
NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")
"""A host whose last part is a number is an address (WHATWG URL, 3.5), and then has to be a plainly written one."""

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
NOT_PLAIN = re.compile(r"[^\x20-\x7e]|%0[ad]", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Origin(NamedTuple):
    """Whom a request is made to; what robots.txt, pace and connections are kept by."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An absolute http(s) address without fragment, and its origin."""

    url: str
    origin: Origin

    @property
    def parsed(self) -> httpx.URL:
        """The same address, parsed once."""
        return _parse(self.url)


def read_target(url: str) -> Target:
    """Raises AddressRefusedError for what is not a plain http(s) address: no credentials, backslash or control."""
    shown = url[:200]
    if len(url) > MAX_URL:
        raise AddressRefusedError(f"{shown}…: longer than {MAX_URL} characters")
    if UNPRINTABLE.search(url):
        raise AddressRefusedError(f"{shown!r}: has a backslash or a control character")
    try:
        parsed = _parse(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefusedError(f"{shown}: is not an address ({error})") from error
    if parsed.scheme not in DEFAULT_PORTS:
        raise AddressRefusedError(f"{shown}: only http and https are fetched")
    if parsed.userinfo:
        raise AddressRefusedError(f"{shown}: has a user name in it")
    host = parsed.raw_host.decode("ascii").lower()
    if not is_plain_host(host):
        raise AddressRefusedError(f"{shown}: “{host}” is not a plainly written host")
    origin = Origin(parsed.scheme, host, parsed.port or DEFAULT_PORTS[parsed.scheme])
    return Target(url=str(parsed.copy_with(fragment=None) if "#" in url else parsed), origin=origin)


_parse = lru_cache(maxsize=1024)(httpx.URL)
"""Kept, since to parse an address costs as much as to send it, and each is needed three times."""


def is_plain_host(host: str) -> bool:
    """A name in ASCII, or an IP address in its usual spelling."""
    if ":" in host or NUMBER.fullmatch(host):
        return read_address(host) is not None and "%" not in host
    return NAME.fullmatch(host) is not None


def read_redirect(target: Target, location: str) -> Target:
    """Where `location` (as latin-1 text) leads from `target`; AddressRefusedError when it must not be followed."""
    refusal = f"{target.url}: redirects to {location[:200]!r}"
    if NOT_PLAIN.search(location):
        raise AddressRefusedError(f"{refusal}, which is not plain ASCII on one line")
    try:
        following = read_target(location if SCHEME.match(location) else urljoin(target.url, location.strip()))
    except (AddressRefusedError, ValueError) as error:
        raise AddressRefusedError(f"{refusal}, which is refused ({error})") from error
    if target.origin.scheme == "https" and following.origin.scheme == "http":
        raise AddressRefusedError(f"{refusal}, from https to http")
    return following
