"""What a feed is called: calendars and readers show nothing else, so two questions must not bear one name."""

from collections.abc import Iterator

from aggregator.settings import Settings
from api.echo import Echo
from api.query import Asked
from api.values import read_free_choice

LONGEST = 120
_OUR_WORDS = ("when", "kind", "cost", "attendance", "status", "weekday")
_NAMES = ("org", "source", "tag")
_AROUND = {"q": "“{}”", "time_from": "from {}", "time_to": "before {}"}


def write_title(asked: Asked, settings: Settings, things: str = "Events") -> str:
    """`Events near Visalia, CA: chamber, free`; the distance is told when it is not the site's usual one."""
    filters = ", ".join(_tell_filters(asked.echo))
    title = f"{things}{_tell_place(asked, settings)}" + (f": {filters}" if filters else "")
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"


def _tell_place(asked: Asked, settings: Settings) -> str:
    if asked.place is None:
        return f" in the box {asked.echo['bbox']}" if "bbox" in asked.echo else ""
    if "nearest" in asked.echo:
        return f" nearest to {asked.place.label}"
    within = asked.echo.get("within", settings.within)
    return f" near {asked.place.label}" if within == settings.within else f" within {within} of {asked.place.label}"


def _tell_filters(echo: Echo) -> Iterator[str]:
    """In one order, whatever order they were asked in."""
    for name in (*_OUR_WORDS, *_NAMES):
        if name in echo:
            words = _tell_choice(str(echo[name]))
            yield words.replace("_", " ") if name in _OUR_WORDS else words
    for name, words in _AROUND.items():
        if name in echo:
            yield words.format(echo[name])


def _tell_choice(text: str) -> str:
    """`chamber or networking`, `not civic`."""
    named = read_free_choice(text)
    parts = (" or ".join(sorted(named.any_of)), *(f"not {word}" for word in sorted(named.none_of)))
    return ", ".join(filter(None, parts))
