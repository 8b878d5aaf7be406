"""What a VEVENT becomes: texts, places, people, and identity."""

import pytest

from aggregator.errors import ParseError
from aggregator.reading.ical import ends_whole, read_ical
from aggregator.source import Draft


def calendar(*events: str, head: str = "") -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\n{head}{told}END:VCALENDAR\n".encode()


def read(event: str, head: str = "") -> Draft:
    (draft,) = read_ical(calendar(f"UID:1\nSUMMARY:Mixer\nDTSTART:20260901T100000\n{event}", head=head))
    return draft


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        (r"LOCATION:Hall\, 1 Main St\nFresno", "location_text", "Hall, 1 Main St\nFresno"),
        (r"DESCRIPTION:One\nTwo\NThree\\nFour", "description", "One\nTwo\nThree\nFour"),
        ("X-ALT-DESC;FMTTYPE=text/html:<p>Hello</p>", "description", "<p>Hello</p>"),
        ("DESCRIPTION:\nX-ALT-DESC:<p>Hello</p>", "description", "<p>Hello</p>"),
        (r"CATEGORIES:Coffee,Tea\, green" + "\nCATEGORIES:Coffee,,Talk", "keywords", ("Coffee", "Tea, green", "Talk")),
        ('ORGANIZER;CN="Elm Valley: Chamber":mailto:jo@x.example', "organizer", "Elm Valley: Chamber"),
        ("ORGANIZER;CN=jo@x.example:mailto:jo@x.example", "organizer", None),
        ("ORGANIZER:mailto:jo@x.example", "organizer", None),
        ("URL:https://x.example/1", "url", "https://x.example/1"),
        ("ATTACH;FMTTYPE=image/jpeg:https://x.example/1", "image", "https://x.example/1"),
        ("ATTACH:https://x.example/1.PNG?a=b", "image", "https://x.example/1.PNG?a=b"),
        ("ATTACH:https://x.example/agenda.pdf", "image", None),
        ("ATTACH;FMTTYPE=image/png;ENCODING=BASE64;VALUE=BINARY:iVBORw0KGgo=", "image", None),
        ("IMAGE;VALUE=URI;DISPLAY=BADGE;FMTTYPE=image/png:https://x.example/i", "image", "https://x.example/i"),
        ("LOCATION:https://meet.example/1", "virtual_location", "https://meet.example/1"),
        ("X-GOOGLE-CONFERENCE:https://meet.example/1", "virtual_location", "https://meet.example/1"),
        ("LOCATION:Hall, see https://x.example", "virtual_location", None),
        ("STATUS:CANCELLED", "event_status", "EventCancelled"),
        ("STATUS:Canceled", "event_status", "EventCancelled"),
        ("STATUS:CONFIRMED", "event_status", None),
        ("X-COST:Free", "price", "Free"),
    ],
)
def test_a_property_is_told_in_the_words_of_a_draft(line: str, field: str, value: object) -> None:
    assert getattr(read(line), field) == value


@pytest.mark.parametrize(
    ("line", "point"),
    [
        ("GEO:36.33;-119.29", ("36.33", "-119.29")),
        ("GEO:36.33,-119.29", ("36.33", "-119.29")),
        (r"GEO:36.33\;-119.29", ("36.33", "-119.29")),
        ("GEO:;", (None, None)),
        ("GEO:somewhere", (None, None)),
        ('X-APPLE-STRUCTURED-LOCATION;X-TITLE="A: b":geo:36.33,-119.29', ("36.33", "-119.29")),
    ],
)
def test_coordinates_are_read_however_they_are_parted(line: str, point: tuple[str | None, str | None]) -> None:
    draft = read(line)
    assert (draft.latitude, draft.longitude) == point


def test_a_calendar_that_is_sent_to_cancel_cancels_its_events() -> None:
    assert read("STATUS:CONFIRMED", head="METHOD:CANCEL\n").event_status == "EventCancelled"


def test_a_bad_event_costs_one_event() -> None:
    bad = "UID:2\nSUMMARY:Bad\nDTSTART:20261341T999999\nRRULE:;;=\nDURATION:PX\nEXDATE:never"
    good = "UID:1\nSUMMARY:Good\nDTSTART:20260901T100000Z"
    drafts = {draft.name: draft for draft in read_ical(calendar(bad, "", good))}
    assert drafts["Good"].start_date == "2026-09-01T10:00:00+00:00"
    assert drafts["Bad"].start_date == "20261341T999999"


def test_an_event_without_a_uid_has_no_identifier() -> None:
    (draft,) = read_ical(calendar("SUMMARY:Mixer\nDTSTART:20260901"))
    assert draft.identifier is None


def test_the_later_version_of_an_event_wins() -> None:
    drafts = read_ical(
        calendar(
            "UID:1\nSUMMARY:New\nSEQUENCE:2\nDTSTART:20260902T100000Z",
            "UID:1\nSUMMARY:Old\nSEQUENCE:1\nDTSTART:20260901T100000Z",
        )
    )
    assert [draft.name for draft in drafts] == ["New"]


def test_different_events_with_one_uid_are_told_each_under_it() -> None:
    one = "UID:1\nSUMMARY:Coffee\nDTSTART:20260901T100000Z"
    two = "UID:1\nSUMMARY:Tea\nDTSTART:20260902T100000Z"
    drafts = list(read_ical(calendar(one, two, one)))
    assert [draft.name for draft in drafts] == ["Coffee", "Tea"]
    assert [draft.identifier for draft in drafts] == ["1", "1"]


def test_two_calendars_with_one_uid_are_both_told() -> None:
    one = calendar("UID:1\nSUMMARY:Coffee with Jo\nDTSTART:20260901T100000Z")
    drafts = list(read_ical(one + one.replace(b"Jo", b"Kim")))
    assert [draft.name for draft in drafts] == ["Coffee with Jo", "Coffee with Kim"]
    assert [draft.identifier for draft in drafts] == ["1", "1"]


@pytest.mark.parametrize(
    ("lines", "url"),
    [
        (
            "DESCRIPTION:Get up-to-date information at: https://luma.com/mixer\\n\\nAddress: Hall",
            "https://luma.com/mixer",
        ),
        ("DESCRIPTION:https://luma.com/mixer", "https://luma.com/mixer"),
        ("DESCRIPTION:https://luma.com/mixer\nURL:https://elm.example/mixer", "https://elm.example/mixer"),
        ("DESCRIPTION:Read https://luma.com/rules first", None),
        ("DESCRIPTION:Come!\\nhttps://luma.com/mixer", None),
        ("DESCRIPTION:Come!", None),
    ],
)
def test_a_link_that_is_the_first_line_of_the_description_stands_for_a_missing_address(
    lines: str, url: str | None
) -> None:
    (draft,) = read_ical(calendar(f"UID:1\nSUMMARY:Mixer\nDTSTART:20260901T100000Z\n{lines}"))
    assert draft.url == url


@pytest.mark.parametrize("body", [b"<!doctype html><h1>Log in</h1>", b""])
def test_a_page_that_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(read_ical(body))


def test_an_honestly_empty_calendar_gives_no_drafts() -> None:
    assert list(read_ical(calendar())) == []


@pytest.mark.parametrize(
    ("body", "is_whole"),
    [(calendar(), True), (calendar() + b"\r\n\n", True), (calendar()[:-5], False), (b"BEGIN:VCALENDAR\n", False)],
)
def test_the_end_mark_tells_whether_a_calendar_is_whole(body: bytes, *, is_whole: bool) -> None:
    assert ends_whole(body) is is_whole
