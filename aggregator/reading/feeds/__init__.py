"""RSS, Atom and JSON Feed, read into the same few words whatever the format and however broken."""

import re

from aggregator.errors import ParseError
from aggregator.reading.feeds.broken import mend, read_broken
from aggregator.reading.feeds.json_feed import is_json_feed, read_json_feed
from aggregator.reading.feeds.member import Feed, Member
from aggregator.reading.feeds.rss_atom import NotWellFormedError, read_well_formed

__all__ = ["Feed", "Member", "ends_whole", "is_feed", "read_feed"]

_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)(?=[\s>])", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_HEAD = 20_000
"""Characters in which the root begins: declarations and the warnings that some sites print come first."""
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*\Z", re.IGNORECASE)


def is_feed(text: str) -> bool:
    """Whether it begins as a feed; a page that only shows one does not."""
    return is_json_feed(text) or _find_root(text) is not None


def ends_whole(body: bytes) -> bool:
    """Whether the end of the feed has arrived; comments may follow it."""
    tail = body[-8192:].replace(b"\0", b"").rstrip()
    return bool(_END.search(tail)) or (body[:100].lstrip().startswith(b"{") and tail.endswith(b"}"))


def read_feed(text: str) -> Feed:
    """Well-formed feeds by expat, mended ones too, the rest by feedparser; ParseError for what is no feed.

    Reading begins at the root, so no DOCTYPE is ever seen, and nothing that one declares is expanded or fetched.
    """
    if is_json_feed(text):
        return read_json_feed(text)
    root = _find_root(text)
    if root is None:
        raise ParseError("this is no RSS, Atom or JSON feed")
    text = text[root:]
    try:
        return read_well_formed(text)
    except NotWellFormedError:
        mended = mend(text)
    try:
        return read_well_formed(mended)
    except NotWellFormedError:
        return read_broken(mended)


def _find_root(text: str) -> int | None:
    root = _ROOT.search(text, 0, _HEAD)
    return None if root is None or _PAGE.search(text, 0, root.start()) else root.start()
