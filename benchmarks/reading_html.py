"""Reading events from the JSON-LD of web pages: ours against extruct's JSON-LD extractor, on the same pages.

    python benchmarks/reading_html.py [--pages 40] [--rounds 9]

Both take turns on each page; the figure is the median of the ratios of the rounds. Exits 1 when ours is less than
twice as fast, or does not find the events that extruct finds.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from extruct.jsonld import JsonLdExtractor

from aggregator.reading.structured import read_structured

BAR = 2.0
URL = "https://elmvalley.example/events/"
TYPES = ("Event", "BusinessEvent", "SocialEvent", "EducationEvent")
STORY = (
    "Members and guests meet for coffee. Bring a card and a story. Parking is behind the hall, doors open early, and "
    "newcomers are introduced to two people they should know."
)
WORDS = STORY.split()

Told = list[tuple[str, str]]


def main() -> int:
    options = _read_options()
    pages = [make_page(random.Random(number)) for number in range(options.pages)]
    wrong = [number for number, page in enumerate(pages) if read_ours(page) != read_extruct(page)]
    ratios = [time_all(read_extruct, pages) / time_all(read_ours, pages) for _ in range(options.rounds)]
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB; ours is {median(ratios):.2f} times as fast as extruct (bar {BAR})")
    print(f"rounds: {' '.join(f'{ratio:.2f}' for ratio in ratios)}; pages read differently: {wrong or 'none'}")
    return 1 if wrong or median(ratios) < BAR else 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=9)
    return parser.parse_args()


def read_ours(page: str) -> Told:
    """Whole drafts: times, place, offers and all; of which name and start are compared."""
    return [(draft.name or "", draft.start_date or "") for draft in read_structured(page, URL)]


def read_extruct(page: str) -> Told:
    """JSON alone, and of that the events."""
    blocks: list[dict[str, Any]] = JsonLdExtractor().extract(page)
    return [(block["name"], block["startDate"]) for block in blocks if block.get("@type") in TYPES]


def time_all(read: Callable[[str], Told], pages: list[str]) -> float:
    """Seconds of this process for all pages."""
    began = time.process_time()
    for page in pages:
        read(page)
    return time.process_time() - began


def make_page(choose: random.Random) -> str:
    """A list page as WordPress makes it: styles, scripts, menu, JSON-LD in the head, cards and news, 60 to 160 kB."""
    events = [make_event(choose, number) for number in range(choose.randint(4, 20))]
    site = {
        "@context": "https://schema.org",
        "@graph": [{"@type": "WebSite", "name": "Elm Valley Chamber", "url": URL}],
    }
    styles = "".join(f".card-{n}{{margin:{n}px;padding:0 {n}px;color:#33{n % 10}}}\n" for n in range(300))
    scripts = "".join(f"var w{n}=function(a,b){{return a<b?a+{n}:typeof b}};\n" for n in range(300))
    menu = "".join(f"<li class='menu-item'><a href='/page/{n}'>Page {n}</a></li>" for n in range(80))
    cards = "".join(f"<article><h2>{e['name']}</h2><p>{e['description']}</p></article>" for e in events)
    news = "".join(make_story(choose, number) for number in range(choose.randint(60, 220)))
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Events</title><style>{styles}</style>"
        f"<script type='application/ld+json'>{json.dumps(site)}</script><script>{scripts}</script>"
        f'<script type="application/ld+json">{json.dumps(events)}</script></head>'
        f"<body><nav>{menu}</nav><main>{cards}{news}</main></body></html>"
    )


def make_event(choose: random.Random, number: int) -> dict[str, Any]:
    """What The Events Calendar tells of an event."""
    start = datetime(2026, 9, 1, 17, 30, tzinfo=UTC) + timedelta(days=number)
    address = {"@type": "PostalAddress", "streetAddress": f"{number + 1} Main St", "addressLocality": "Elm Valley"}
    return {
        "@context": "https://schema.org",
        "@type": choose.choice(TYPES),
        "name": f"Mixer {number} at the Hall",
        "description": f"<p>{' '.join(choose.choices(WORDS, k=60))}</p>",
        "url": f"https://elmvalley.example/event/mixer-{number}/",
        "startDate": start.isoformat(),
        "endDate": (start + timedelta(hours=2)).isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Elm Hall",
            "address": {**address, "addressRegion": "CA", "postalCode": "93000", "addressCountry": "US"},
            "geo": {"@type": "GeoCoordinates", "latitude": 36.7, "longitude": -119.8},
        },
        "organizer": {"@type": "Organization", "name": "Elm Valley Chamber"},
        "offers": {"@type": "Offer", "price": "15", "priceCurrency": "USD"},
    }


def make_story(choose: random.Random, number: int) -> str:
    """A block of the page that has nothing to do with events."""
    return (
        f"<div class='wp-block-group is-layout-flow'><div class='col-{number % 12}'><h3 class='title'>"
        f"<a href='/news/{number}' rel='bookmark' data-id='{number}'>News {number}</a></h3>"
        f"<p>{' '.join(choose.choices(WORDS, k=40))}</p><ul class='social'><li><a href='#'><svg width='16' height='16'>"
        "<path d='M8 0C3.58 0 0 3.58 0 8c0 3.54 2.29 6.53 5.47 7.59z'/></svg></a></li></ul></div></div>\n"
    )


if __name__ == "__main__":
    sys.exit(main())
