"""Which characters text may hold: no control, no invisible and no direction characters, and few marks."""

import re
from unicodedata import category, is_normalized, normalize

MOST_MARKS = 3
"""Marks on one base; more of them are drawn over the lines above and below."""

_REPAIRS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)} | {0x2800: " "}
"""A C1 control is a windows-1252 byte that was read as Latin-1 (so HTML has it); an empty Braille cell is a gap."""

_BANNED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u2800"  # C0, but for white space, C1, empty Braille
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, joiners and fillers nobody sees
    "\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, direction, invisible operators
    "\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffc\ufffe\uffff"  # surrogates, non-characters, annotations
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"  # shorthand, music, tags, variation selectors
)
_BANNED_ASCII = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_EMOJI = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_STRAY_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])")
_CROWD = re.compile(r"[^\w\s\x00-\x7f]{4}")
"""Four in a row that are no letter: only there can be too many marks."""


def keep_visible(text: str) -> str:
    """NFC without banned characters, a zero-width joiner only between emoji, at most MOST_MARKS a base; idempotent."""
    if text.isascii():
        return text if text.isprintable() else _BANNED_ASCII.sub("", text)
    before = None
    while text != before:
        before = text
        text = _BANNED.sub(_repair, text)
        if "\u200d" in text:
            text = _STRAY_JOINER.sub("", text)
        text = _thin_marks(text if is_normalized("NFC", text) else normalize("NFC", text))
    return text


def _repair(banned: re.Match[str]) -> str:
    return _REPAIRS.get(ord(banned.group()), "")


def _thin_marks(text: str) -> str:
    if not _CROWD.search(text):
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if category(character) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
