"""Wild Apricot: the feed of an organisation's events, and the page of each."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.collect.drafts import Told, merge
from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.load import source_at
from sources.platforms import wildapricot

FEED = """<rss version="2.0"><channel><generator>Wild Apricot</generator>
<item><title>Bird Walk</title><link>https://birds.example/event-12</link><guid>https://birds.example/event-12</guid>
<pubDate>Sat, 05 Dec 2026 15:30:00 GMT</pubDate>
<description>&lt;p&gt;Come early. Bring ...&lt;/p&gt;</description></item>
<item><title>Past Walk</title><link>https://birds.example/event-11</link><guid>https://birds.example/event-11</guid>
<pubDate>Sat, 03 Oct 2026 15:30:00 GMT</pubDate></item></channel></rss>"""
OWN = """<html><body><div class="WaGadgetEventsStateDetails"><h1 class="pageTitle SystemPageTitle">Bird Walk</h1>
<ul class="boxInfo"><li class="eventInfoStartDate"><label class="eventInfoBoxLabel">When</label>
<div class="eventInfoBoxValue"><strong>Sat, December 05, 2026</strong></div></li>
<li class="eventInfoStartTime"><label class="eventInfoBoxLabel">&nbsp;</label>
<div class="eventInfoBoxValue"><span>7:30 AM - 9:00 AM</span></div></li>
<li class="eventInfoLocation"><label class="eventInfoBoxLabel">Location</label>
<div class="eventInfoBoxValue"><span>River Gate, 9 River Rd, Visalia, CA</span></div></li></ul>
<ul class="registrationInfo"><li><label class="regTypeLiLabel"><strong>Guest &ndash; $5.00</strong></label></li></ul>
<div class="boxBodyContentContainer">
<div class="inner gadgetEventEditableArea"><p>Come early. Bring water.</p></div></div>
</div></body></html>"""
LONGER = OWN.replace(
    "7:30 AM - 9:00 AM</span></div></li>",
    """7:30 AM</span></div></li><li class="eventInfoEndDate"><div class="eventInfoBoxValue">Sun, December 06, 2026</div>
    </li><li class="eventInfoEndTime"><div class="eventInfoBoxValue">4:00 PM</div></li>""",
)
LIST = """<html><body><div class="eventModuleItem"><h4 class="itemTitleContainer"><a href="/event-12">Bird Walk</a></h4>
<a class="eventDetailsLink" href="/event-12">Show details</a></div>
<div class="itemTitleContainer"><a href="/page-18">More</a></div></body></html>"""
WALK = Draft(
    identifier="https://birds.example/event-12",
    name="Bird Walk",
    start_date="2026-12-05T15:30:00+00:00",
    description="<p>Come early. Bring ...</p>",
    url="https://birds.example/event-12",
)
OF_PAGE = Draft(
    identifier="https://birds.example/event-12",
    name="Bird Walk",
    date_text="Sat, December 05, 2026 7:30 AM - 9:00 AM",
    end_date="Sat, December 05, 2026 9:00 AM",
    location_text="River Gate, 9 River Rd, Visalia, CA",
    description="Come early. Bring water.",
    price="Guest – $5.00",
    url="https://birds.example/event-12",
)


def page(text: str, url: str = "https://birds.example/events/RSS") -> Page:
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_a_feed_leads_to_the_page_of_each_event_to_come() -> None:
    walk, past = wildapricot.parse(page(FEED))

    assert walk == WALK
    assert past.name == "Past Walk"
    assert list(wildapricot.follow(page(FEED))) == [Request(url=WALK.url or "", completes=WALK.identifier)]


def test_an_events_page_has_an_element_for_each_field() -> None:
    own = page(OWN, "https://birds.example/event-12")
    (longer,) = wildapricot.parse(page(LONGER, own.url))

    assert list(wildapricot.parse(own)) == [OF_PAGE]
    assert list(wildapricot.follow(own)) == []
    assert wildapricot.ends_whole(OWN.encode())
    assert (longer.date_text, longer.end_date) == ("Sat, December 05, 2026 7:30 AM", "Sun, December 06, 2026 4:00 PM")


def test_both_together_tell_when_it_ends_where_it_is_and_what_it_costs() -> None:
    feed, (detail,) = page(FEED), wildapricot.follow(page(FEED))
    own = page(OWN, detail.url)
    told = [
        Told(request=feed.request, drafts=tuple(wildapricot.parse(feed)), at=feed.fetched_at),
        Told(request=detail, drafts=tuple(wildapricot.parse(own)), at=own.fetched_at),
    ]
    (walk, _), _ = merge(told)

    assert (walk.start_date, walk.end_date) == (WALK.start_date, OF_PAGE.end_date)
    assert (walk.location_text, walk.price) == (OF_PAGE.location_text, OF_PAGE.price)
    assert walk.description == "Come early. Bring water."


def test_a_list_leads_to_the_page_of_each_event_where_the_feed_is_switched_off() -> None:
    source = source_at("https://birds.example/calendar", "wildapricot")
    (fallback,) = source.fallbacks
    told = page(LIST, fallback.request.url)
    url = "https://birds.example/event-12"

    assert source.request.url == "https://birds.example/events/RSS"
    assert fallback.request.url == "https://birds.example/calendar#list"
    assert list(wildapricot.parse(told)) == [Draft(identifier=url, name="Bird Walk", url=url)]
    assert list(wildapricot.follow(told)) == [Request(url=url, completes=url)]
    assert list(wildapricot.parse(page("<p>No upcoming events</p>", told.url))) == []


def test_an_event_for_members_leads_to_a_login_and_tells_nothing_more() -> None:
    asked = page("<html><h1>Log in</h1></html>", "https://birds.example/event-12")

    assert list(wildapricot.parse(replace(asked, url="https://birds.example/Sys/Login?ReturnUrl=x"))) == []
    with pytest.raises(ParseError):
        list(wildapricot.parse(asked))


@pytest.mark.parametrize("told", ["<html><h1>Log in</h1></html>", "<rss><channel><item>", "<p>404</p>"])
def test_what_is_neither_is_refused(told: str) -> None:
    with pytest.raises(ParseError):
        list(wildapricot.parse(page(told)))
