"""Bytes to text, and text to clean text."""

import codecs
import re
from collections.abc import Iterator
from html import unescape
from unicodedata import combining, normalize

from aggregator.reading.characters import keep_visible
from aggregator.reading.contacts import without_contacts

__all__ = ["clean_line", "clean_text", "decode", "fold", "without_contacts"]

_WIDE_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED_CHARSET = re.compile(
    rb"<(?:\?xml|meta)\b[^>]{1,200}?(?:encoding|charset)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_CHARSET = re.compile(
    r"(?:x-)?(?:windows|cp|ibm|mac|iso|koi8|gb|big5|euc|shift|sjis|tis|utf-?16)[\w.:-]*", re.IGNORECASE
)
"""Families of real charsets: Python also knows codecs that are no charsets, and slow ones (punycode, idna)."""
_LATIN = frozenset({"iso8859-1", "cp1252"})
_MOST_STRAY_BYTES = 10_000

_TAG = re.compile(
    r"""<(?=[a-z/!?])(?:
            !--.*?(?:-->|\Z)
          | (?P<hidden>script|style)\b.*?(?:</(?P=hidden)\s*>|\Z)
          | (?P<address>https?://[^<>\s]*)>
          | /?(?:(?P<line>(?:
                address|article|aside|blockquote|br|center|d[dlt]|details|div|fieldset|fig(?:caption|ure)|footer|form|
                h[1-6r]|header|li|main|nav|ol|p|pre|section|summary|table|t(?:able|body|foot|head|itle|r)|ul)\b)
              | (?P<cell>(?:t[dh]|option)\b)
              | [a-z])
            (?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|[^<>]*+>)
          | [/!?][^<>]*+>)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""Each way to go on stops at the next "<", or eats the rest as browsers do: time is linear in the text."""
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
"""With its semicolon only: `?a=1&region=CA` holds no registered sign."""


def decode(body: bytes, content_type: str | None) -> str:
    """Byte order mark, then HTTP charset, then declaration, then UTF-8, then windows-1252; never fails.

    Declared Latin-1 is most often a server's default, so valid UTF-8 is read as such in spite of it.
    """
    if body.startswith(codecs.BOM_UTF8):
        return _decode_utf8(body.removeprefix(codecs.BOM_UTF8))
    for mark, charset in _WIDE_MARKS:
        if body.startswith(mark):
            return body.removeprefix(mark).decode(charset, "replace")
    if len(body) > 1 and 0 in body[:2]:
        return body.decode("utf-16-be" if body[0] == 0 else "utf-16-le", "replace")
    for charset in _told_charsets(body, content_type):
        try:
            return body.decode(charset)
        except ValueError:
            continue
    return _decode_utf8(body)


def _told_charsets(body: bytes, content_type: str | None) -> Iterator[str]:
    """Python's names of what HTTP and the page say, but for UTF-8 and Latin-1, which are tried in any case."""
    header, page = _HTTP_CHARSET.search(content_type or ""), _DECLARED_CHARSET.search(body, 0, 2048)
    if header and _CHARSET.fullmatch(header[1]):
        yield from _codec(header[1])
    name = page[1].decode("ascii", "replace") if page else ""
    if _CHARSET.fullmatch(name) and not name.lower().startswith("utf"):
        yield from _codec(name)


def _codec(charset: str) -> Iterator[str]:
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return
    if name not in _LATIN:
        yield name


def _decode_utf8(body: bytes) -> str:
    """UTF-8 in which stray bytes are windows-1252; when they are too many, all of it is windows-1252."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    if text.count("\ufffd") > _MOST_STRAY_BYTES:
        return body.decode("cp1252", "replace")
    return body.decode("utf-8", "hobnob.stray_bytes")


def _read_stray_bytes(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - registered for decoding alone
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("hobnob.stray_bytes", _read_stray_bytes)


def clean_line(text: str) -> str:
    """One line of plain text: no markup, no entities, visible characters in NFC, single spaces; idempotent."""
    return " ".join(_strip_markup(text).split())


def clean_text(text: str) -> str:
    """As `clean_line`, but for the line ends, which are kept; no line is empty."""
    lines = (" ".join(line.split()) for line in _strip_markup(text).splitlines())
    return "\n".join(line for line in lines if line)


def fold(text: str) -> str:
    """A key to search and compare with: without case, marks and compatibility forms."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in normalize("NFKD", normalize("NFKD", text).casefold()) if not combining(c))


def _strip_markup(text: str) -> str:
    """Two layers of entities and markup are taken off; what looks like a third is broken, so that it stays text."""
    text = keep_visible(text)
    if "<" not in text and "&" not in text:
        return text
    for _ in range(2):
        before = text
        text = _strip_tags(text)
        if "&" in text:
            text = keep_visible(_ENTITY.sub(lambda entity: unescape(entity[0]), text))
        if text == before:
            break
    else:
        text = _ENTITY.sub(_break_entity, _strip_tags(text))
    return _TAG_START.sub("< ", text)


def _break_entity(entity: re.Match[str]) -> str:
    return entity[0] if unescape(entity[0]) == entity[0] else "& " + entity[0][1:]


def _strip_tags(text: str) -> str:
    if "<" not in text or ">" not in text:
        return text
    if ("\n" in text or "\r" in text) and any(tag["line"] for tag in _TAG.finditer(text)):
        text = text.replace("\r", " ").replace("\n", " ")
    return _TAG.sub(_stand_in, text)


def _stand_in(tag: re.Match[str]) -> str:
    return "\n" if tag["line"] else " " if tag["cell"] else tag["address"] or ""
