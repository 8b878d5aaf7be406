"""How far a run goes through a site's pages, and what becomes of those it cannot read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.collect.walk import MAX_DETAILS, MAX_PAGES, Walk, Walked, key_of, usable
from aggregator.errors import FetchError, ParseError, StatusError
from aggregator.event import Kind
from aggregator.fetch import NotModified, Tally, Validators
from aggregator.sandbox import Reading
from aggregator.source import Draft, Page, Request, Source
from aggregator.store import StoredPage

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOME = "https://chamber.example/"


def read_lines(page: Page) -> Iterator[Draft]:
    """Each line that is no address is an event; a line NONSENSE makes the page one that cannot be read."""
    for line in page.text.splitlines():
        if line == "NONSENSE":
            raise ParseError("nonsense")
        if line and "://" not in line:
            yield Draft(identifier=line, name=line, start_date="2026-06-10")


def follow_lines(page: Page) -> Iterator[Request]:
    """Each line that is an address is followed; one after `NAME ` completes that draft."""
    for line in page.text.splitlines():
        name, _, address = line.rpartition(" ")
        if "://" in address:
            yield Request(url=address, completes=name or None)


@dataclass
class Door:
    """Stands for the fetcher: pages by address; an error is raised, a page whose etag is known is not sent again."""

    pages: dict[str, str | bytes | Exception | Page]
    asked: list[str] = field(default_factory=list)
    etag: str | None = None

    async def fetch(self, request: Request, validators: Validators, **_: Any) -> Page | NotModified:
        self.asked.append(request.url)
        answer = self.pages.get(request.url, StatusError(f"{request.url}: answers 404", 404))
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Page):
            return replace(answer, request=request)
        if self.etag and validators.etag == self.etag:
            return NotModified(request=request, url=request.url, fetched_at=NOW)
        body = answer.encode() if isinstance(answer, str) else answer
        headers = (("etag", self.etag),) if self.etag else ()
        return Page(request=request, url=request.url, body=body, fetched_at=NOW, headers=headers)

    async def fetch_files(self, request: Request) -> tuple[Page, ...]:
        return tuple(
            Page(request=request, url=url, body=body.encode(), fetched_at=NOW)
            for url, body in self.pages.items()
            if isinstance(body, str)
        )


class Room:
    """Stands for the sandbox: reads at once, in here."""

    def __init__(self) -> None:
        self.read_pages: list[str] = []

    async def read(self, parse: Any, follow: Any, page: Page) -> Reading:
        self.read_pages.append(page.url)
        return Reading(drafts=tuple(parse(page)), requests=tuple(follow(page)) if follow else ())


def a_source(url: str = HOME, ends_whole: Callable[[bytes], bool] | None = None) -> Source:
    return Source(
        name="chamber",
        kind=Kind.CHAMBER,
        platform="lines",
        request=Request(url=url),
        parse=read_lines,
        follow=follow_lines,
        ends_whole=ends_whole,
    )


async def walk(
    door: Door, *, known: Mapping[str, StoredPage] = {}, room: Room | None = None, source: Source | None = None
) -> Walked:
    return await Walk(
        source=source or a_source(),
        fetcher=door,  # type: ignore[arg-type]
        sandbox=room or Room(),  # type: ignore[arg-type]
        known=known,
        tally=Tally(),
    ).walk()


def names(walked: Walked) -> list[str | None]:
    return [draft.name for told in walked.told for draft in told.drafts]


def kept(walked: Walked) -> dict[str, StoredPage]:
    return {page.request: page for page in walked.fresh}


async def test_pages_are_read_in_the_order_in_which_they_were_named() -> None:
    door = Door({HOME: f"a\n{HOME}2\n{HOME}3", f"{HOME}2": f"b\n{HOME}4", f"{HOME}3": "c", f"{HOME}4": "d"})

    walked = await walk(door)

    assert names(walked) == ["a", "b", "c", "d"]
    assert walked.gaps == ()


async def test_details_are_read_after_all_lists() -> None:
    door = Door(
        {HOME: f"a\na {HOME}a\n{HOME}2", f"{HOME}a": "more of a", f"{HOME}2": f"b\nb {HOME}b", f"{HOME}b": "more of b"}
    )

    await walk(door)

    assert door.asked == [HOME, f"{HOME}2", f"{HOME}a", f"{HOME}b"]


async def test_a_page_that_was_seen_stops_the_walk() -> None:
    door = Door({HOME: f"a\n{HOME}2", f"{HOME}2": f"b\n{HOME}\n{HOME}2"})

    walked = await walk(door)

    assert door.asked == [HOME, f"{HOME}2"]
    assert walked.gaps == ()


async def test_a_page_of_another_host_is_not_followed() -> None:
    door = Door({HOME: "a\nhttps://elsewhere.example/\nhttps://chamber.example.evil.example/\nhttp://127.0.0.1/"})

    assert names(await walk(door)) == ["a"]
    assert door.asked == [HOME]


async def test_a_list_without_end_is_read_for_twenty_pages_and_is_then_not_whole() -> None:
    door = Door({HOME: f"e0\n{HOME}1"} | {f"{HOME}{n}": f"e{n}\n{HOME}{n + 1}" for n in range(1, 50)})

    walked = await walk(door)

    assert len(names(walked)) == MAX_PAGES == len(door.asked)
    assert walked.gaps == (f"{HOME}20: not read, after 20 pages and 20 events",)


async def test_a_list_of_twenty_pages_is_whole() -> None:
    door = Door(
        {HOME: f"e0\n{HOME}1"} | {f"{HOME}{n}": f"e{n}\n{HOME}{n + 1}" for n in range(1, 19)} | {f"{HOME}19": "e19"}
    )

    walked = await walk(door)

    assert (len(names(walked)), walked.gaps) == (20, ())


async def test_no_more_than_a_hundred_detail_pages_are_read() -> None:
    listed = "\n".join(f"e{n}\ne{n} {HOME}{n}" for n in range(MAX_DETAILS + 5))
    door = Door({HOME: listed} | {f"{HOME}{n}": "more" for n in range(MAX_DETAILS + 5)})

    walked = await walk(door)

    assert len(door.asked) == 1 + MAX_DETAILS
    assert walked.gaps == ()


async def test_events_that_only_unread_details_tell_are_a_gap() -> None:
    listed = "\n".join(f"e{n} {HOME}{n}" for n in range(MAX_DETAILS + 5))
    door = Door({HOME: listed} | {f"{HOME}{n}": "more" for n in range(MAX_DETAILS + 5)})

    walked = await walk(door)

    assert len(door.asked) == 1 + MAX_DETAILS
    assert walked.gaps


async def test_a_first_page_that_cannot_be_had_or_read_fails_the_run() -> None:
    with pytest.raises(StatusError, match="404"):
        await walk(Door({}))
    with pytest.raises(ParseError, match="nonsense"):
        await walk(Door({HOME: "NONSENSE"}))


@pytest.mark.parametrize("second", [FetchError("no answer"), "NONSENSE", ""], ids=["not had", "not read", "nothing"])
async def test_a_further_page_that_cannot_be_had_or_read_leaves_a_gap(second: Any) -> None:
    walked = await walk(Door({HOME: f"a\n{HOME}2\n{HOME}3", f"{HOME}2": second, f"{HOME}3": "c"}))

    assert names(walked) == ["a", "c"]
    assert len(walked.gaps) == 1


async def test_a_detail_page_that_fails_says_what_it_said_before() -> None:
    door = Door({HOME: f"a\na {HOME}a", f"{HOME}a": "more of a"}, etag='"1"')
    first = await walk(door)
    door.pages[f"{HOME}a"] = FetchError("no answer")

    second = await walk(door, known=kept(first))

    assert names(second) == names(first) == ["a", "more of a"]
    assert second.gaps == ()


async def test_a_detail_page_that_never_said_anything_leaves_no_gap_where_the_list_tells_of_the_event() -> None:
    walked = await walk(Door({HOME: f"a\na {HOME}a", f"{HOME}a": FetchError("no answer")}))

    assert (names(walked), walked.gaps) == (["a"], ())


async def test_a_detail_page_that_alone_would_tell_of_an_event_leaves_a_gap() -> None:
    walked = await walk(Door({HOME: f"a\nb {HOME}b", f"{HOME}b": FetchError("no answer")}))

    assert (names(walked), walked.gaps) == (["a"], ("no answer",))


@pytest.mark.parametrize("etag", ['"1"', None], ids=["said by 304", "seen from the body"])
async def test_pages_that_did_not_change_are_not_read_again(etag: str | None) -> None:
    door, room = Door({HOME: f"a\n{HOME}2", f"{HOME}2": "b"}, etag=etag), Room()
    first = await walk(door, room=room)

    second = await walk(door, room=room, known=kept(first))

    assert room.read_pages == [HOME, f"{HOME}2"]
    assert "_said" not in vars(second.told[1].drafts)  # nobody has looked at them
    assert names(second) == names(first)
    assert (first.is_unchanged, second.is_unchanged, second.fresh) == (False, True, ())


async def test_a_body_that_broke_off_is_told_but_leaves_a_gap_and_is_not_kept() -> None:
    broken = Page(request=Request(url=HOME), url=HOME, body=b"a\nb", fetched_at=NOW, is_whole=False)

    walked = await walk(Door({HOME: broken}))

    assert (names(walked), walked.fresh) == (["a", "b"], ())
    assert walked.gaps == (f"{HOME}: was cut off before its end",)


@pytest.mark.parametrize(("body", "is_whole"), [("a\nb\n", False), ("a\nb\n.END", True)])
async def test_a_body_without_the_end_mark_of_its_format_leaves_a_gap(body: str, is_whole: bool) -> None:
    walked = await walk(Door({HOME: body}), source=a_source(ends_whole=lambda told: told.endswith(b".END")))

    assert (walked.gaps == ()) is is_whole
    assert bool(walked.fresh) is is_whole


@pytest.mark.parametrize("body", ["", " \n", '<script type="application/ld+json">\nNONSENSE', '{"events": [\nNONSENSE'])
async def test_nothing_and_the_beginning_of_something_are_pages_that_could_not_be_had(body: str) -> None:
    with pytest.raises(FetchError, match=HOME):
        await walk(Door({HOME: body}))


@pytest.mark.parametrize("body", ["<script>a</script>\nNONSENSE\n<p>", '{"events":\nNONSENSE\n}', "NONSENSE"])
async def test_a_whole_page_that_cannot_be_read_is_another_thing(body: str) -> None:
    with pytest.raises(ParseError):
        await walk(Door({HOME: body}))


async def test_a_file_that_cannot_be_read_costs_itself_only() -> None:
    door = Door({"file:///calendars/a.csv": "NONSENSE", "file:///calendars/b.csv": "b"})

    walked = await walk(door, source=a_source("file:///calendars"))

    assert (names(walked), walked.gaps) == (["b"], ("nonsense",))


async def test_requests_are_told_apart_by_all_that_is_asked() -> None:
    asked = [
        Request(url=HOME),
        Request(url=HOME, headers=(("accept", "a"),)),
        Request(url=HOME, method="POST", body=b"1"),
    ]

    assert len({key_of(request) for request in asked}) == 3
    assert key_of(Request(url=HOME, completes="a")) == key_of(Request(url=HOME))


async def test_what_another_parser_read_is_not_used_again() -> None:
    first = await walk(Door({HOME: "a"}))

    assert usable(first.fresh, a_source()).keys() == {HOME}
    assert usable(first.fresh, replace(a_source(), platform="others")) == {}


@pytest.mark.parametrize(
    ("answered_at", "following", "is_read"),
    [
        ("https://www.chamber.example/", "https://www.chamber.example/2", True),
        ("https://www.chamber.example/", "https://chamber.example/2", True),
        ("https://members.elm.example/", "https://members.elm.example/2", True),
        ("https://chamber.example/", "https://elsewhere.example/2", False),
    ],
)
async def test_a_site_is_where_its_first_page_was_found(answered_at: str, following: str, is_read: bool) -> None:
    first = Page(request=Request(url=HOME), url=answered_at, body=f"mixer\n{following}".encode(), fetched_at=NOW)
    door = Door({HOME: first, following: "coffee"})

    walked = await walk(door)

    assert (following in door.asked) is is_read
    assert bool(walked.gaps) is not is_read
