"""From what was written in an address to Parameters: names, spellings and values checked, or a QueryError."""

from collections.abc import Collection, Iterable, Sequence

from pydantic import ValidationError

from aggregator.errors import QueryError
from api.parameters import ALIASES, LISTS, MAX_LIST, MAX_TEXT, NAMES, Parameters
from api.values import UnreadError, read_length, spelled_like

PATHS = tuple(f"/v1/events.{form}" for form in ["ics", "rss", "atom", "json", "geojson", "csv", "jsonld", "md", "txt"])
_OTHERS_WORDS = {
    "q": ("search", "query", "keyword", "keywords", "text", "title", "name"),
    "near": ("zip", "zipcode", "postcode", "postal_code", "city", "town", "location", "place", "address", "where"),
    "within": ("distance",),
    "start": ("from", "since", "date", "after", "start_date", "date_from", "min_date"),
    "end": ("to", "until", "before", "end_date", "date_to", "max_date"),
    "cursor": ("page", "offset", "skip", "after_id", "page_token"),
    "limit": ("per_page", "page_size", "pagesize", "count", "size", "max", "rows"),
    "kind": ("category", "categories", "type"),
    "org": ("organizer", "organiser", "organization", "organisation", "group", "host"),
    "tz": ("timezone", "time_zone"),
    "cost": ("price", "free"),
    "max_price": ("price_max", "budget", "maxprice"),
    "visitors": ("guests", "open", "members", "public"),
    "regular": ("recurring", "is_recurring", "recurrence", "repeating"),
    "rhythm": ("frequency", "interval", "every"),
    "collapse": ("group_by", "grouped", "unique", "distinct"),
    "newcomer": ("newcomers", "beginner", "first_timers"),
}
_MEANT: dict[str, tuple[str, ...]] = {word: (name,) for name, words in _OTHERS_WORDS.items() for word in words}
_MEANT |= {"format": PATHS, "lang": (), "language": (), "locale": ()}
"""What other APIs call it; a name that is merely spelled alike would mislead."""


def collect(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One cleaned text a parameter, under its own name; a list that is repeated is joined by commas."""
    texts: dict[str, str] = {}
    for spelling, value in pairs:
        name = ALIASES.get(spelling, spelling)
        if name not in NAMES:
            raise QueryError(_shown(spelling), _shown(value), "no such parameter", _meant(spelling))
        text = _clean(name, value)
        if name not in texts:
            texts[name] = text
        elif name in LISTS:
            texts[name] += f",{text}"
        else:
            raise QueryError(name, _shown(value), "given more than once")
    return _join_radius(texts) if "radius" in texts or "unit" in texts else texts


def part_own(
    pairs: Iterable[tuple[str, str]], own: Collection[str], shared: Collection[str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What one path asks for, and what it shares with `/v1/events`; QueryError for the rest, and for an own twice."""
    texts: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for name, value in pairs:
        if name in texts:
            raise QueryError(name, value[:200], "given more than once; several by comma")
        if name in own:
            texts[name] = value.strip()
        elif name in shared:
            others.append((name, value))
        else:
            raise QueryError(name[:200], value[:200], f"not known here; {', '.join((*shared, *own))}")
    return texts, others


def validate(texts: dict[str, str]) -> Parameters:
    """The values that the texts mean."""
    try:
        return Parameters.model_validate(texts)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name, cause = str(first["loc"][0]), first.get("ctx", {}).get("error")
        near = cause.did_you_mean if isinstance(cause, UnreadError) else ()
        raise QueryError(name, _shown(texts[name]), str(cause or first["msg"]), near) from error


def _clean(name: str, value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise QueryError(name, value[:MAX_TEXT], "given without a value: leave it out instead")
    if len(text) > (MAX_LIST if name in LISTS else MAX_TEXT):
        raise QueryError(name, _shown(text), "too long")
    if not text.isprintable():
        raise QueryError(name, _shown(text), "holds a character that cannot be printed")
    return text


def _join_radius(texts: dict[str, str]) -> dict[str, str]:
    radius, unit = texts.pop("radius", None), texts.pop("unit", None)
    if radius is None:
        raise QueryError("unit", unit or "", "needs radius beside it", ("within=10mi",))
    if unit is None:
        raise QueryError("radius", radius, "needs unit beside it", (f"within={radius}mi", f"within={radius}km"))
    if "within" in texts:
        raise QueryError("radius", radius, "cannot be asked together with within")
    try:
        return {**texts, "within": str(read_length(radius + unit))}
    except ValueError as error:
        why = f"with unit={_shown(unit)} beside it is not a length from more than nothing to 500km, such as 10 and mi"
        raise QueryError("radius", radius, why) from error


def _meant(spelling: str) -> Sequence[str]:
    """What is known by the name in other APIs, else what is spelled like it."""
    name = spelling[:MAX_TEXT].lower().replace("-", "_")
    return _MEANT[name] if name in _MEANT else spelled_like(name, NAMES)


def _shown(value: str) -> str:
    """What may be said back: bounded, and without what a terminal would obey."""
    return "".join(c if c.isprintable() else "�" for c in value[:MAX_TEXT])
