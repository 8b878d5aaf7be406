"""JSON as pages really carry it: read as it stands when it can be, mended step by step when it cannot."""

import re
from collections.abc import Iterator
from html import unescape
from json import JSONDecoder

from aggregator.errors import ParseError

Json = str | bool | None | list["Json"] | dict[str, "Json"]
"""A JSON value whose numbers are left as the page writes them, as text; NaN and the infinities are None."""

_DECODER = JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None)

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.{{0,2000}}?\*/", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*[\]}}])", re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(.)|$)', re.DOTALL)
_WRAPPER = re.compile(r"^(?:\s|\ufeff|<!--[^{\[]*?-->|<!--|-->|//\s*(?=<!)|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)+")
_WRAPPER_END = re.compile(r"(?:\s|;|-->|//\s*(?:-->|\]\]>)|/\*\s*\]\]>\s*\*/|\]\]>)+$")
_WRAPPER_LENGTH = 40
"""The closing wrapper is looked for in the last characters only."""
_ENDS_STRING = re.compile(r'\s*(?:$|:|[\]}]|,\s*(?:["\[{]|-?\d|true\b|false\b|null\b|[\]}]))')
_BETWEEN = re.compile(r"[\s,;\ufeff]*")


def read_json(text: str) -> list[Json]:
    """The values of the text, usually one, several when objects are concatenated; ParseError when no repair helps.

    Repaired: CDATA and comment wrappers, a byte order mark, trailing `;` and commas, comments, raw line ends, NaN,
    `\\'` and other false escapes, entities instead of quotes, and quotes of HTML attributes left bare in strings.
    """
    cause: Exception | None = None
    for version in _versions(text):
        try:
            return list(_values(version))
        except (ValueError, RecursionError) as error:
            cause = cause or error
    raise ParseError(f"no JSON: {text[:60]!r} ({cause})") from cause


def _values(text: str) -> Iterator[Json]:
    position = _end_of(_BETWEEN, text, 0)
    if position == len(text):
        raise ValueError("no value")
    while position < len(text):
        value, position = _DECODER.raw_decode(text, position)
        yield value
        position = _end_of(_BETWEEN, text, position)


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _versions(text: str) -> Iterator[str]:
    """The text as it is, then mended in ever bolder ways; comments can be told from text once quotes are sound."""
    yield text
    bare = _without_wrapper(text)
    yield _without_litter(bare)
    yield _without_litter(_with_true_escapes(bare))
    yield _without_litter(_with_escaped_quotes(_with_true_escapes(bare)))
    yield _without_litter(unescape(bare))


def _without_wrapper(text: str) -> str:
    inner = _WRAPPER.sub("", text).rstrip()
    return inner[:-_WRAPPER_LENGTH] + _WRAPPER_END.sub("", inner[-_WRAPPER_LENGTH:])


def _without_litter(text: str) -> str:
    return _without_trailing_commas(_without_comments(text))


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda match: match[1] or "", text)


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(lambda match: match[1] or "", text)


def _with_true_escapes(text: str) -> str:
    return _BAD_ESCAPE.sub(lambda match: match[0] if match[1] else (match[2] or ""), text)


def _with_escaped_quotes(text: str) -> str:
    """A quote ends a string only where JSON may go on after it, and starts one only where JSON may."""
    kept: list[str] = []
    is_inside = False
    position = 0
    for quote in re.finditer(r'\\.|"', text, re.DOTALL):
        if quote[0] != '"':
            continue
        kept.append(text[position : quote.start()])
        position = quote.end()
        if not is_inside:
            is_inside = True
        elif _ENDS_STRING.match(text, position):
            is_inside = False
        else:
            kept.append("\\")
        kept.append('"')
    return "".join((*kept, text[position:]))
