"""What the benchmarks of letters share: a town with events, and subscribers who said yes, in a store of their own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from aggregator.event import Event, GeoCoordinates, Kind, Organization, Place, PostalAddress, Precision
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.source import Request, Source
from aggregator.store import open_store
from aggregator.store.database import open_writing
from aggregator.store.mailing.tables import subscriptions

ZONE = "America/Los_Angeles"
SENDER = {
    "mail_from": "Elm Valley events <digest@operator.example>",
    "postal_address": "Elm Valley Events, P.O. Box 1, Visalia, CA 93291",
    "public_url": "https://hobnob.example",
}


def make_town(address: str | Path, count: int, now: datetime) -> None:
    """So many events around Visalia, three a day from tomorrow on."""
    events = tuple(_event(number, now) for number in range(count))
    source = Source(
        name="chamber", kind=Kind.CHAMBER, platform="ics", request=Request(url="http://chamber.example/a.ics"),
        parse=lambda _: iter(()),
    )  # fmt: skip
    run = Run(
        source="chamber", started_at=now, finished_at=now, outcome=Outcome.ACCEPTED, reason="", kept=count, new=count
    )
    with open_store(str(address)) as store:
        store.register([source], now=now)
        lease = store.lease("chamber", now, owner="bench", ttl=timedelta(minutes=5))
        assert lease
        store.apply(Changes(new=events), run, lease=lease, now=now)


def add_subscribers(address: str | Path, count: int, now: datetime, queries: int = 1) -> None:
    """They are due a minute ago; their searches are `queries` different ones."""
    agreed = {"consent_words": "yes", "consent_at": now, "consent_channel": "page", "confirmed_at": now}
    usual = {"weekday": now.weekday(), "hour": now.hour, "zone": "UTC", "most": 10, "state": "confirmed", **agreed}
    rows = [
        {
            "address": f"s{number}@mail.example",
            "query": f"days=30&near=Visalia%2C+CA&within={10 + number % queries}mi",
            "next_due_at": now - timedelta(minutes=1),
            **usual,
        }
        for number in range(count)
    ]
    writing = open_writing(str(address))
    writing.write(_insert, rows)
    writing.close()


def _insert(engine: Engine, rows: list[dict[str, object]]) -> None:
    with engine.begin() as connection:
        connection.execute(subscriptions.insert(), rows)


def _event(number: int, now: datetime) -> Event:
    day = (now + timedelta(days=1 + number // 3)).replace(hour=18 + number % 3, minute=0, second=0, microsecond=0)
    return Event(
        source="chamber",
        uid=str(number),
        name=f"Coffee and conversation number {number} at the old mill",
        start_date=day.astimezone(UTC),
        end_date=(day + timedelta(hours=1)).astimezone(UTC),
        time_zone=ZONE,
        location=Place(
            name="Main Street Hall",
            address=PostalAddress(
                street_address=f"{number} Main St",
                address_locality="Visalia",
                address_region="CA",
                address_country="US",
            ),
            geo=GeoCoordinates(latitude=36.33 + (number % 20) / 500, longitude=-119.29),
            precision=Precision.STREET,
        ),
        organizer=Organization(name="Elm Valley Chamber of Commerce"),
        url=f"https://chamber.example/events/{number}",
        description="Come and meet your neighbours over a cup of coffee. " * 4,
    )
