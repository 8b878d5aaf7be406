"""A recurring rule as a catalogue row or a file."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms.recurring import parse, recognise, request

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ROW: dict[str, Any] = {
    "name": "early_birds",
    "rule": "2nd & 4th Thursday 07:00-08:30, not in August",
    "title": "Early Birds breakfast",
    "organizer": "Early Birds Referral Group",
    "url": "https://earlybirds.example/",
    "since": date(2026, 1, 1),
    "except_holidays": "US-federal",
    "location": {"name": "Corner Café", "street_address": "1 Main St", "locality": "Elm Valley", "region": "CA"},
}


def page(body: bytes, asked: Request | None = None) -> Page:
    asked = asked or Request(url="file:///groups.toml")
    return Page(request=asked, url=asked.url, body=body, fetched_at=NOW)


def told(asked: Request) -> Page:
    """The page that a `data:` address holds."""
    return page(unquote_to_bytes(asked.url.partition(",")[2]), asked)


def draft_of(**row: Any) -> Draft:
    (draft,) = parse(told(request(**{**ROW, **row})))
    return draft


def test_a_catalogue_row_is_one_series_from_its_first_day_on() -> None:
    draft = draft_of()

    assert draft.name == "Early Birds breakfast"
    assert draft.identifier == "early_birds"
    assert (draft.start_date, draft.end_date) == ("2026-01-08T07:00:00", "2026-01-08T08:30:00")
    assert draft.rrule == ("FREQ=MONTHLY;BYDAY=2TH,4TH;BYMONTH=1,2,3,4,5,6,7,9,10,11,12",)
    assert (draft.location_name, draft.street_address, draft.address_locality) == (
        "Corner Café",
        "1 Main St",
        "Elm Valley",
    )
    assert draft.doubts == ()


def test_only_holidays_on_which_it_would_meet_are_taken_out() -> None:
    thanksgiving = "2026-11-26T07:00:00"

    assert thanksgiving in draft_of().except_dates
    assert all(datetime.fromisoformat(day).weekday() == 3 for day in draft_of().except_dates)
    assert draft_of(except_holidays=None).except_dates == ()


def test_single_days_are_taken_out() -> None:
    draft = draft_of(except_holidays=None, except_dates=[date(2026, 5, 14), date(2026, 5, 15)])

    assert draft.except_dates == ("2026-05-14T07:00:00",)


def test_a_row_is_called_by_its_organiser_without_a_title() -> None:
    assert draft_of(title=None).name == "Early Birds Referral Group"
    assert draft_of(title=None, organizer=None).name == "early_birds"


def test_a_rule_that_nobody_has_confirmed_for_months_is_doubted() -> None:
    assert draft_of(verified=date(2025, 9, 1)).doubts == ("not confirmed since 2025-09-01",)
    assert draft_of(verified=date(2026, 2, 1)).doubts == ()


def test_without_a_beginning_a_rule_begins_on_a_day_that_no_new_year_moves() -> None:
    assert draft_of(since=None, rule="FREQ=WEEKLY;BYDAY=TU").start_date == "2024-01-02"


def test_a_fortnight_is_counted_from_since() -> None:
    assert draft_of(rule="every other Monday 22:00-01:00", since=date(2026, 1, 5)).end_date == "2026-01-06T01:00:00"

    with pytest.raises(ParseError, match="from which day"):
        draft_of(rule="every other Monday", since=None)


def test_several_rules_stand_in_one_file_of_toml() -> None:
    text = """
        [[recurring]]
        name = "Early Birds"
        rule = "every Tuesday 07:00-08:30"
        since = 2026-01-01
        location = { locality = "Elm Valley", latitude = 36.7, longitude = -119.8 }

        [[recurring]]
        name = "Trail Day"
        rule = "first Saturday 9am-noon"
    """

    drafts = list(parse(page(text.encode())))

    assert [draft.name for draft in drafts] == ["Early Birds", "Trail Day"]
    assert [draft.identifier for draft in drafts] == ["Early Birds", "Trail Day"]
    assert (drafts[0].latitude, drafts[0].longitude) == ("36.7", "-119.8")


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ({"rule": "every so often"}, "so"),
        ({"rule": "TBD"}, "TBD"),
        ({"except_holidays": "Atlantis"}, "Atlantis"),
        ({"since": "soon"}, "soon"),
        ({"location": {"city": "Elm Valley"}}, "city"),
        ({"location": "Elm Valley"}, "table"),
        ({"except_dates": 1}, "iterable"),
    ],
)
def test_a_row_that_is_not_understood_names_itself_and_what_is_wrong(row: dict[str, Any], refused: str) -> None:
    with pytest.raises(ParseError, match=f"Early Birds.*{refused}"):
        draft_of(**row)


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"{", b"[1]", b'{"recurring": 1}', b'{"name": "x"}', b"\xff\xfe"]
)
def test_what_is_no_rule_is_refused_and_not_recognised(body: bytes) -> None:
    assert recognise(page(body)) is None
    with pytest.raises(ParseError):
        list(parse(page(body)))


def test_a_rule_is_recognised_by_its_rule() -> None:
    assert recognise(told(request(**ROW))) == "a rule: 2nd & 4th Thursday 07:00-08:30, not in August"


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ParseError, match="“rul” is not a key"):
        list(parse(page(b'{"name": "x", "rul": "Mondays", "rule": "Mondays"}')))
