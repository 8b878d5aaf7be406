"""The API's answers in plain text, as `.txt` writes events: what an assistant can show as it is; pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from aggregator.render.visitors import visitor_line
from api.feeds.prose import join_lines, write_text
from api.words import tell_clock, tell_where, visitors_of

Told = Mapping[str, Any]

MOST_DATES = 10
"""Dates of one event that are told; its JSON has all."""


def tell_events(page: Told, site: str) -> str:
    """A page of events, what else there is, and for an empty one what would help."""
    return _join(_tell_events(page, site))


def tell_event(event: Told, site: str) -> str:
    """One event, with the dates after its next."""
    later = [date["startDate"] for date in event["occurrences"] if date["startDate"] > event["startDate"]]
    told = "; ".join(_tell_start(date, _country_of(event)) for date in later[:MOST_DATES])
    dates = f"Also on {told}" if told else ""
    return _join([_event(event, None, site), *_quotes(event), dates])


def tell_groups(page: Told, site: str) -> str:
    """A page of groups, in order of their next meeting."""
    groups = page["items"]
    head = f"{_count(groups, 'regular group')}{_near(page)}."
    more = f"There are more: ask again with after={page['next']}" if page["next"] else ""
    return _join([head, *(_group(group, _country(page), site) for group in groups), more])


def tell_plan(plan: Told, site: str) -> str:
    """Each event with the reasons for it, and what all of it costs."""
    events, country = plan["items"], _country(plan)
    silent = plan["pricesUnknown"]
    prices = f"The prices that are said: {plan['spent']:g} in all"
    unknown = f"; nobody says the price of {silent}" if silent else ""
    head = f"A plan of {_count(events, 'event')}{_near(plan)}. {prices}{unknown}."
    told = (f"{_event(one, country, site)}\nBecause: {'; '.join(one['because'])}" for one in events)
    return _join([head, *told])


def tell_problem(problem: Told) -> str:
    """What went wrong, and what would do."""
    near = problem.get("did_you_mean")
    would_do = f"\nWhat would do: {'; '.join(near)}" if near else ""
    return f"{problem.get('detail') or problem['title']}{would_do}"


def _tell_events(page: Told, site: str) -> Iterator[str]:
    events = page["items"]
    until = f"{page['window']['start'][:10]} to {page['window']['end'][:10]}"
    yield f"{_count(events, 'event')}{_near(page)}, {until}."
    yield from (_event(event, _country(page), site) for event in events)
    yield "\n".join(page["hints"])
    if page["next"]:
        yield f"There are more: ask again with cursor={page['next']}"
    if page["unplaced"] and events:
        yield f"Of {page['unplaced']} more it is not known where they are."


def _event(event: Told, country: str | None, site: str) -> str:
    return f"{write_text(dict(event), country, site)}\nid: {event['id']}"


def _quotes(event: Told) -> Iterator[str]:
    """What the page itself says of strangers."""
    for evidence in (event["visitorTerms"] or {}).get("evidence", []):
        yield join_lines([f"{evidence['about']}: “{evidence['quote']}”"])


def _group(group: Told, country: str | None, site: str) -> str:
    told = {**group, "virtualLocation": None}
    country = _country_of(group) or country
    meetings = [f"{_tell_start(one['startDate'], country)} ({one['certainty']})" for one in group["meetings"]]
    lines = (
        group["name"],
        group["rhythm"]["words"],
        f"Next: {'; '.join(meetings)}" if meetings else None,
        tell_where(told),
        visitor_line(visitors_of(told)),
        group["organizer"] and f"By {group['organizer']['name']}",
        group["url"] or f"{site}/v1/groups/{group['id']}",
        f"id: {group['id']}",
    )
    return join_lines(filter(None, lines))


def _tell_start(text: str, country: str | None) -> str:
    moment = datetime.fromisoformat(text)
    day = f"{moment:%a} {moment.day} {moment:%b %Y}"
    return f"{day}, {tell_clock(moment, country)}" if "T" in text else day


def _count(things: list[Any], noun: str) -> str:
    return f"{len(things) or 'No'} {noun}{'' if len(things) == 1 else 's'}"


def _near(page: Told) -> str:
    place = page["resolvedPlace"]
    return f" near {', '.join(filter(None, (place['name'], place['region'])))}" if place else ""


def _country(page: Told) -> str | None:
    return (page["resolvedPlace"] or {}).get("country")


def _country_of(told: Told) -> str | None:
    return ((told["location"] or {}).get("address") or {}).get("addressCountry")


def _join(parts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, parts))
