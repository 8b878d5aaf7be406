"""What a page calls a link, to an address that can be shown and followed, or to none."""

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from aggregator.reading.characters import keep_visible

LONGEST = 2083
"""Characters; browsers' old limit, and no organiser's link is longer."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*\.?(?=[a-z0-9_-]|$))*", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|li_fat_id|mc_cid|mc_eid"
    r"|mkt_tok|_hsenc|_hsmi|_ga|_gl|vero_id|oly_anon_id|oly_enc_id)(?:=|$)",
    re.IGNORECASE,
)
_UNRESERVED = "-._~!$&'()*+,;=:@/"


def clean_url(text: str | None, base: str | None = None) -> str | None:
    """An absolute http(s) address in ASCII, without credentials, tracking and default port; None for anything else.

    `base` is the page it was found on. What is cleaned once is not changed by cleaning again.
    """
    if not text or len(text) > 4 * LONGEST:
        return None
    try:
        address = _write(urlsplit(_absolute(text, base)))
    except ValueError:
        return None
    return address if len(address) <= LONGEST else None


def _absolute(text: str, base: str | None) -> str:
    """The address with its scheme; `&amp;`, white and invisible characters are what pages leave in links."""
    text = re.sub(r"&(?:amp;|#0*38;)+", "&", keep_visible(text).strip())
    text = re.sub(r"^webcals?:", "https:", text, flags=re.IGNORECASE)
    if text[:4].lower() == "www.":
        return "https://" + text
    return text if base is None or _SCHEME.match(text) else urljoin(base, text)


def _write(parts: SplitResult) -> str:
    """Raises ValueError for what is no address of the web."""
    if parts.scheme not in _DEFAULT_PORTS or "\\" in parts.netloc:
        raise ValueError("no address of the web")
    host, port = _host(parts.hostname or ""), parts.port
    if port == 0:
        raise ValueError("no port")
    place = host if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"
    query = "&".join(pair for pair in parts.query.split("&") if not _TRACKING.match(pair))
    return "".join(
        (
            f"{parts.scheme}://{place}",
            _escape(parts.path) or "/",
            "?" + _escape(query, "?") if query else "",
            "#" + _escape(parts.fragment, "?#!") if parts.fragment else "",
        )
    )


def _host(name: str) -> str:
    """As DNS knows it: lower case, in Punycode; an IPv6 address in brackets."""
    if ":" in name:
        try:
            return f"[{IPv6Address(name)}]"
        except AddressValueError as error:
            raise ValueError(f"{name} is no address") from error
    host = name if name.isascii() else name.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(host):
        raise ValueError(f"{name} is no host")
    return host


def _escape(text: str, also_safe: str = "") -> str:
    """Percent-encodes what may not stand in an address, and a percent sign that begins no escape."""
    return quote(re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text), safe=_UNRESERVED + "%" + also_safe)
