"""A page that no platform reads -> the recipe by which its repeated parts can be read, and how sure that is; pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from aggregator.errors import UnreadDateError
from aggregator.reading.dates import read_span
from aggregator.reading.html import parse_html
from aggregator.source import Draft, Page
from sources.platforms.css import Document, Part, read
from sources.recipe import TAKES, find_date
from sources.repeats import (
    DAY,
    FEWEST,
    HINT,
    MONTH,
    MOST_READ,
    Group,
    Texts,
    find_groups,
    find_parts,
    is_mostly,
    nearest,
    share,
    taken,
    texts_before,
    texts_in,
)

CONFIDENT = 0.75
"""From here on a recipe is believed without a person."""

RECENT = timedelta(days=2)
STUB = {"list": "SELECTOR OF ONE EVENT", "name": "h3", "url": "a@href", "date_text": ".date"}
_WHY_NONE = "no repeated part of the page has a name and a date that can be read: mend this recipe by hand"

Words = str | dict[str, str] | list[Any]
"""A field of a recipe."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FULL = re.compile(rf"{_YEAR.pattern}|\d[/.-]\d{{1,2}}[/.-]\d\d|['’]\d\d")
_CLOCK = re.compile(r"\d ?[ap]\.?m\b|\d:\d\d|\bnoon\b|T\d\d", re.IGNORECASE)
_NAMED = re.compile(r"title|name|summary|heading|subject", re.IGNORECASE)
_PLACED = re.compile(r"location|venue|place|where|address", re.IGNORECASE)
_NEWS = re.compile(r"news|blog|press|post(?:ed|s)?\b|publish|publication|updated|archive", re.IGNORECASE)
_PAPER = re.compile(r"\b(?:minutes|agenda|newsletter|press release)\b", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:[\W\d]|\b(?:agendas?|minutes|notes|summary|packets?|details?|more|read|view|info|download|register|registration"
    r"|tickets?|rsvp|link|here|click|pdf|docx?|videos?|audio|recording|transcript|documents?|notice|add|to|calendar|date"
    r"|time|when|where|tba|tbd|and|not|available|cancell?ed|the|only|am|pm|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri"
    r"|sat(?:ur)?|sun)(?:day)?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b)*",
    re.IGNORECASE,
)
"""What is no name of an event, whatever element it stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Induced:
    """`recipe` is for platform `css`; below CONFIDENT it is a stub to mend. `found` is how many events it reads.

    `confidence` says whether all of what it reads is right, `worth` which of several recipes reads most of the page.
    """

    recipe: Mapping[str, Any]
    confidence: float
    found: int
    why: str
    worth: float = 0.0

    @property
    def is_confident(self) -> bool:
        """Whether it may be used as it is."""
        return self.confidence >= CONFIDENT


def induce(page: Page) -> Induced:
    """The best reading of the page's repeated parts; ParseError for a page too deep to read."""
    document, now = Document(parse_html(page.text)), page.fetched_at.date()
    recipes = [recipe for group in find_groups(document) if (recipe := _write(group, document))]
    found = [judged for recipe in recipes if (judged := _judge(recipe, document, page.url, now))]
    found.reverse()  # of equal ones, the one with the widest parts and the narrowest selector
    return max(
        found, key=lambda one: round(one.worth, 3), default=Induced(recipe=STUB, confidence=0.0, found=0, why=_WHY_NONE)
    )


def _write(group: Group, document: Document) -> dict[str, Any] | None:
    """The recipe that reads the parts of a group, or None where too few have a date or a name."""
    parts = find_parts(group, document)[:MOST_READ]
    if len(parts) < FEWEST:
        return None
    texts, heads = texts_in(parts), texts_before(parts, document)
    found = _find_date(texts, heads)
    name = _find_name(texts, heads, found[0]) if found else None
    if found is None or name is None:
        return None
    selector, is_lines = group
    fields = {"name": name, "url": _find_link(parts), "date_text": _with_clock(*found, texts)}
    fields |= {"year": _find_year(found[1], heads), "location_text": _find_place(texts)}
    lines = {"lines": True} if is_lines else {}
    return {"list": selector, **lines, **{key: words for key, words in fields.items() if words}}


def _find_date(texts: Texts, heads: Texts) -> tuple[Words, Sequence[str]] | None:
    """The words of the date field, and what they say in each part: one element, two joined, or a heading."""
    ways: list[tuple[Words, Sequence[str]]] = [
        *texts.items(),
        *(({"from": word, "take": "date"}, taken(told, "date")) for word, told in texts.items() if "@d" not in word),
        *_joined_dates(texts, heads),
        *((word, told) for word, told in heads.items() if is_mostly(told, HINT.search)),
    ]
    read_ways = [(*way, share(_day_of(text) is not None for text in way[1])) for way in ways]
    good = [way for way in read_ways if way[2] >= 0.6]
    best = max(good, key=lambda way: (round(way[2], 1), _likeness(way[0]), -len("".join(way[1]))), default=None)
    return best[:2] if best else None


def _joined_dates(texts: Texts, heads: Texts) -> Iterator[tuple[Words, Sequence[str]]]:
    """A month in one element, or in a heading, and the day in another; but one of a date picker is only a day."""
    months = [(word, told) for word, told in {**texts, **heads}.items() if is_mostly(told, MONTH.fullmatch)]
    more = [(word, told) for word, told in texts.items() if told != texts["@text"]]
    days = [(word, told) for word, told in more if is_mostly(told, DAY.fullmatch)]
    for month, names in months[-6:]:
        for day, numbers in days[:6]:
            yield f"{day} & {month}", [f"{number} {name}" for name, number in zip(names, numbers, strict=True)]


def _likeness(words: Words) -> int:
    """An attribute is surer than words, an element surer than a piece of its words, and a heading the least sure."""
    if not isinstance(words, str):
        return 1 if "@text" in str(words) else 2
    return 4 * ("@datetime" in words) + 3 * ("^" not in words) - (" & " in words) - 4 * bool(_NEWS.search(words))


@lru_cache(maxsize=8192)
def _day_of(text: str, now: date = date(2024, 1, 1)) -> date | None:
    if not 3 <= len(text) <= 150:
        return None
    try:
        start = read_span(text, now=now).start
    except UnreadDateError:
        return None
    return start.date() if isinstance(start, datetime) else start


def _with_clock(words: Words, dates: Sequence[str], texts: Texts) -> Words:
    """The clock of an element of its own, where the date has none."""
    if share(bool(_CLOCK.search(text)) for text in dates) >= 0.5:
        return words
    for word, told in texts.items():
        short = [text if len(text) < 80 and not _NEWS.search(text) else "" for text in told]
        if "@" not in word and share(map(bool, taken(short, "clock"))) >= 0.6:
            return [words, {"from": word, "take": "clock"}]
    return words


def _find_name(texts: Texts, heads: Texts, date_words: Words) -> Words | None:
    """A heading, a link or an element that calls itself a title; else what stands beside the date; else a headline."""
    ranked: list[tuple[float, int, int, Words]] = []
    for place, (word, told) in enumerate(texts.items()):
        if "@d" not in word and word not in str(date_words).split(" & "):
            plain, rest = (share(map(_is_name, names)) for names in (told, taken(told, "rest")))
            ranked.append((round(plain, 1), _rank(word), -place, word))
            ranked.append((round(rest, 1), _rank(word) - 1, -place, {"from": word, "take": "rest"}))
    best = max(ranked, key=lambda way: way[:3], default=None)
    return best[3] if best and best[0] >= 0.8 else nearest(heads, _is_name)


def _rank(word: str) -> int:
    tag = re.split(r"[.:@]", word)[0]
    points = 4 * (tag in {"h1", "h2", "h3", "h4", "h5", "h6"}) + 3 * bool(_NAMED.search(word)) + 2 * (tag == "a")
    return points + (tag in {"strong", "b", "dt"}) - 2 * bool(_PLACED.search(word)) - (word == "@text")


def _is_name(text: str) -> bool:
    is_plain = 3 <= len(text) <= 150 and "\n" not in text and find_date(text) is None
    return is_plain and _NO_NAME.fullmatch(text) is None and _NEWS.match(text) is None and not TAKES["clock"](text)


def _find_link(parts: Sequence[Part]) -> str | None:
    """The address of the event: the part itself, or its first link, where most have one of their own."""
    if share(bool(part.inner.attributes.get("href")) for part in parts) >= 0.8:
        return "@href"
    told = [node.attributes.get("href") if (node := part.inner.css_first("a")) else None for part in parts]
    return "a@href" if share(map(bool, told)) >= 0.8 and len(set(told)) * 2 >= len(told) else None


def _find_year(dates: Sequence[str], heads: Texts) -> str | None:
    """Where the year stands that dates leave out."""
    return None if share(bool(_FULL.search(text)) for text in dates) >= 0.5 else nearest(heads, _YEAR.search)


def _find_place(texts: Texts) -> str | None:
    """An element that calls itself a place."""
    named = (
        word for word, told in texts.items() if _PLACED.search(word) and is_mostly(told, lambda text: len(text) < 200)
    )
    return next(named, None)


def _judge(recipe: dict[str, Any], document: Document, base: str, now: date) -> Induced | None:
    """Sure when nearly every part is read, each as another event, most are to come, and there are four at least."""
    drafts = list(read(document, recipe, base))
    days = [(draft.name, _day_of(draft.date_text or "", now - timedelta(days=30))) for draft in drafts]
    told = {(name, day) for name, day in days if day}
    if len(told) < FEWEST:
        return None
    count, distinct = len(told), len({day for _, day in told})
    parts = sum(1 for _ in document.parts(recipe["list"], recipe.get("lines", False)))
    coming = share(day >= now - RECENT for _, day in told)
    clear = (
        share(day is not None for _, day in days) * (0.5 + 0.5 * len(days) / parts) * (0.5 + 0.5 * count / len(days))
    )
    clear *= (0.4 + 0.6 * min(distinct, 4) / min(count, 4)) * (0.8 if str(recipe["name"]).startswith("^") else 1.0)
    clear *= 0.3 if _is_grid({day for _, day in told if day}) else 1.0
    clear *= (0.5 if _is_news(recipe, drafts) else 1.0) * (0.7 if _is_one_name(recipe, drafts) else 1.0)
    confidence = clear * _richness(recipe, drafts) * (0.35 + 0.65 * coming) * (0.7 + 0.3 * min(count, 4) / 4)
    worth = clear * (0.9 + 0.1 * _richness(recipe, drafts)) * (0.6 + 0.4 * bool(coming))
    worth *= distinct**0.5 * (0.7 + 0.3 * distinct / count) * (1.0 + len(recipe) / 100 + _name_rank(recipe) / 50)
    why = (
        f"{count} of {parts} parts “{recipe['list']}” have a date and a name; {coming:.0%} of them are to come;"
        f" {confidence:.0%} sure"
    )
    return Induced(recipe=recipe, confidence=confidence, found=count, why=why, worth=worth)


def _richness(recipe: Mapping[str, Any], drafts: Sequence[Draft]) -> float:
    """Events have a clock, and mostly a page; what has neither is less likely to be a list of them."""
    has_clock = share(bool(_CLOCK.search(draft.date_text or "")) for draft in drafts) >= 0.5
    return (0.8, 0.93, 1.0)[has_clock + ("url" in recipe)]


def _is_grid(days: set[date]) -> bool:
    """Whether nearly every day is followed by the next one, as the cells of a month are, whatever stands in them."""
    gaps = [later - earlier for earlier, later in pairwise(sorted(days))]
    return len(gaps) >= 9 and share(gap == timedelta(days=1) for gap in gaps) >= 0.9


def _is_one_name(recipe: Mapping[str, Any], drafts: Sequence[Draft]) -> bool:
    """Whether the same words, in what is neither a headline nor a link, are every event's name: it may be a place."""
    often = Counter(draft.name for draft in drafts).most_common(1)[0][1]
    return _name_rank(recipe) <= 0 and often * 10 >= len(drafts) * 8


def _name_rank(recipe: Mapping[str, Any]) -> int:
    name = recipe["name"]
    return _rank(name if isinstance(name, str) else name["from"])


def _is_news(recipe: Mapping[str, Any], drafts: Sequence[Draft]) -> bool:
    """Whether the list calls itself so, holds papers, or runs back through days without a year, as news do."""
    dates = [draft.date_text or "" for draft in drafts]
    days = [day for text in dates if not _FULL.search(text) and (day := _day_of(text))]
    falls = sum(later < earlier for earlier, later in pairwise(days))
    is_of_papers = share(bool(_PAPER.search(draft.name or "")) for draft in drafts) >= 0.5
    is_called_so = _NEWS.search(f"{recipe['list']} {recipe['date_text']}") is not None
    return is_called_so or is_of_papers or falls * 2 > max(len(dates) - 1, 2)
