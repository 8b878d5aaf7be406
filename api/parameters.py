"""The one declaration of every parameter: JSON, feeds, command line and OpenAPI are all made from it."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from aggregator.event import EventAttendanceMode, EventStatus, Kind, Visitors
from aggregator.query import BoundingBox, Choice, Collapse, Cost, Every, Sort, Words
from aggregator.render import EVENT_MEMBERS
from api import values as v

MAX_LIMIT = 200
MAX_DAYS = 366
MAX_PRICE = 60_000
MAX_TEXT = 200
MAX_LIST = 1000
ANYWHERE = "anywhere"
"""The value of `near` that turns the site's own place off."""

ATTENDANCE = {
    "in_person": EventAttendanceMode.OFFLINE,
    "online": EventAttendanceMode.ONLINE,
    "hybrid": EventAttendanceMode.MIXED,
}
STATUS = {
    "confirmed": frozenset({EventStatus.SCHEDULED, EventStatus.RESCHEDULED, EventStatus.MOVED_ONLINE}),
    "cancelled": frozenset({EventStatus.CANCELLED}),
    "postponed": frozenset({EventStatus.POSTPONED}),
}
KINDS = {kind.value: kind for kind in Kind}
VISITORS = {visitors.value: visitors for visitors in Visitors}
RHYTHMS = {every.value: every for every in Every}
COSTS = {cost.value: cost for cost in Cost}
MEMBERS = {name: name for name in EVENT_MEMBERS}


def _one_of(words: dict[str, Any]) -> PlainValidator:
    return PlainValidator(lambda text: words[v.known(text, words)])


def _text(example: str, pattern: str | None = None, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern or r"\S", "examples": [example], **more})


def _number(kind: str, least: int, most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, "minimum": least, "maximum": most})


def _words(*words: str, excludes: bool = False) -> WithJsonSchema:
    """Any of the words; each may be left out by a `!` before it when `excludes`."""
    choices = [*words, *(f"!{word}" for word in words if excludes)]
    return WithJsonSchema({"type": "array", "minItems": 1, "items": {"type": "string", "enum": choices}})


def _single(*words: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(words)})


_NAMES = WithJsonSchema({"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"^!?[\w.&' -]*\w$"}})
_ISO = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)?)?$"
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"
_BBOX = r"^(-?\d{1,3}(\.\d{1,15})?,){3}-?\d{1,3}(\.\d{1,15})?$"

Text = Annotated[str | None, PlainValidator(str)]
Moment = Annotated[datetime | date | None, PlainValidator(v.read_moment), _text("2026-10-08", _ISO)]
Clock = Annotated[time | None, PlainValidator(v.read_clock), _text("17:00", _CLOCK)]
Names = Annotated[Choice[str], PlainValidator(v.read_free_choice), _NAMES]


class Parameters(BaseModel):
    """Every field is a parameter of its name; what is not given keeps its default, and nothing else is accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    near: Annotated[Text, _text("Fresno, CA")] = Field(
        None, description="A town, a postcode, or `latitude,longitude`; `anywhere` for no place at all."
    )
    lat: Annotated[float | None, PlainValidator(v.read_latitude), _number("number", -90, 90)] = Field(
        None, description="Latitude in degrees, with `lon`, in the place of `near`. Also `latitude`."
    )
    lon: Annotated[float | None, PlainValidator(v.read_longitude), _number("number", -180, 180)] = Field(
        None, description="Longitude in degrees, with `lat`. Also `lng`, `longitude`."
    )
    within: Annotated[
        v.Length | None, PlainValidator(v.read_length), _text("10mi", r"^\d{1,7}(\.\d{1,6})? ?(m|km|mi)$")
    ] = Field(None, description="How far around the place: 10mi, 15km, 800m; at most 500km. Also `radius` with `unit`.")
    nearest: Annotated[int | None, PlainValidator(v.read_count(MAX_LIMIT)), _number("integer", 1, MAX_LIMIT)] = Field(
        None, description="That many of the closest, however far (to 500km), in the place of `within`."
    )
    bbox: Annotated[BoundingBox | None, PlainValidator(v.read_bbox), _text("-120.1,36.5,-119.5,37.0", _BBOX)] = Field(
        None, description="A box of degrees: west,south,east,north."
    )
    when: Annotated[Words | None, _one_of({w.value: w for w in Words}), _single(*(w.value for w in Words))] = Field(
        None, description="A stretch of time in words, in the place's own time zone; so it needs a place."
    )
    start: Moment = Field(None, description="Events that have not ended by then. A date begins at its midnight.")
    end: Moment = Field(None, description="Events that begin before then. A date includes that whole day.")
    days: Annotated[int | None, PlainValidator(v.read_count(MAX_DAYS)), _number("integer", 1, MAX_DAYS)] = Field(
        None, description="That many days from `start`, or from today, which is the first; in the place of `end`."
    )
    starts_after: Moment = Field(None, description="Only events that begin then or later.")
    starts_before: Moment = Field(None, description="Only events that begin before then.")
    weekday: Annotated[frozenset[v.Weekday], PlainValidator(v.read_weekdays), _words(*v.WEEKDAYS)] = Field(
        frozenset(), description="Days of the week on which it begins, by name: tue,thu."
    )
    time_from: Clock = Field(None, description="Begins at this clock time or later, where the event is.")
    time_to: Clock = Field(None, description="Begins before this clock time, where the event is.")
    kind: Annotated[Choice[Kind], PlainValidator(v.read_choice(KINDS)), _words(*KINDS, excludes=True)] = Field(
        Choice(), description="What sort of organisation invites; several by comma, `!civic` leaves one out."
    )
    org: Names = Field(
        Choice(),
        description='Organisers by name; several by comma, one with a comma as "Name, Inc"; `!name` leaves one out.',
    )
    source: Names = Field(Choice(), description="Sources by the name that `/v1/sources` gives; `!name` leaves one out.")
    tag: Names = Field(Choice(), description="Keywords of the event, like `org`.")
    q: Annotated[Text, PlainValidator(v.read_words), _text("coffee", r"\w")] = Field(
        None, description="Words in title, description, organiser or place; all must be there."
    )
    attendance: Annotated[
        frozenset[EventAttendanceMode], PlainValidator(v.read_any(ATTENDANCE)), _words(*ATTENDANCE)
    ] = Field(frozenset(), description="How one takes part: in person, unless the source says otherwise.")
    cost: Annotated[frozenset[Cost], PlainValidator(v.read_any(COSTS)), _words(*COSTS)] = Field(
        frozenset(), description="What is known of the price; free is never guessed from silence."
    )
    max_price: Annotated[int | None, PlainValidator(v.read_count(MAX_PRICE, 0)), _number("integer", 0, MAX_PRICE)] = (
        Field(
            None,
            description="A stranger pays at most this, in the money of the place; where nobody says, it is left out.",
        )
    )
    visitors: Annotated[frozenset[Visitors], PlainValidator(v.read_any(VISITORS)), _words(*VISITORS)] = Field(
        frozenset(),
        description="Whether a stranger may come: `open`, `rsvp` (tell them first), `guest_of_member`, `members_only`, "
        "never told without a quotation, and `unknown` otherwise.",
    )
    newcomer: Annotated[bool | None, _one_of({"true": True}), _single("true")] = Field(
        None, description="`true`: only where the page says that first-timers are expected."
    )
    status: Annotated[frozenset[frozenset[EventStatus]], PlainValidator(v.read_any(STATUS)), _words(*STATUS)] = Field(
        frozenset(), description="All when not given: what is cancelled is shown, and marked."
    )
    regular: Annotated[bool | None, _one_of({"true": True, "false": False}), _single("true", "false")] = Field(
        None, description="`true`: only dates of a series or a regular group; `false`: only what is neither."
    )
    rhythm: Annotated[frozenset[Every], PlainValidator(v.read_any(RHYTHMS)), _words(*RHYTHMS)] = Field(
        frozenset(), description="How often the series or group meets; several by comma."
    )
    confirmed_within: Annotated[v.Days | None, PlainValidator(v.read_days), _text("14d", r"^[1-9]\d{0,3}d$")] = Field(
        None, description="Only what a source has shown so lately, in days."
    )
    collapse: Annotated[Collapse, _one_of({c.value: c for c in Collapse}), _single(*(c.value for c in Collapse))] = (
        Field(
            Collapse.NONE,
            description="`series`: each series or regular group once, at the first of its dates that matches, with "
            "`nextDates`.",
        )
    )
    sort: Annotated[Sort, _one_of({s.value: s for s in Sort}), _single(*(s.value for s in Sort))] = Field(
        Sort.START,
        description="The order of answers; ties always by id. `sociable` is `start`, but of what starts together first "
        "what more lines of `meetingPeople` speak for, less those against.",
    )
    limit: Annotated[int, PlainValidator(v.read_count(MAX_LIMIT)), _number("integer", 1, MAX_LIMIT)] = Field(
        50, description="Events on one page. A feed carries everything, and at most as many as this when it is given."
    )
    cursor: Annotated[Text, WithJsonSchema({"type": "string", "pattern": r"^[\w-]+$"})] = Field(
        None, description="What `next` was on the page before, as it stands there; with the same question."
    )
    fields: Annotated[frozenset[str], PlainValidator(v.read_any(MEMBERS)), _words(*MEMBERS)] = Field(
        frozenset(), description="Only these members of each event; JSON only."
    )
    include: Annotated[frozenset[str], PlainValidator(v.read_any({"total": "total"})), _words("total")] = Field(
        frozenset(), description="`total`: how many there are in all, exact up to 1,000."
    )
    updated_since: Moment = Field(None, description="Only events that changed then or later, withdrawn ones too.")
    tz: Annotated[ZoneInfo | None, PlainValidator(v.read_zone), _text("America/Los_Angeles", r"^[A-Za-z]")] = Field(
        None, description="Writes times in this zone; what `when` means stays with the place."
    )
    units: Annotated[Literal["mi", "km"] | None, _one_of({"mi": "mi", "km": "km"}), _single("mi", "km")] = Field(
        None, description="Miles or kilometres in `distanceText`."
    )


SCHEMAS: dict[str, dict[str, Any]] = Parameters.model_json_schema()["properties"]
LISTS = frozenset(name for name, schema in SCHEMAS.items() if schema.get("type") == "array")
ALIASES = {"lng": "lon", "longitude": "lon", "latitude": "lat"}
NAMES = (*SCHEMAS, *ALIASES, "radius", "unit")


def openapi_parameters(*names: str) -> list[dict[str, Any]]:
    """The declaration as OpenAPI 3.1 has it: of these names, or of all."""
    return [_openapi(name, dict(SCHEMAS[name])) for name in names or SCHEMAS]


def _openapi(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    description = schema.pop("description")
    default = schema.pop("default", None)
    schema.pop("title", None)
    if isinstance(default, (str, int)):
        schema["default"] = default
    return own_parameter(name, description, schema)


def own_parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that only one path has, as OpenAPI has it."""
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
