"""What pages say of regular groups: how often, when next, how that is known, and whether a stranger may come; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from aggregator.event import Place, starts_at
from aggregator.group.group import Certainty, Group, State
from aggregator.render.dated import Units, distance_text
from aggregator.render.event import location_members, terms_members
from aggregator.store import KeptGroup
from api.grouped import Found
from api.web.card import say_distance, tell_ago, tell_place, tell_terms
from api.web.event import Term, page_links, tell_address, tell_evidence
from api.web.form import Link
from api.web.language import Language
from api.web.rhythms import tell_rhythm
from api.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """A date to come, and whether a source tells it or only the rhythm does."""

    words: str
    short_words: str
    machine_date: str
    clock: str | None
    is_announced: bool
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """Words in the language of the page; None where nobody says."""

    address: str
    name: str
    rhythm: str
    following: MeetingLine | None
    place: str | None
    distance: str | None
    organizer: str | None
    kind: str
    kind_words: str
    visitors: str
    visitors_words: str
    terms: tuple[str, ...]
    doubt: str | None
    confirmed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """The card, and all that it leaves out. `reasons` are the core's, in English."""

    card: GroupCard
    meetings: tuple[MeetingLine, ...]
    zone: str
    how_known: str
    confidence: str
    reasons: tuple[str, ...]
    evidence: tuple[Term, ...]
    address_lines: tuple[str, ...]
    precision_words: str | None
    paragraphs: tuple[str, ...]
    page: Link | None
    webcal: str
    ics: str


def make_group_card(visit: Visit, found: Found, units: Units, now: datetime) -> GroupCard:
    """Of a group that answers a question, or of one alone."""
    kept, language = found.kept, visit.language
    group, terms = kept.group, kept.terms
    told = {"location": location_members(group.place), "distanceText": None}
    following = next((one for one in tell_meetings(group, language, now)), None)
    return GroupCard(
        address=visit.link(f"/groups/{group.id}"),
        name=group.name,
        rhythm=tell_rhythm(group.rhythm, language, group.place.address.address_country),
        following=following,
        place=tell_place(told),
        distance=None if found.distance is None else _tell_distance(found.distance, group.place, units, language),
        organizer=group.organizer.name if group.organizer else None,
        kind=kept.kind.value,
        kind_words=language.say(f"kind.{kept.kind.value}"),
        visitors=terms.visitors.value,
        visitors_words=language.say(f"may.{terms.visitors.value}"),
        terms=tuple(tell_terms(terms_members(terms), language)),
        doubt=language.say(f"state.{group.state.value}") if group.state is not State.ACTIVE else None,
        confirmed=language.say("group.confirmed", ago=tell_ago(group.last_confirmed, now, language)),
    )


def make_group(visit: Visit, kept: KeptGroup, card: GroupCard, now: datetime) -> GroupView:
    """For the page of one group."""
    group, language = kept.group, visit.language
    ics = visit.plain_link(f"/v1/groups/{group.id}.ics")
    precision = group.place.precision.value
    return GroupView(
        card=card,
        meetings=tuple(tell_meetings(group, language, now)),
        zone=group.time_zone,
        how_known=language.say(f"known.{group.how_known.value}", count=group.counted),
        confidence=f"{group.confidence:.0%}",
        reasons=group.reasons,
        evidence=tell_evidence(terms_members(kept.terms), language),
        address_lines=tuple(tell_address(location_members(group.place) or {})),
        precision_words=None if precision in ("rooftop", "street") else language.say(f"precision.{precision}"),
        paragraphs=tuple(part.strip() for part in (kept.description or "").split("\n") if part.strip()),
        page=next(page_links([kept.url]), None),
        webcal="webcal:" + visit.absolute(ics).partition(":")[2],
        ics=ics,
    )


def tell_meetings(group: Group, language: Language, now: datetime) -> Iterator[MeetingLine]:
    """Those that have not begun, in their order."""
    country = group.place.address.address_country
    for meeting in group.meetings:
        if starts_at(meeting.start, group.time_zone) >= now:
            yield MeetingLine(
                words=language.tell_day(_day(meeting.start)),
                short_words=language.tell_short_day(_day(meeting.start)),
                machine_date=meeting.start.isoformat(),
                clock=language.tell_clock(meeting.start, country) if isinstance(meeting.start, datetime) else None,
                is_announced=meeting.certainty is Certainty.ANNOUNCED,
                certainty=language.say(f"certainty.{meeting.certainty.value}"),
            )


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _tell_distance(metres: float, place: Place, units: Units, language: Language) -> str:
    return say_distance(metres, distance_text(metres, units), place.precision.value, language)
