"""A page as a tree (selectolax over lexbor), and the few things that adapters ask of it."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.errors import ParseError
from aggregator.reading.url import clean_url

Tree = LexborHTMLParser
Node = LexborNode

DEEPEST = 5_000
"""Open elements at one place: lexbor takes time with the square of the depth (40,000 take seconds)."""
MOST_ATTRIBUTES = 5_000
"""Attributes of one tag, for the same reason."""

_FEW_TAGS = 20_000
"""A page with fewer tags cannot be deep enough to be slow, and is not measured."""
_LONG_TAG = re.compile(r"<[a-z](?:[^<>\"']|\"[^\"]*\"|'[^']*'){20000,}+", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_NEVER_DEEP = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p"}
    | {"param", "path", "rect", "source", "tbody", "td", "th", "thead", "tr", "track", "use", "wbr"}
)
"""Elements that are empty, or that the next of their kind closes."""

_TAG = re.compile(r"<[^>\"]*(?:\"[^\"]*\"[^>\"]*)*>")
_UNSEEN = re.compile(r"<(script|style|template|noscript)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_LINE_END = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|dl|dt|dd|tr|td|th|h[1-6]|section|article|address))\b[^>]*>")


def parse_html(html: str) -> Tree:
    """The tree of a page; ParseError for one that nests so deep, or has tags so full, that reading it takes minutes."""
    if html.count("<") > _FEW_TAGS and _is_deeper_than(html, DEEPEST):
        raise ParseError(f"the page nests more than {DEEPEST} elements")
    if any(len(_QUOTED.sub("", tag).split()) > MOST_ATTRIBUTES for tag in _LONG_TAG.findall(html)):
        raise ParseError(f"a tag of the page has more than {MOST_ATTRIBUTES} attributes")
    return LexborHTMLParser(html)


def ends_whole(body: bytes) -> bool:
    """Whether a page, or JSON, leaves nothing open at its end. HTML has no end mark; an open tag or script is a cut."""
    page = body.strip()
    if page[:1] in (b"{", b"["):
        return page[-1:] == (b"}" if page[:1] == b"{" else b"]")
    page = page.lower()
    return page.rfind(b"<") <= page.rfind(b">") and page.rfind(b"<script") <= page.rfind(b"</script")


def text_of(node: Node) -> str:
    """The words a reader sees in the element: lines where the page breaks them, single spaces within a line."""
    markup = _UNSEEN.sub("", node.inner_html or "")
    plain = unescape(_TAG.sub("", _LINE_END.sub("\n", " ".join(markup.split()))))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)


def text_at(node: Node | Tree, selector: str) -> str | None:
    """The words of the first element in it that the selector finds; None where there is none, or it says nothing."""
    found = node.css_first(selector)
    return text_of(found) or None if found is not None else None


def url_at(node: Node | Tree, selector: str, base: str, name: str = "href") -> str | None:
    """The address in an attribute of the first element in it that the selector finds, on the page `base`."""
    found = node.css_first(selector)
    return clean_url(attribute(found, name), base) if found is not None else None


def attribute(node: Node, name: str) -> str | None:
    """The attribute without white space around it; None when it is missing or empty."""
    return (node.attributes.get(name) or "").strip() or None


def tokens(node: Node, name: str) -> list[str]:
    """The words of an attribute that is a list: class, itemprop, typeof."""
    return (node.attributes.get(name) or "").split()


def ancestors(node: Node) -> Iterator[Node]:
    """The element's parents, nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def absolute(address: str | None, base: str) -> str | None:
    """The address made absolute; None when it is none that a browser would open over http."""
    if not address:
        return None
    if address.startswith(("https://", "http://")):
        return address
    try:
        whole = urljoin(base, address.strip())
        parts = urlsplit(whole)
    except ValueError:
        return None
    return whole if parts.scheme in ("http", "https") and parts.netloc else None


def _is_deeper_than(html: str, limit: int) -> bool:
    depth = 0
    for closes, name in _OPEN_OR_CLOSE.findall(html):
        if name.lower() in _NEVER_DEEP:
            continue
        depth = max(depth - 1, 0) if closes else depth + 1
        if depth > limit:
            return True
    return False
