"""Takes people's e-mail addresses and phone numbers out of running text."""

import re
from collections.abc import Iterator

from aggregator.reading.keep import keep_answers

_DOMAIN = r"(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}"
_EMAIL = re.compile(rf"(?<![\w.%+'-])(?:mailto:)?[\w.%+'-]{{1,64}}[@＠]{_DOMAIN}|(?<=[\w.%+'-])[@＠]{_DOMAIN}")
_BRACKETED_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s{0,3}[\[({]\s?(?:at|@)\s?[\])}]\s{0,3}[\w-]{1,63}"
    r"(?:\s{0,3}(?:\.|[\[({]\s?(?:dot|\.)\s?[\])}]|\bdot\b)\s{0,3}[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\sat\s(?!(?:the|an?|our)\s)[\w-]{1,63}(?:\sdot\s[\w-]{1,63}){0,2}?"
    r"\sdot\s(?:com|org|net|edu|gov|us|info|ca|uk)\b",
    re.IGNORECASE,
)
_EMAIL_IN_LINK = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+\.[a-z]{2,}", re.IGNORECASE)
_BRACKETED_SIGN = re.compile(r"[\[({]\s?(?:at|@)\s?[\])}]", re.IGNORECASE)
_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
_NO_DIGITS = bytes(set(range(256)).difference(b"0123456789"))
_FEWEST_DIGITS = 7
_FEWEST_DIGITS_ABROAD = 8
"""Of a number, and of an international one with its country code."""

_GAP = r"(?:\s?[-.‐‑–·/]\s?|\s)"
_PHONE = re.compile(
    rf"""(?:https?://|www\.)\S+                                                                 # numbers there are ids
    | \b(?:id|isbn|ein|permit|case|order|pass(?:code|word)|pin|lic(?:ense)?|serial|acc(?:oun)?t|ticket|invoice)\b
      [\s.:#]{{0,3}}(?:no|number|code)?[\s.:#]{{0,3}}\d[\d -]*
    | (?P<phone>(?:(?=[(+])|(?<![\w$€£=%])(?<!\d[.,:-]))(?:tel:)?(?:
          (?:\+?1{_GAP}?)?(?:\(\d{{3}}\)\s?{_GAP}?|\d{{3}}{_GAP})\d{{3}}{_GAP}\d{{4}}(?:/\d{{4}})?  # North America
        | (?<!\#)1?[2-9]\d\d[2-9]\d{{6}}                                                        # the same without gaps
        | \+[1-9]\d{{0,2}}(?!\d*\.\d{{4}})(?:{_GAP}?\(?\d{{1,5}}\)?){{2,6}}                     # any country
        | \(?0\d{{1,4}}\)?[ -]\d{{3,4}}[ -]\d{{3,4}} | \(?0\d{{4}}\)?[ -]\d{{6}}                # Britain, Australia
      )(?:,?\s?(?:ext\.?|extension|x)\s?\d{{1,6}})?(?![\w%]|[-.:]\d))
    | \b(?:call|phone|tel(?:ephone)?|text|cell|mobile|fax|ph|contact)\b[\s.:#]{{1,3}}(?:[a-z]{{1,20}}\s){{0,3}}?
      (?P<local>\d{{3}}[-. ]\d{{4}})(?![\w%]|[-.:/]\d)""",
    re.VERBOSE | re.IGNORECASE,
)

_LEAD = re.compile(
    r"(?:(?:^|(?<=\W))(?:phone|telephone|tel|call|cell|mobile|fax|text|ph|whatsapp|e-?mail|contact|or|and|at|via|by|to)\b"
    r"[\s.:#]*)+$",
    re.IGNORECASE,
)
"""What would be left pointing at nothing: “call or text”, “Phone:”, “at”."""
_LEFTOVERS = (
    (re.compile(r"\(\s*\)|\[\s*\]|<\s*>"), ""),
    (re.compile(r"(?<![ \t])[ \t]+(?=[,.;:!?)\n]|\Z)"), ""),
    (re.compile(r"[,;:]+(?=[).!?])|(?<=[!?])\."), ""),
    (re.compile(r" {2,}"), " "),
)


def tells_address(link: str) -> bool:
    """Whether a link holds an e-mail address; hardly any has one of the two signs, so they are looked for first."""
    return ("@" in link or "%40" in link) and bool(_EMAIL_IN_LINK.search(link))


@keep_answers
def without_contacts(text: str) -> str:
    """The text without addresses and numbers, and without the words that only led to them; idempotent.

    Dates, prices, postcodes, coordinates, meeting ids and digits in links stay. Answers are kept, since every text is
    asked about twice, when it is read and when it is told, and an organiser's name and venues at each event.
    """
    for _ in range(3):
        spans = _find_contacts(text)
        if not spans:
            break
        text = _cut(text, spans)
    return text


def _find_contacts(text: str) -> list[tuple[int, int]]:
    """Each kind is looked for only where its sign is: most texts have none."""
    spans: list[tuple[int, int]] = []
    if "@" in text or "＠" in text:
        spans += [match.span() for match in _EMAIL.finditer(text)]
    if _BRACKETED_SIGN.search(text):
        spans += [match.span() for match in _BRACKETED_EMAIL.finditer(text)]
    if "dot" in text.lower():
        spans += [match.span() for match in _SPOKEN_EMAIL.finditer(text)]
    if _may_hold_number(text):
        spans += _find_numbers(text)
    return sorted(spans)


def _may_hold_number(text: str) -> bool:
    if text.isascii() and len(text.encode().translate(None, _NO_DIGITS)) < _FEWEST_DIGITS:
        return False
    return bool(_DIGITS.search(text))


def _find_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(text):
        if match["local"]:
            yield match.span("local")
        elif match["phone"] and sum(map(str.isdigit, match["phone"])) >= _FEWEST_DIGITS_ABROAD:
            yield match.span()


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    kept, last = [], 0
    for start, end in spans:
        if start >= last:
            near = max(last, start - 60)
            kept += [text[last:near], _LEAD.sub("", text[near:start]), " "]
        last = max(last, end)
    text = "".join([*kept, text[last:]])
    for pattern, instead in _LEFTOVERS:
        text = pattern.sub(instead, text)
    return text.strip(" ")
