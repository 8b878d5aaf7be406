"""VolunteerHub's lists of shifts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import volunteerhub

SAVED = Path(__file__).parent / "volunteerhub"
SITE = "https://elm.volunteerhub.com"
INDEX = f"{SITE}/internalapi/volunteerview/view/index"
BLOCK = f"{SITE}/internalapi/volunteerview/view/indexlistblock"


def _page(body: bytes, url: str = INDEX, month: int = 10) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, month, 1, tzinfo=UTC))


def _saved(name: str, url: str = INDEX) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_shifts_that_anybody_may_take_are_told() -> None:
    assert list(volunteerhub.parse(_saved("list.json"))) == [
        Draft(
            identifier="7f0c",
            name="Volunteer: Morning Sort (AM)",
            start_date="2026-10-06T09:00:00",
            end_date="2026-10-06T11:30:00",
            location_text="3400 N Desert Dr, Elm Valley, CA",
            url="https://elm.volunteerhub.com/vv2/lp/7f0c",
            description="<p>Sort food</p>",
            keywords=("Volunteering",),
        ),
        Draft(
            identifier="14",
            name="Afternoon Sort",
            start_date="2026-10-07T13:00:00",
            description="<p>Long</p>",
            keywords=("Volunteering",),
        ),
    ]


def test_a_calendar_by_months_is_read_too() -> None:
    (orientation,) = volunteerhub.parse(_saved("calendar.json"))

    assert (orientation.identifier, orientation.name) == ("a1", "Orientation")
    assert (orientation.start_date, orientation.end_date) == ("2026-10-17T10:00:00", "2026-10-17T11:00:00")
    assert list(volunteerhub.follow(_saved("calendar.json"))) == []


@pytest.mark.parametrize("body", [b'{"days": [], "nextBlockUrl": null}', b'{"months": []}'])
def test_an_empty_list_tells_nothing(body: bytes) -> None:
    assert volunteerhub.recognise(_page(body))
    assert list(volunteerhub.parse(_page(body))) == list(volunteerhub.follow(_page(body))) == []


def test_the_next_week_is_asked_for_where_the_list_itself_asks() -> None:
    assert list(volunteerhub.follow(_saved("list.json"))) == [Request(url=f"{BLOCK}?start=2026-10-13")]


@pytest.mark.parametrize(
    ("body", "urls"),
    [
        (b'{"days": [], "nextBlockUrl": "/VolunteerView/View/IndexListBlock?start=2026-12-20"}', 1),
        (b'{"days": [], "nextBlockUrl": "/VolunteerView/View/IndexListBlock?start=2026-12-27"}', 0),
        (b'{"days": [{"date": "2026-12-20T00:00:00"}], "nextBlockUrl": "/VolunteerView/View/IndexListBlock?p=9"}', 1),
        (b'{"days": [{"date": "2026-12-27T00:00:00"}], "nextBlockUrl": "/VolunteerView/View/IndexListBlock?p=9"}', 0),
        (b'{"days": [], "nextBlockUrl": "/VolunteerView/View/IndexListBlock?p=9"}', 0),
    ],
)
def test_the_list_is_followed_for_twelve_weeks_and_no_further(body: bytes, urls: int) -> None:
    assert len(list(volunteerhub.follow(_page(body)))) == urls


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"", b'{"message": "Unauthorized"}', b'{"days": ['])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(volunteerhub.parse(_page(body)))


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (SITE, INDEX),
        (f"{SITE}/vv2/", INDEX),
        (f"{SITE}/lp/orientation/", f"{INDEX}?landingPageSubhost=orientation"),
        (f"{SITE}/vv2/lp/orientation", f"{INDEX}?landingPageSubhost=orientation"),
        ("http://builders.elm.volunteerhub.com/", f"{INDEX}?landingPageSubhost=builders"),
        (f"{INDEX}?landingPageSubhost=builders", f"{INDEX}?landingPageSubhost=builders"),
        ("https://elm.example/volunteer", "https://elm.example/volunteer"),
    ],
)
def test_any_page_of_an_organisation_leads_to_its_list(told: str, asked: str) -> None:
    assert volunteerhub.request(told).url == asked


def test_a_landing_page_can_be_named_beside_the_address() -> None:
    assert volunteerhub.request(SITE, "builders").url == f"{INDEX}?landingPageSubhost=builders"


def test_a_page_that_embeds_a_list_leads_to_it() -> None:
    page = _page(b'<iframe src="//elm.volunteerhub.com/vv2/lp/sort?x=1"></iframe>', "https://elm.example/")

    assert volunteerhub.recognise(page)
    assert volunteerhub.address(page) == "https://elm.volunteerhub.com/vv2/lp/sort?x=1"


def test_its_pages_and_answers_are_recognised_and_have_no_other_address() -> None:
    for page in (_saved("list.json", "https://saved.example/"), _saved("calendar.json"), _page(b"<html>", SITE)):
        assert volunteerhub.recognise(page)
        assert volunteerhub.address(page) is None


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b'<a href="https://elm.volunteerhub.com/">Volunteer</a>', "https://elm.example/"),
        (b'{"days": [{"date": "2026-10-06", "events": []}]}', "https://elm.example/api"),
        (b"<html>A vendor's own site</html>", "https://www.volunteerhub.com/"),
    ],
)
def test_others_pages_are_not_taken_for_it(body: bytes, url: str) -> None:
    assert volunteerhub.recognise(_page(body, url)) is None


def test_an_answer_that_was_cut_is_told_from_a_whole_one() -> None:
    body = (SAVED / "list.json").read_bytes().rstrip()

    assert volunteerhub.ends_whole(body)
    assert not volunteerhub.ends_whole(body[:-1])
