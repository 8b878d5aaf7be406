"""What a page calls a link, to an address that can be shown and followed, or to none."""

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from aggregator.reading.characters import keep_visible

LONGEST = 2083
"""Characters; browsers' old limit, and no organiser's link is longer."""

_LONGEST_HOST = 253
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(rf"(?=.{{1,{_LONGEST_HOST}}}$)[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_-]+)*\.?", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LINE_ENDS = dict.fromkeys(map(ord, "\t\n\r"))
_WEBCAL = re.compile(r"webcals?:", re.IGNORECASE)
_ESCAPED_AND = re.compile(r"&(?:amp;|#0*38;)+")
_STRAY_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|li_fat_id|mc_cid|mc_eid"
    r"|mkt_tok|_hsenc|_hsmi|_ga|_gl|vero_id|oly_anon_id|oly_enc_id)(?:=|$)",
    re.IGNORECASE,
)
_CLEAN = re.compile(r"https?://(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}/[\w.~/-]*", re.ASCII)
"""What most links look like, and what nothing is to be done to."""
_UNRESERVED = "-._~!$&'()*+,;=:@/"


def clean_url(text: str | None, base: str | None = None) -> str | None:
    """An absolute http(s) address in ASCII, without credentials, tracking and default port; None for anything else.

    `base` is the page it was found on. What is cleaned once is not changed by cleaning again.
    """
    if not text or len(text) > 4 * LONGEST:
        return None
    if len(text) <= _LONGEST_HOST and _CLEAN.fullmatch(text):
        return text
    try:
        address = _write(urlsplit(_absolute(text, base)))
    except ValueError:
        return None
    return address if len(address) <= LONGEST else None


def site_of(url: str) -> str:
    """Scheme and host, without a slash at the end: `https://elm.example`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _absolute(text: str, base: str | None) -> str:
    """The address with its scheme; `&amp;`, white and invisible characters are what pages leave in links."""
    # Line ends go first, as they do in browsers (url.spec.whatwg.org, 4.4): what they cut in two may be an escape.
    text = keep_visible(text.translate(_LINE_ENDS)).strip()
    if "&" in text:
        text = _ESCAPED_AND.sub("&", text)
    if webcal := _WEBCAL.match(text):
        text = "https:" + text[webcal.end() :]
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
    path, query = _escape(parts.path) or "/", "&".join(filter(_is_wanted, parts.query.split("&")))
    if parts.fragment and not query and path.endswith("&"):
        path = path[:-1] + "%26"  # for with a fragment that begins with 38; it would read as an escape
    return "".join(
        (
            f"{parts.scheme}://{place}{path}",
            "?" + _escape(query, "?") if query else "",
            "#" + _escape(parts.fragment, "?#!") if parts.fragment else "",
        )
    )


def _is_wanted(pair: str) -> bool:
    return bool(pair) and not _TRACKING.match(pair)


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
    return quote(_STRAY_PERCENT.sub("%25", text), safe=_UNRESERVED + "%" + also_safe)
