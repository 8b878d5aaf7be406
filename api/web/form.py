"""“Where and when” as a form: what was chosen in each field, and what is wrong beside its field; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from aggregator.errors import QueryError
from api.echo import Echo
from api.parameters import ALIASES, ATTENDANCE, COSTS, KINDS, RHYTHMS
from api.values import WEEKDAYS
from api.web.language import Language
from api.web.visit import Pairs, Visit

Units = Literal["mi", "km"]

LENGTHS: dict[Units, tuple[str, ...]] = {
    "mi": ("2mi", "5mi", "10mi", "15mi", "25mi", "50mi", "100mi"),
    "km": ("3km", "8km", "15km", "25km", "40km", "80km", "160km"),
}
WHENS = ("today", "tonight", "tomorrow", "weekend", "this_week", "next_7_days", "next_week", "next_30_days")
OFFERED = ("open", "rsvp", "open,rsvp", "guest_of_member", "members_only", "unknown")
"""What is offered of `visitors`; the third is what most people mean."""
DAYPARTS_OFFERED = ("morning", "lunch", "afternoon", "evening")
TICKED = frozenset({"weekday", "free"})
"""Fields of which a form sends each box that is ticked."""
_UNSHOWN = frozenset({"lat", "lon", "limit", "fields", "include", "units"})
_PLACES = frozenset({"near", "lat", "lon", "bbox"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a field, and its words."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Words that lead somewhere."""

    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What cannot be answered, and links to what would do; `field` is where it is said, None above all."""

    field: str | None
    words: str
    choices: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Which fields a form has: in one line, under “more”, and boxes to tick there."""

    line: tuple[str, ...]
    more: tuple[str, ...]
    ticks: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.line, *self.more, *self.ticks)


EVENTS = Fields(
    line=("near", "within", "when", "kind", "visitors"),
    more=("q", "cost", "attendance", "time_from", "time_to"),
    ticks=("weekday", "newcomer", "collapse"),
)
GROUPS = Fields(
    line=("near", "within", "rhythm", "kind", "visitors"), more=("q", "when"), ticks=("weekday", "newcomer")
)
PLAN = Fields(
    line=("near", "within", "days", "budget", "visitors"), more=("kind", "cost", "q"), ticks=("free", "newcomer")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Texts and options by field; `kept` are parameters that have no field, each a chip to be taken off."""

    action: str
    fields: Fields
    texts: dict[str, str]
    options: dict[str, tuple[Option, ...]]
    kept: Pairs
    chips: tuple[Link, ...]
    other_units: Link
    is_wide_open: bool
    fault: Fault | None


def make_form(
    visit: Visit,
    fields: Fields,
    echo: Echo,
    units: Units,
    fault: Fault | None = None,
    *,
    is_wide_open: bool | None = None,
) -> Form:
    """`echo` has the defaults of the site; what was asked, right or wrong, wins over it."""
    given = read_given(visit.pairs)
    shown = {name: str(value) for name, value in echo.items()} | given
    kept = tuple(
        (name, value) for name, value in visit.pairs if name not in (*fields.names, *_POINT, "cursor", "after")
    )
    hidden = (*fields.more, *fields.ticks)
    return Form(
        action=f"{visit.folder}{visit.path}",
        fields=fields,
        texts={name: shown.get(name, "") for name in ("near", "q", "time_from", "time_to", "budget")},
        options=dict(_options(visit, shown, units)),
        kept=(*kept, *((("lang", visit.language.code),) if visit.names_language else ())),
        chips=tuple(_chips(visit, kept)),
        other_units=_other_units(visit, units, shown.get("within")),
        is_wide_open=_is_asked(given, hidden, fault) if is_wide_open is None else is_wide_open,
        fault=fault,
    )


def _other_units(visit: Visit, units: Units, within: str | None) -> Link:
    """The same page in kilometres, or in miles; a distance of the form with it, as its neighbour in the other list."""
    other: Units = "km" if units == "mi" else "mi"
    pairs = (*visit.without("units"), ("units", other))
    if within in LENGTHS[units]:
        near = LENGTHS[other][LENGTHS[units].index(within)]
        pairs = (*visit.without("units", "within"), ("within", near), ("units", other))
    view = {} if visit.view == "list" else {"view": visit.view}
    return Link(words=visit.language.say(f"units.{other}"), address=visit.link(visit.path, pairs, **view))


def _is_asked(given: dict[str, str], names: tuple[str, ...], fault: Fault | None) -> bool:
    return any(name in given for name in names) or (fault is not None and fault.field in names)


def read_given(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The last word on each field; a point is written as one place."""
    given: dict[str, str] = {}
    for spelling, value in pairs:
        name = ALIASES.get(spelling, spelling)
        given[name] = f"{given[name]},{value}" if name in given and name in TICKED else value
    if "lat" in given and "lon" in given and "near" not in given:
        given["near"] = f"{given['lat']},{given['lon']}"
    return given


def tell_fault(visit: Visit, fields: Fields, error: QueryError) -> Fault:
    """A question that cannot be answered, where a person looks for it."""
    say = visit.language.say
    asks_for_place = error.param == "when" and not _PLACES.intersection(name for name, _ in visit.pairs)
    field = "near" if asks_for_place or error.param in ("lat", "lon") else error.param
    if asks_for_place:
        return Fault(field="near", words=say("fault.no_place"), choices=())
    choices = tuple(_choices(visit, fields, error.param, error.did_you_mean))
    if error.param == "near":
        key = "fault.ambiguous" if error.why.startswith("more than one") else "fault.unknown_place"
        return Fault(field="near", words=say(key, value=error.value), choices=choices)
    words = say("fault.other", name=error.param, value=error.value, why=error.why)
    return Fault(field=field if field in fields.names else None, words=words, choices=choices)


def _choices(visit: Visit, fields: Fields, param: str, near: Sequence[str]) -> Iterator[Link]:
    """Only a place and a word of a field may be put into the address as they stand."""
    if param in fields.names:
        rest = visit.without(param, "cursor", "after", *(_POINT if param == "near" else ()))
        yield from (Link(words=one, address=visit.link(visit.path, ((param, one), *rest))) for one in near)


def _options(visit: Visit, shown: dict[str, str], units: Units) -> Iterator[tuple[str, tuple[Option, ...]]]:
    say = visit.language.say
    for name, values in (
        ("within", LENGTHS[units]),
        ("when", ("", *WHENS)),
        ("kind", ("", *KINDS)),
        ("visitors", ("", *OFFERED)),
        ("cost", ("", *COSTS)),
        ("attendance", ("", *ATTENDANCE)),
        ("rhythm", ("", *RHYTHMS)),
        ("days", ("7", "14", "21", "30")),
    ):
        chosen = shown.get(name, values[0])
        every = values if chosen in values else (*values, chosen)
        yield (
            name,
            tuple(
                Option(value=one, words=tell_value(visit.language, name, one), is_chosen=one == chosen) for one in every
            ),
        )
    names = dict(zip(WEEKDAYS, visit.language.weekdays, strict=True))
    ticked = _split(shown.get("weekday"))
    yield "weekday", tuple(Option(value=day, words=words, is_chosen=day in ticked) for day, words in names.items())
    for name, value in (("newcomer", "true"), ("collapse", "series")):
        yield name, (Option(value=value, words=say(f"{name}.{value}"), is_chosen=shown.get(name) == value),)
    yield "free", tuple(_free(visit, names, _split(shown.get("free"))))


def _free(visit: Visit, weekdays: dict[str, str], ticked: set[str]) -> Iterator[Option]:
    """A box for each part of each day, in order of days; a whole day ticks all its parts."""
    for day, name in weekdays.items():
        for part in DAYPARTS_OFFERED:
            words = f"{name}, {visit.language.say(f'daypart.{part}')}"
            yield Option(value=f"{day}.{part}", words=words, is_chosen=bool({day, f"{day}.{part}"} & ticked))


def _split(text: str | None) -> set[str]:
    return {part.strip() for part in (text or "").split(",")}


def tell_value(language: Language, name: str, value: str) -> str:
    """In the language of the page; a value of its own stands as it is."""
    if name == "within":
        return value.replace("mi", " mi").replace("km", " km")
    key = f"{name}.{value or 'any'}"
    return language.say(key) if key in language.texts else value.replace("_", " ")


def _chips(visit: Visit, kept: Pairs) -> Iterator[Link]:
    for name, value in kept:
        if name not in _UNSHOWN:
            key = f"chip.{name}"
            label = visit.language.say(key) if key in visit.language.texts else name
            rest = [pair for pair in visit.without("cursor", "after") if pair != (name, value)]
            yield Link(words=f"{label}: {value}", address=visit.link(visit.path, rest))


_POINT = ("lat", "lon", *ALIASES)
