"""What a row says beside platform and address, guessed from the page and its events; pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aggregator.errors import PlaceError
from aggregator.event import Event, Kind, Place, PostalAddress
from aggregator.place.gazetteer import Gazetteer, Spot
from aggregator.reading.html import attribute, parse_html
from aggregator.reading.text import clean_line, fold

_KINDS = (
    (Kind.CHAMBER, r"chamber|board of trade|business (?:association|council|alliance|bureau)|downtown|merchants"),
    (
        Kind.VOLUNTEER,
        r"volunteer|food ?bank|habitat|red cross|sierra club|audubon|conservanc|united way|\btrails?\b|hik",
    ),
    (
        Kind.NETWORKING,
        r"rotary|lions|kiwanis|toastmasters|network|meetup|referral|\bbni\b|letip|founders|startup|coffee",
    ),
    (Kind.CIVIC, r"librar|city of|town of|county|village of|museum|parks|\.gov\b|school|universit"),
)
_KIND_OF_PLATFORM = {
    **dict.fromkeys(("growthzone", "weblink", "chambernation"), Kind.CHAMBER),
    **dict.fromkeys(("mobilize", "volunteerhub", "galaxy", "golden", "sierraclub", "redcross"), Kind.VOLUNTEER),
    **dict.fromkeys(("meetup", "luma", "bevy", "guild", "toastmasters", "dacdb", "clubrunner", "bni"), Kind.NETWORKING),
    **dict.fromkeys(("libcal", "civicplus"), Kind.CIVIC),
}
_SHARED = re.compile(
    r"(?:^|\.)(?:meetup|eventbrite|lu|luma|google|tockify|trumba|mobilize|wildapricot|squarespace|wixsite|libcal|teamup"
    r"|membershipworks|memberfind|icloud|office365|outlook|guild|ismyrotaryclub|timelyapp|time)\.(?:com|ma|me|us|host|ly)$"
)
"""Hosts on which many organisations have their pages."""

_DULL = re.compile(
    r"(?:events?|calendar|ical|ics|feeds?|api|v\d|[a-z]|groups?|home|www|index|html|rss|public|basic)", re.IGNORECASE
)
"""Words of an address that name nobody."""
_ADDRESS = re.compile(r"([A-Z][A-Za-z.'’ -]{2,30}),\s+([A-Z]{2})\.?\s+(\d{5})(?:-\d{4})?\b")
_BREAK = re.compile(r"\s+[|–—•·»-]\s+|\s*:\s+")
_DULL_TITLE = re.compile(r"\b(?:events?|calendar|home ?page|home|meetings|upcoming|welcome|list)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Each with no more than what was found: a person looks at it before it is written."""

    name: str
    kind: Kind
    organizer: str | None = None
    time_zone: str | None = None
    location: PostalAddress = PostalAddress()


def guess(
    html: str, url: str, platform: str, events: Sequence[Event], gazetteer: Gazetteer, taken: Collection[str] = ()
) -> Guess:
    """`taken` are the names that other sources have."""
    organizer = _organizer(html, events)
    spot = _town_of(html, events, gazetteer)
    words = f"{organizer or ''} {urlsplit(url).hostname or ''} {_title(html) or ''}"
    found = Guess(name=_free_name(url, taken), kind=_kind(words, platform), organizer=organizer)
    if spot is None:
        return replace(found, time_zone=_most([event.time_zone for event in events if event.time_zone]))
    address = PostalAddress(address_locality=spot.name, address_region=spot.region, address_country=spot.country)
    return replace(found, time_zone=spot.time_zone, location=address)


def place_of(found: Guess) -> Place:
    """Where its events are when they do not say."""
    return Place(address=found.location)


def is_shared(host: str) -> bool:
    """Whether many organisations have their pages there."""
    return _SHARED.search(host) is not None


def _kind(words: str, platform: str) -> Kind:
    by_words = next((kind for kind, pattern in _KINDS if re.search(pattern, words, re.IGNORECASE)), None)
    return by_words or _KIND_OF_PLATFORM.get(platform, Kind.OTHER)


def _free_name(url: str, taken: Collection[str]) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "source").removeprefix("www.")
    words = [host, *(_own_words(parts.path + " " + parts.query) if is_shared(host) else ())]
    name = re.sub(r"[^a-z0-9]+", "_", " ".join(words).lower()).strip("_")[:70] or "source"
    return next(free for free in (name, *(f"{name}_{n}" for n in range(2, 10_000))) if free not in taken)


def _own_words(path: str) -> list[str]:
    words = [word for word in re.split(r"[^A-Za-z0-9_-]+", path) if not _DULL.fullmatch(word) and len(word) > 2]
    return words[:2]


def _organizer(html: str, events: Sequence[Event]) -> str | None:
    """The site's name, its title's, or whom most events name."""
    site = _meta(html, "og:site_name")
    if site and not _DULL_TITLE.fullmatch(site):
        return site
    parts = [part.strip() for part in _BREAK.split(_title(html) or "") if part.strip()]
    named = [part for part in parts if not _DULL_TITLE.search(part)]
    return named[-1] if named else _most([e.organizer.name for e in events if e.organizer and e.organizer.name])


def _title(html: str) -> str | None:
    node = parse_html(html).css_first("title") if "<title" in html.lower() else None
    return clean_line(node.text())[:150] or None if node else None


def _meta(html: str, name: str) -> str | None:
    node = parse_html(html).css_first(f'meta[property="{name}"]') if name in html else None
    return clean_line(attribute(node, "content") or "")[:150] or None if node else None


def _town_of(html: str, events: Sequence[Event], gazetteer: Gazetteer) -> Spot | None:
    """The town that most events are in, else that of the address at the foot of the page."""
    told = [e.location.address for e in events if e.location.address.address_locality]
    towns = Counter((a.address_locality, a.address_region, a.address_country) for a in told)
    for (town, region, country), _ in towns.most_common(3):
        if town and (spot := gazetteer.town(town, region, country)):
            return spot
    for town in _towns_on(html):
        try:
            return gazetteer.resolve(town)
        except PlaceError:
            continue
    return None


def _towns_on(html: str) -> Iterator[str]:
    """Town and state of the addresses on a page, the most frequent first."""
    text = re.sub(r"<[^>]*>", " \n", html[-200_000:])
    found = Counter(f"{town.strip()}, {region}" for town, region, _ in _ADDRESS.findall(text))
    yield from (town for town, _ in found.most_common(3))


def _most(names: Sequence[str]) -> str | None:
    return Counter(names).most_common(1)[0][0] if names else None


def is_alike(one: str | None, other: str | None) -> bool:
    """Whether two organisations bear the same name, but for case, marks and what kind of body they are."""
    if not one or not other:
        return False
    return _bare(one) == _bare(other) != ""


def _bare(name: str) -> str:
    return re.sub(r"\b(?:the|of|and|inc|llc|association|assoc)\b|[^a-z0-9]+", "", fold(name))
