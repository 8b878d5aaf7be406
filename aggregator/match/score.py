"""Two listings to a verdict: points for and against from name, start, place, links and organiser; absent is unknown."""

from collections.abc import Iterator
from datetime import date, datetime

from aggregator.event import Event, Precision
from aggregator.match.told import STRONG, Band, Evidence, Told, Verdict
from aggregator.match.traits import Look, Traits, read_traits
from aggregator.match.words import alike, clash, compare_proper, is_garbled
from aggregator.place.sphere import metres_between

LINK = 5.5
ASK = 3.5
"""From so many points on, two listings are linked, or a person is asked."""

NEARLY = 4.4
"""From here on, two listings are linked if no third one may be either of them."""

DOUBT = -2.0
"""One thing that speaks so much against a link leaves it to a person, whatever else is said."""

_WHERE = frozenset({"place", "venue", "room"})

APART = 2 * STRONG
"""So much against a link that no person needs to be asked."""

_STARTS = ((0, 2.0), (5, 1.8), (15, 1.2), (35, 1.0))
"""Minutes apart at most, and points: doors open before a thing begins."""

_METRES = ((80, 1.8), (200, 1.0), (400, 0.3), (1500, -2.0))
_REACH = {Precision.POSTCODE: 12_000.0, Precision.TOWN: 20_000.0}
_FAR = 300_000.0
_HOME = 25_000.0

ANYWHERE = -0.9
"""A name and a start are told all over a country: without a place they are not enough."""


def judge(one: Told, other: Told) -> Verdict:
    """What speaks for one happening and what against; the same whichever is named first."""
    return judge_traits(read_traits(one), read_traits(other))


def judge_traits(one: Traits, other: Traits) -> Verdict:
    """As `judge`, of what was read before."""
    if one.key > other.key:
        one, other = other, one
    evidence = tuple(_weigh(one, other))
    score = round(sum(piece.points for piece in evidence), 3)
    return Verdict(band=_band(score, evidence), score=score, evidence=evidence)


def is_nearly_linked(verdict: Verdict) -> bool:
    """Whether nothing but a place is lacking: nothing speaks against it."""
    return verdict.score >= NEARLY and not is_opposed(verdict)


def is_opposed(verdict: Verdict) -> bool:
    """Whether anything but a trifle speaks against it; two trifles are more than one."""
    return sum(min(piece.points, 0) for piece in verdict.evidence) <= -1


def is_elsewhere(verdict: Verdict) -> bool:
    """Whether the two cannot be one, or are told at two places: a name that is told at two tells less."""
    return verdict.forbids or any(piece.points <= -1 for piece in verdict.evidence if piece.about in _WHERE)


def is_weak(verdict: Verdict) -> bool:
    """Whether nothing but name, start and town speaks for it."""
    return all(piece.points < 1 for piece in verdict.evidence if piece.about not in {"name", "start"})


def promoted(verdict: Verdict) -> Verdict:
    """The same verdict, linked for want of any other."""
    alone = Evidence(about="others", points=1.0, why="nothing else is called so there then")
    return Verdict(band=Band.LINK, score=round(verdict.score + 1, 3), evidence=(*verdict.evidence, alone))


def _band(score: float, evidence: tuple[Evidence, ...]) -> Band:
    worst = min((piece.points for piece in evidence), default=0.0)
    if score < ASK or worst <= APART:
        return Band.LEAVE
    return Band.LINK if score >= LINK and worst > DOUBT else Band.ASK


def _weigh(one: Traits, other: Traits) -> Iterator[Evidence]:
    if one.key[0] == other.key[0]:
        yield _source(one, other)
    if _is_of_series(one, other):
        yield Evidence(about="dates", points=0.0, why="one is a date of a series")
    yield from _days(one, other)
    yield from _start(one, other)
    yield from _name(one.look, other.look)
    yield from _links(one, other)
    yield from _point(one.look, other.look)
    yield from _venue(one.look, other.look)
    yield from _organiser(one.look, other.look)


def _source(one: Traits, other: Traits) -> Evidence:
    if _repeats(one, other):
        return Evidence(about="source", points=2.0, why="the source itself repeats it word for word")
    return Evidence(about="source", points=APART, why="one source tells both apart")


def _repeats(one: Traits, other: Traits) -> bool:
    """All that people read is the same, or the tickets are."""
    a, b = one.told.event, other.told.event
    if one.look.title != other.look.title or a.start_date != b.start_date or one.rhythm != other.rhythm:
        return False
    if one.look.tickets or other.look.tickets:
        return one.look.tickets == other.look.tickets and a.location.name == b.location.name
    return _shown(a) == _shown(b) and (a.location.name is not None or a.description is not None)


def _shown(event: Event) -> tuple[object, ...]:
    return event.end_date, event.location, event.organizer, event.description, event.offers, event.super_event


def _days(one: Traits, other: Traits) -> Iterator[Evidence]:
    """Whether both are single dates of one day, or series of one rhythm."""
    if (one.rhythm is None) != (other.rhythm is None):
        yield Evidence(about="dates", points=APART, why="one is a series, the other a single date")
    elif one.rhythm != other.rhythm:
        yield Evidence(about="dates", points=APART, why=f"other rhythms: {one.rhythm} against {other.rhythm}")
    elif one.rhythm is None and one.day != other.day:
        yield Evidence(about="dates", points=APART, why="other days")
    elif one.rhythm is None and _last_days(one, other):
        yield Evidence(about="dates", points=DOUBT, why="they end on other days")
    elif one.rhythm is not None and _is_apart(one.told.event, other.told.event):
        yield Evidence(about="dates", points=APART, why="one series ends before the other begins")


def _last_days(one: Traits, other: Traits) -> bool:
    """Whether both tell their last day and only one of them lasts longer than a night."""
    spans = [_nights(traits.told.event) for traits in (one, other)]
    return None not in spans and spans[0] != spans[1] and max(span or 0 for span in spans) > 1


def _nights(event: Event) -> int | None:
    return None if event.end_date is None or event.end_date_assumed else (_day(event.end_date) - _day(event.start_date))


def _day(when: datetime | date) -> int:
    return when.toordinal()


def _is_apart(a: Event, b: Event) -> bool:
    first, second = sorted((a, b), key=lambda event: _day(event.start_date))
    until = next((part[6:14] for rule in first.rrule for part in rule.upper().split(";") if part[:6] == "UNTIL="), None)
    return until is not None and until < f"{second.start_date:%Y%m%d}"


def _start(one: Traits, other: Traits) -> Iterator[Evidence]:
    if one.minute is None or other.minute is None:
        if one.minute == other.minute:
            yield Evidence(about="start", points=1.0, why="both tell the day alone")
        return
    apart = abs(one.minute - other.minute)
    points = next((points for most, points in _STARTS if apart <= most), DOUBT if apart <= 90 else APART)
    yield Evidence(about="start", points=points, why=f"{apart} minutes apart" if apart else "the same start")


def _name(one: Look, other: Look) -> Iterator[Evidence]:
    likeness = alike(one.title, other.title, one.known | other.known)
    share, most = likeness.share, 4.2 * min(1.0, 0.15 + likeness.telling / 1.6)
    if share >= 0.6:
        how = "the same" if share == 1 else "nearly the same" if share >= 0.9 else "much alike"
        rare = "" if most >= 3 else ", but many are called so"
        factor = 1.0 if share >= 0.9 else 0.8 if share >= 0.72 else 0.4
        yield Evidence(about="name", points=round(most * factor, 3), why=f"names are {how}{rare}")
    else:
        points = DOUBT if share >= 0.35 or is_garbled(one.title, other.title) else STRONG
        yield Evidence(about="name", points=points, why=f"names have {share:.0%} in common")
    if marks := clash(one.title, other.title):
        yield Evidence(about="name", points=STRONG, why=f"told apart by {marks}")
    elif one.title.marks != other.title.marks and share < 1:
        yield Evidence(about="name", points=-0.5, why="only one has a number or says for whom")


def _links(one: Traits, other: Traits) -> Iterator[Evidence]:
    if shared := one.look.tickets & other.look.tickets:
        yield Evidence(about="links", points=5.0, why=f"the same tickets: {min(shared)}")
    elif shared := one.look.pages & other.look.pages:
        yield Evidence(about="links", points=2.5, why=f"the same page: {min(shared)}")
    elif _platforms(one) & _platforms(other) and not _is_of_series(one, other):
        yield Evidence(about="links", points=STRONG, why="tickets of one platform for two events")


def _is_of_series(one: Traits, other: Traits) -> bool:
    """Whether one is told by the rule of a series, whose tickets need not be those of the date."""
    return one.told.date_of is not None or other.told.date_of is not None


def _platforms(traits: Traits) -> frozenset[str]:
    return frozenset(ticket.partition(":")[0] for ticket in traits.look.tickets)


def _point(one: Look, other: Look) -> Iterator[Evidence]:
    if one.geo is None or other.geo is None:
        yield from _unplaced(one, other)
        return
    metres = metres_between(one.geo, other.geo)
    if one.is_fine and other.is_fine:
        points = next((points for most, points in _METRES if metres <= most), 1.5 * STRONG)
        yield Evidence(about="place", points=points, why=f"{metres:.0f} m apart")
        return
    reach = max(_REACH.get(look.gist.location.precision, 0.0) for look in (one, other)) or _FAR
    near = metres <= reach
    yield Evidence(about="place", points=0.4 if near else 1.5 * STRONG, why=f"about {metres / 1000:.0f} km apart")


def _unplaced(one: Look, other: Look) -> Iterator[Evidence]:
    """Where one of them is nobody tells; its source's home may be far from the other one."""
    if one.town and other.town and not one.town & other.town:
        yield Evidence(about="place", points=STRONG, why="other towns")
    elif one.town and one.town == other.town:
        yield Evidence(about="place", points=0.4, why="the same town")
    elif one.near is None or other.near is None:
        yield Evidence(about="place", points=ANYWHERE, why="one may be anywhere")
    elif (metres := metres_between(one.near, other.near)) > _HOME:
        points = DOUBT if metres <= 3 * _HOME else STRONG
        yield Evidence(about="place", points=points, why=f"its source is at home {metres / 1000:.0f} km away")


def _venue(one: Look, other: Look) -> Iterator[Evidence]:
    if one.room and other.room:
        is_same = one.room == other.room
        yield Evidence(about="room", points=1.0 if is_same else APART, why=f"room {one.room}, room {other.room}")
    mine, theirs = one.venue or one.title.tail, other.venue or other.title.tail
    if one.street and one.street == other.street:
        yield Evidence(about="venue", points=2.0, why="the same address")
    elif mine and theirs:
        share = compare_proper(mine, theirs, one.town | other.town)
        points = 2.0 if share >= 0.6 else -0.5 if share >= 0.35 else _otherwise(one, other)
        yield Evidence(about="venue", points=points, why=f"venues' names have {share:.0%} in common")


def _otherwise(one: Look, other: Look) -> float:
    """Two names of one house are common, and say more where nothing tells that it is one."""
    if one.geo is None or other.geo is None or not (one.is_fine and other.is_fine):
        return DOUBT
    return -1.0 if metres_between(one.geo, other.geo) <= _METRES[0][0] else DOUBT


def _organiser(one: Look, other: Look) -> Iterator[Evidence]:
    if one.organiser and other.organiser:
        share = compare_proper(one.organiser, other.organiser, one.town | other.town)
        points = 1.5 if share >= 0.75 else 0.0 if share >= 0.5 else -0.5
        yield Evidence(about="organiser", points=points, why=f"organisers' names have {share:.0%} in common")
