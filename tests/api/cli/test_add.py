"""`hobnob add`: from the address of a site to a row that is collected."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from api.cli.demo.site import serve_pages

HOME = """<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}
<footer>12 Main Street, Visalia, CA 93291</footer></body></html>"""
ALTERNATE = '<link rel="alternate" type="text/calendar" href="/events.ics">'
PLAIN_LIST = """<ul class="coming">
<li><h3><a href="/e/1">Morning Mixer</a></h3><span class="when">January 8, 2030, 8:00 am - 9:00 am</span>
<b>Oak Hall</b></li>
<li><h3><a href="/e/2">Evening Mixer</a></h3><span class="when">January 15, 2030, 6:00 pm - 8:00 pm</span>
<b>Oak Hall</b></li>
<li><h3><a href="/e/3">Open House</a></h3><span class="when">January 22, 2030, 5:00 pm - 7:00 pm</span>
<b>Elm Room</b></li>
<li><h3><a href="/e/4">Ribbon Cutting</a></h3><span class="when">January 29, 2030, 11:00 am - 12:00 pm</span>
<b>Elm Room</b></li>
</ul>"""


def page(title: str, head: str = "", body: str = "") -> tuple[str, bytes]:
    return "text/html; charset=utf-8", HOME.format(title=title, head=head, body=body).encode()


@contextmanager
def serving(folder: Any, pages: Mapping[tuple[str, str], tuple[str, bytes]]) -> Iterator[None]:
    """The pages, which this folder's `hobnob` may fetch and no others."""
    with serve_pages(dict(pages)) as port:
        connect = [f"{host}:80=127.0.0.1:{port}" for host in sorted({host for host, _ in pages})]
        reach = {"allow_networks": [f"127.0.0.1/32:{port}"], "connect": connect, "host_gap": 0}
        rows = {"contact": "events@operator.example", **reach}
        folder.write("hobnob.toml", "".join(f"{name} = {json.dumps(value)}\n" for name, value in rows.items()))
        yield


@pytest.fixture
def chamber(folder: Any, calendar_of: Any) -> AbstractContextManager[None]:
    pages = {
        ("www.oak.example", "/"): page("Home | Oak Valley Chamber of Commerce", ALTERNATE),
        ("www.oak.example", "/events.ics"): ("text/calendar", calendar_of("Mixer", "Breakfast")),
    }
    return serving(folder, pages)


def test_a_site_becomes_a_row_that_is_collected(folder: Any, chamber: Any) -> None:
    with chamber:
        added = folder.run("add", "http://www.oak.example/", "--yes")
        collected = folder.run("collect", "--catalog", "sources.toml")
    (row,) = tomllib.loads((folder.path / "sources.toml").read_text())["source"]

    assert added.returncode == 0, added.stdout + added.stderr
    assert "ics: " in added.stdout
    assert "Mixer" in added.stdout
    assert "robots.txt lets us read it" in added.stdout
    assert row == {
        "name": "oak_example",
        "kind": "chamber",
        "platform": "ics",
        "url": "http://www.oak.example/events.ics",
        "organizer": "Oak Valley Chamber of Commerce",
        "time_zone": "America/Los_Angeles",
        "location": {"locality": "Visalia", "region": "CA", "country": "US"},
        "expect_min": 1,
    }
    assert collected.returncode == 0, collected.stderr


def test_nothing_is_written_unless_a_person_says_so(folder: Any, chamber: Any) -> None:
    with chamber:
        refused = folder.run("add", "http://www.oak.example/", stdin="n\n")
        there = (folder.path / "sources.toml").exists()
        mended = folder.run("add", "http://www.oak.example/", stdin="y\noak\ncivic\nOak\n")
    (row,) = tomllib.loads((folder.path / "sources.toml").read_text())["source"]

    assert (refused.returncode, there) == (1, False)
    assert mended.returncode == 0
    assert (row["name"], row["kind"], row["organizer"]) == ("oak", "civic", "Oak")


def test_a_source_that_is_there_already_is_named(folder: Any, chamber: Any) -> None:
    with chamber:
        folder.run("add", "http://www.oak.example/", "--yes")
        again = folder.run("add", "http://www.oak.example/", "--yes")

    assert "already there: oak_example" in again.stdout
    names = [row["name"] for row in tomllib.loads((folder.path / "sources.toml").read_text())["source"]]
    assert names == ["oak_example", "oak_example_2"]


def test_a_file_of_addresses_gives_one_report(folder: Any, calendar_of: Any) -> None:
    pages = {
        ("oak.example", "/a.ics"): ("text/calendar", calendar_of("Mixer")),
        ("elm.example", "/a.ics"): ("text/calendar", calendar_of("Hike")),
    }
    with serving(folder, pages):
        folder.write(
            "list.txt", "http://oak.example/a.ics  # a friend's\n\nhttp://elm.example/a.ics\nhttp://elm.example/no\n"
        )
        ran = folder.run("add", "list.txt", "--yes")

    assert ran.returncode == 1
    assert "2 of 3 addresses gave a source" in ran.stdout
    assert len(tomllib.loads((folder.path / "sources.toml").read_text())["source"]) == 2


def test_the_calendar_is_found_behind_a_link_of_the_home_page(folder: Any, calendar_of: Any) -> None:
    pages = {
        ("oak.example", "/"): page(
            "Oak Walkers", body='<a href="/our-calendar">Calendar</a> <a href="/about">About</a>'
        ),
        ("oak.example", "/our-calendar"): page("Calendar | Oak Walkers", ALTERNATE),
        ("oak.example", "/events.ics"): ("text/calendar", calendar_of("Hike")),
    }
    with serving(folder, pages):
        ran = folder.run("add", "http://oak.example/", "--yes")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert 'url = "http://oak.example/events.ics"' in (folder.path / "sources.toml").read_text()


def test_the_calendar_is_found_on_a_host_below_the_sites_own(folder: Any) -> None:
    listing = "<div class='gz-events'><link href='//chambermaster.blob.core.windows.net/a.css'></div>"
    event = (
        "<EventDisplay><EventID>1</EventID><Name>Mixer</Name><StartDate>2030-01-08T08:00:00</StartDate></EventDisplay>"
    )
    pages = {
        ("www.oak.example", "/"): page(
            "Oak Chamber",
            body='<a href="http://business.oak.example/events">Events</a> <a href="http://soak.example/events">Pool</a>',
        ),
        ("business.oak.example", "/events"): page("Events | Oak Chamber", body=listing),
        ("business.oak.example", "/api/events"): (
            "application/xml",
            f"<ArrayOfEventDisplay>{event}</ArrayOfEventDisplay>".encode(),
        ),
        ("soak.example", "/events"): page("Pool", ALTERNATE),
    }
    with serving(folder, pages):
        ran = folder.run("add", "http://www.oak.example/", "--yes")
    (row,) = tomllib.loads((folder.path / "sources.toml").read_text())["source"]

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (row["platform"], row["url"]) == ("growthzone", "http://business.oak.example")


def test_a_page_on_no_platform_is_read_by_a_recipe_that_it_induces(folder: Any) -> None:
    pages = {("oak.example", "/"): page("Oak Chamber", body=PLAIN_LIST)}
    with serving(folder, pages):
        ran = folder.run("add", "http://oak.example/", "--yes")
        collected = folder.run("collect", "--catalog", "sources.toml")
    (row,) = tomllib.loads((folder.path / "sources.toml").read_text())["source"]

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert row["platform"] == "css"
    assert "4 events" in collected.stderr


def test_a_page_with_nothing_to_read_says_what_to_do(folder: Any) -> None:
    body = '<p>We meet often.</p><a href="https://www.facebook.com/oak/events">Facebook</a>'
    with serving(folder, {("oak.example", "/"): page("Oak Chamber", body=body)}):
        ran = folder.run("add", "http://oak.example/", "--yes")

    assert ran.returncode == 1
    assert "Nothing could be read" in ran.stdout
    assert "lets no program read it" in ran.stdout
    assert not (folder.path / "sources.toml").exists()


def test_robots_are_kept_and_told(folder: Any) -> None:
    pages = {
        ("oak.example", "/"): page("Oak Chamber", body=PLAIN_LIST),
        ("oak.example", "/robots.txt"): ("text/plain", b"User-agent: *\nDisallow: /\n"),
    }
    with serving(folder, pages):
        ran = folder.run("add", "http://oak.example/", "--yes")

    assert ran.returncode == 1
    assert "robots.txt refuses us" in ran.stdout


def test_a_way_that_robots_txt_leaves_open_is_shown_written_and_collected(folder: Any) -> None:
    """Squarespace gives every site a robots.txt that forbids its collections as JSON."""
    card = """<article class="eventlist-event"><h1 class="eventlist-title"><a href="/events/{0}">{0}</a></h1>
    <time class="event-date" datetime="2030-01-08"></time></article>"""
    cards = "".join(map(card.format, ("mixer", "walk")))
    robots = b"User-agent: *\nDisallow: /*?format=json\nDisallow: /*?format=ical\nDisallow: /*?view=*\n"
    pages = {
        ("oak.example", "/robots.txt"): ("text/plain", robots),
        ("oak.example", "/"): page("Oak Hall", "<!-- This is Squarespace. -->", '<a href="/events">Events</a>'),
        ("oak.example", "/events"): page("Events", body=f'<div class="eventlist">{cards}</div>'),
    }
    with serving(folder, pages):
        ran = folder.run("add", "http://oak.example/", "--yes")
        collected = folder.run("collect", "--catalog", "sources.toml")
    (row,) = tomllib.loads((folder.path / "sources.toml").read_text())["source"]

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "mixer" in ran.stdout
    assert (row["platform"], row["url"]) == ("squarespace", "http://oak.example/events#list")
    assert collected.returncode == 0, collected.stdout + collected.stderr
