"""A page that no platform reads -> the recipe by which its repeated parts can be read, and how sure that is; pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from aggregator.errors import UnreadDateError
from aggregator.reading.dates import read_span
from aggregator.reading.html import Node, Tree, parse_html, text_of
from aggregator.source import Page

CONFIDENT = 0.75
"""From here on a recipe is believed without a person."""

FEWEST, MOST_ROWS, MOST_GROUPS = 2, 60, 400
MOST_TEXT = 3000
"""Characters of a part that may be an event; more is a section of the page."""

RECENT = timedelta(days=2)

_DATE_HINT = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d{1,2}[/.]\d{1,2}|\d{4}-\d\d-\d\d", re.IGNORECASE
)
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: \d{4})?", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_CLOCK_HINT = re.compile(r"\d ?(?:[ap]\.?m\b)|\d{1,2}:\d\d|\bnoon\b", re.IGNORECASE)
_NAMED = re.compile(r"title|name|summary|heading|subject", re.IGNORECASE)
_PLACED = re.compile(r"location|venue|place|where|address", re.IGNORECASE)
_TOLD = re.compile(r"desc|excerpt|teaser|summary-text|body", re.IGNORECASE)
_FURNITURE = frozenset({"nav", "header", "footer", "script", "style", "select", "head", "svg", "noscript", "template"})
_CHANGING = re.compile(r"\d|^(?:odd|even|first|last|active|clearfix|row-)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Induced:
    """`recipe` is for platform `css`; below CONFIDENT it is a stub to mend. `found` is how many parts it read."""

    recipe: Mapping[str, str]
    confidence: float
    found: int
    why: str

    @property
    def is_confident(self) -> bool:
        """Whether it may be used as it is."""
        return self.confidence >= CONFIDENT


@dataclass(slots=True)
class _Group:
    """Parts of a page that are made alike, and what the selectors inside them say: a text a part, or None."""

    selector: str
    rows: list[Node]
    texts: dict[str, list[str | None]] = field(default_factory=dict)


def induce(page: Page) -> Induced:
    """The best reading of the page's repeated parts; ParseError for a page too deep to read."""
    tree, now = parse_html(page.text), page.fetched_at.date()
    found = [read for group in _groups(tree) if (read := _read(group, tree, now))]
    best = max(found, key=lambda read: (round(read.confidence, 2), read.found), default=None)
    if best is None:
        stub = {"list": "SELECTOR OF ONE EVENT", "name": "h3", "url": "a@href", "date_text": ".date"}
        why = "no repeated part of the page has a name and a date that can be read: mend this recipe by hand"
        return Induced(recipe=stub, confidence=0.0, found=0, why=why)
    return best


def _groups(tree: Tree) -> Iterator[_Group]:
    """Parts with the same parent, or the same kind of parent, and the same tag and classes, that hold a date."""
    alike: defaultdict[str, list[Node]] = defaultdict(list)
    for node in tree.css("body *"):
        if node.tag in _FURNITURE or node.tag in {"td", "th", "a", "span", "p", "time", "b", "strong", "h1", "h2"}:
            continue
        alike[_selector(node)].append(node)
    told = [(selector, rows) for selector, rows in alike.items() if FEWEST <= len(rows) <= 500]
    for selector, rows in told[:MOST_GROUPS]:
        some = [row for row in rows if not _is_furniture(row)][:MOST_ROWS]
        texts = [text_of(row) for row in some[:6]]
        dated = sum(bool(_DATE_HINT.search(text) or _DAY.search(text)) for text in texts if len(text) <= MOST_TEXT)
        if len(some) >= FEWEST and dated * 2 >= len(texts):
            yield _Group(selector, some)


def _selector(node: Node) -> str:
    """`ul.coming > li.event`: its own tag and steady classes, under its parent's."""
    parent = node.parent
    return (
        f"{_own(parent)} > {_own(node)}" if parent is not None and parent.tag not in {"html", "-undef"} else _own(node)
    )


def _own(node: Node) -> str:
    classes = [one for one in (node.attributes.get("class") or "").split() if not _CHANGING.search(one)]
    plain = [one for one in classes if re.fullmatch(r"[A-Za-z_][\w-]*", one)]
    return ".".join([node.tag or "*", *plain[:2]])


def _is_furniture(row: Node) -> bool:
    parent = row
    while parent is not None:
        if parent.tag in _FURNITURE:
            return True
        parent = parent.parent  # type: ignore[assignment]
    return False


def _read(group: _Group, tree: Tree, now: date) -> Induced | None:
    """The group as a list of events, or None when too few of its parts have a date and a name."""
    _collect(group)
    dated = _find_date(group, tree, now)
    if dated is None:
        return None
    date_words, days = dated
    name = _find_name(group, date_words)
    if name is None:
        return None
    recipe = {"list": group.selector, "name": name, **_links(group, name), "date_text": date_words}
    if place := _by_class(group, _PLACED, taken={name, date_words}):
        recipe["location_text"] = place
    return _judge(recipe, group, days, now)


def _collect(group: _Group) -> None:
    """What each short selector says in each part; at most 80 of them."""
    found: Counter[str] = Counter()
    firsts: list[dict[str, str]] = []
    for row in group.rows:
        first: dict[str, str] = {}
        for node in row.css("*"):
            own = _own(node)
            if own not in first and node.mem_id != row.mem_id:
                first[own] = text_of(node)
            if node.tag == "time" and (told := node.attributes.get("datetime")):
                first.setdefault(f"{own}@datetime", told)
        firsts.append(first)
        found.update(first.keys())
    common = [own for own, count in found.most_common(80) if count * 2 >= len(group.rows)]
    group.texts = {own: [first.get(own) for first in firsts] for own in common}


def _find_date(group: _Group, tree: Tree, now: date) -> tuple[str, list[date | None]] | None:
    """The words of the date field, and the day that they give in each part: one selector, two joined, or a heading."""
    ways = [(own, texts) for own, texts in group.texts.items() if any(_may_be_date(text) for text in texts)]
    best = _best(ways, now)
    if best is None or _share(best[1]) < 0.9:
        best = max(filter(None, (best, _best(_split_dates(group), now))), key=lambda way: _share(way[1]), default=None)
    if best is None or _share(best[1]) < 0.6:
        headed = _best(list(_headed(group, tree)), now)
        best = headed if headed and (best is None or _share(headed[1]) > _share(best[1])) else best
    if best is None or _share(best[1]) < 0.6:
        return None
    return _with_clock(best[0], group), best[1]


def _may_be_date(text: str | None) -> bool:
    return text is not None and len(text) <= 150 and _DATE_HINT.search(text) is not None


def _best(ways: Sequence[tuple[str, list[str | None]]], now: date) -> tuple[str, list[date | None]] | None:
    """The way by which most parts have a day; of equal ones that with a clock, then the one with fewer words."""
    read = [(own, [_day_of(text, now) for text in texts], texts) for own, texts in ways]
    best = max(
        read,
        key=lambda way: (
            round(_share(way[1]), 2),
            "@datetime" in way[0],
            _share([_CLOCK_HINT.search(text or "") for text in way[2]]) > 0.5,
            -sum(len(text or "") for text in way[2]),
        ),
        default=None,
    )
    return (best[0], best[1]) if best and _share(best[1]) else None


def _share(values: Sequence[object]) -> float:
    return sum(value is not None for value in values) / max(len(values), 1)


@lru_cache(maxsize=4096)
def _day_of(text: str | None, now: date) -> date | None:
    if not _may_be_date(text) or text is None:
        return None
    try:
        start = read_span(text, now=now - timedelta(days=30)).start
    except UnreadDateError:
        return None
    return start.date() if isinstance(start, datetime) else start


def _split_dates(group: _Group) -> list[tuple[str, list[str | None]]]:
    """A month in one element and its day in another, in either order."""
    months = [own for own, texts in group.texts.items() if _is_mostly(texts, _MONTH.fullmatch)]
    days = [own for own, texts in group.texts.items() if _is_mostly(texts, _DAY.fullmatch)]
    return [
        (
            f"{month} & {day}",
            [f"{m} {d}" if m and d else None for m, d in zip(group.texts[month], group.texts[day], strict=True)],
        )
        for month in months[:4]
        for day in days[:4]
    ]


def _is_mostly(texts: Sequence[str | None], match: Callable[[str], object]) -> bool:
    return sum(bool(text and match(text.strip())) for text in texts) * 10 >= len(texts) * 8


def _headed(group: _Group, tree: Tree) -> Iterator[tuple[str, list[str | None]]]:
    """A heading before the parts that is a day, or a month whose day stands in the part."""
    order = {node.mem_id: place for place, node in enumerate(tree.css("*"))}
    for tag in ("h2", "h3", "h4", "h5", "dt", "th", "caption"):
        heads = [(order[node.mem_id], text_of(node)) for node in tree.css(tag) if node.mem_id in order]
        before = [_last_before(heads, order.get(row.mem_id, 0)) for row in group.rows]
        if _is_mostly(before, _may_be_date):
            yield f"^{tag}", before
        if _is_mostly(before, _MONTH.match):
            for own, texts in group.texts.items():
                if _is_mostly(texts, re.compile(r"(?:\w{3,9},? )?\d{1,2}(?:st|nd|rd|th)?").fullmatch):
                    joined = [
                        f"{head} {text}" if head and text else None for head, text in zip(before, texts, strict=True)
                    ]
                    yield f"^{tag} & {own}", joined


def _last_before(heads: Sequence[tuple[int, str]], place: int) -> str | None:
    return next((text for at, text in reversed(heads) if at < place), None)


def _with_clock(words: str, group: _Group) -> str:
    """The clock of an element of its own, where the date has none."""
    own = words.rpartition(" & ")[2]
    texts = group.texts.get(own, [])
    if "@datetime" in words and _is_mostly(texts, lambda text: "T" in text):
        return words
    if sum(bool(text and _CLOCK_HINT.search(text)) for text in texts) * 2 >= max(len(texts), 1):
        return words
    for other, clocks in group.texts.items():
        told = [text for text in clocks if text]
        if other != own and told and sum(_is_clock(text) for text in told) * 10 >= len(group.rows) * 6:
            return f"{words} & {other}"
    return words


def _is_clock(text: str) -> bool:
    if len(text) > 40 or not _CLOCK_HINT.search(text):
        return False
    try:
        read_span(f"January 5, 2026 {text}", now=date(2026, 1, 1))
    except UnreadDateError:
        return False
    return True


def _find_name(group: _Group, date_words: str) -> str | None:
    """A heading, a link or an element that calls itself a title: in most parts, and not the same in all."""
    ranked = [
        (_rank(own, texts), own)
        for own, texts in group.texts.items()
        if own not in date_words.split(" & ") and "@" not in own and _is_name(texts)
    ]
    return max(ranked)[1] if ranked else None


def _rank(own: str, texts: Sequence[str | None]) -> tuple[int, float]:
    tag = own.partition(".")[0]
    points = 4 * (tag in {"h1", "h2", "h3", "h4", "h5", "h6"}) + 3 * bool(_NAMED.search(own)) + 2 * (tag == "a")
    points += tag in {"strong", "b", "dt"}
    return points, len({text for text in texts if text}) / max(len(texts), 1)


def _is_name(texts: Sequence[str | None]) -> bool:
    told = [text for text in texts if text]
    names = [text for text in told if 3 <= len(text) <= 150 and not _is_only_date(text)]
    return len(names) * 10 >= len(texts) * 8 and len(set(names)) * 2 >= min(len(names), 4)


def _is_only_date(text: str) -> bool:
    return _day_of(text, date(2026, 1, 1)) is not None or _is_clock(text) or re.fullmatch(r"[\W\d]*", text) is not None


def _links(group: _Group, name: str) -> dict[str, str]:
    """The address of the event: of the name itself, of a link in it, or of the part's first link."""
    for words in (f"{name}@href", f"{name} a@href", "a@href"):
        selector, _, attribute = words.partition("@")
        links = [node.attributes.get(attribute) if (node := row.css_first(selector)) else None for row in group.rows]
        if _share(links) >= 0.8 and len(set(links)) * 2 >= len(links):
            return {"url": words}
    return {}


def _by_class(group: _Group, pattern: re.Pattern[str], taken: set[str]) -> str | None:
    for own, texts in group.texts.items():
        if pattern.search(own) and own not in taken and _is_mostly(texts, lambda text: 2 < len(text) < 200):
            return own
    return None


def _judge(recipe: dict[str, str], group: _Group, days: Sequence[date | None], now: date) -> Induced:
    """Sure when nearly every part is read, most are to come, and there are three at least."""
    told = [day for day in days if day]
    coming = sum(day >= now - RECENT for day in told) / len(told)
    is_linked, has_clock = "url" in recipe, _has_clock(recipe["date_text"], group)
    size = min(len(told), 4) / 4
    spread = min(len(set(told)), 3) / min(len(told), 3)
    confidence = _share(days) * (0.35 + 0.65 * coming) * (0.7 + 0.3 * size) * (0.8 + 0.2 * spread)
    confidence *= 1.0 if is_linked and has_clock else 0.93 if is_linked or has_clock else 0.8
    why = (
        f"{len(told)} of {len(days)} parts “{recipe['list']}” have a date and a name;"
        f" {coming:.0%} of them are to come; {confidence:.0%} sure"
    )
    return Induced(recipe=recipe, confidence=confidence, found=len(told), why=why)


def _has_clock(words: str, group: _Group) -> bool:
    return any(
        _is_mostly(group.texts.get(own, []), lambda text: bool(_CLOCK_HINT.search(text)) or "T" in text)
        for own in words.split(" & ")
    )
