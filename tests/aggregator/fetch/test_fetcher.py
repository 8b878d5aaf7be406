"""A Request in, a Page out, over real HTTP on loopback."""

import asyncio
import gzip

import pytest

from aggregator.errors import (
    AddressRefusedError,
    BlockedError,
    DeadlineError,
    FetchError,
    RobotsRefusedError,
    StatusError,
    TooLargeError,
)
from aggregator.fetch import NotModified, Tally, Validators
from aggregator.source import Request

pytestmark = pytest.mark.anyio

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


async def test_a_page_carries_its_request_its_headers_and_its_body(site, open_fetcher):
    site.answers["/events.ics"] = site.reply(CALENDAR, Content_Type="text/calendar", ETag='"v1"')
    request = Request(url=site.url("/events.ics"))
    async with open_fetcher() as fetcher:
        page = await fetcher.fetch(request)
    assert page.request is request
    assert (page.url, page.status, page.body, page.is_whole) == (request.url, 200, CALENDAR, True)
    assert page.header("content-type") == "text/calendar"
    assert Validators.of(page) == Validators(etag='"v1"')


async def test_who_asks_and_how_is_said_honestly(site, open_fetcher):
    site.answers["/"] = site.reply(b"<p>", Set_Cookie="a=b")
    async with open_fetcher(public_url="https://events.example") as fetcher:
        await fetcher.fetch(Request(url=site.url()))
        await fetcher.fetch(Request(url=site.url(), headers=(("Accept", "text/calendar"), ("X-Api", "1"))))
    first, second = site.asked
    assert first.headers["user-agent"] == "Hobnob/0.1.0 (+https://events.example; events@operator.example)"
    assert first.headers["accept-encoding"] == "gzip"
    assert first.headers["accept"].startswith("text/html,")
    assert (second.headers["accept"], second.headers["x-api"]) == ("text/calendar", "1")
    assert not {"cookie", "referer"} & second.headers.keys()


@pytest.mark.parametrize(
    "header", [("Cookie", "a=b"), ("Host", "b.example"), ("User-Agent", "x"), ("X-A", "b\r\nX-B: c"), ("X-A", "é")]
)
async def test_a_header_that_is_not_the_sources_to_say_is_refused(site, open_fetcher, header):
    async with open_fetcher() as fetcher:
        with pytest.raises(FetchError, match="header"):
            await fetcher.fetch(Request(url=site.url(), headers=(header,)))
    assert site.log == []


async def test_validators_go_back_byte_for_byte_and_a_304_is_not_modified(site, open_fetcher):
    site.answers["/"] = site.reply(b"", "304 Not Modified")
    validators = Validators(etag='W/"caf\xe9, unquoted', last_modified="yesterday-ish")
    tally = Tally()
    async with open_fetcher() as fetcher:
        answer = await fetcher.fetch(Request(url=site.url()), validators, tally=tally)
    assert isinstance(answer, NotModified)
    headers = site.asked[0].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == (validators.etag, validators.last_modified)
    assert (tally.requests, tally.bytes_read) == (2, len(b"none"))


@pytest.mark.parametrize(
    "status",
    ["304 Not Modified", "204 No Content", "206 Partial Content", "300 Multiple Choices", "302 Found", "404 Not Found"],
)
async def test_a_status_that_is_no_whole_answer_is_an_error(site, open_fetcher, status):
    site.answers["/"] = site.reply(b"", status)
    async with open_fetcher() as fetcher:
        with pytest.raises(StatusError, match=status[:3]) as caught:
            await fetcher.fetch(Request(url=site.url()))
    assert caught.value.status == int(status[:3])


async def test_what_is_posted_arrives(site, open_fetcher):
    site.answers["/search"] = lambda asked: site.reply(asked.body.upper())
    request = Request(
        url=site.url("/search"), method="POST", body=b"{}a", headers=(("Content-Type", "application/json"),)
    )
    async with open_fetcher() as fetcher:
        page = await fetcher.fetch(request)
    assert page.body == b"{}A"
    assert site.asked[0].headers["content-type"] == "application/json"


async def test_redirects_are_followed_and_the_page_says_where_it_came_from(site, open_fetcher):
    for number in range(5):
        site.answers[f"/{number}"] = site.reply(b"moved", "302 Found", Location=f"/{number + 1}")
    site.answers["/5"] = site.reply(CALENDAR)
    async with open_fetcher() as fetcher:
        page = await fetcher.fetch(Request(url=site.url("/0")))
    assert (page.url, page.body) == (site.url("/5"), CALENDAR)


async def test_a_sixth_redirect_is_not_followed(site, open_fetcher):
    for number in range(7):
        site.answers[f"/{number}"] = site.reply(b"", "302 Found", Location=f"/{number + 1}")
    async with open_fetcher() as fetcher:
        with pytest.raises(FetchError, match="more than 5"):
            await fetcher.fetch(Request(url=site.url("/0")))
    assert len(site.asked) == 6


async def test_a_circle_of_redirects_is_seen_at_once(site, open_fetcher):
    site.answers["/a"] = site.reply(b"", "301 Moved Permanently", Location="/b")
    site.answers["/b"] = site.reply(b"", "301 Moved Permanently", Location="/a")
    async with open_fetcher() as fetcher:
        with pytest.raises(FetchError, match="circle"):
            await fetcher.fetch(Request(url=site.url("/a")))
    assert len(site.asked) == 2


async def test_headers_for_one_host_do_not_go_to_another(site, open_fetcher):
    site.answers["/start"] = lambda asked: site.reply(b"", "302 Found", Location=f"http://{asked.headers['x-to']}/end")
    site.answers["/end"] = site.reply(CALENDAR)
    async with open_fetcher("chamber.example", "library.example") as fetcher:
        for host in ("chamber.example", "library.example"):
            request = Request(url="http://chamber.example/start", headers=(("Authorization", "key"), ("X-To", host)))
            await fetcher.fetch(request, Validators(etag='"v1"'))
    same, other = (asked for asked in site.asked if asked.target == "/end")
    assert same.headers.keys() >= {"authorization", "if-none-match"}
    assert not {"authorization", "if-none-match"} & other.headers.keys()
    assert other.headers["host"] == "library.example"


@pytest.mark.parametrize(("status", "method"), [("303 See Other", "GET"), ("302 Found", "GET"), ("307 Again", "POST")])
async def test_a_post_is_repeated_only_where_the_status_says_so(site, open_fetcher, status, method):
    site.answers["/"] = site.reply(b"", status, Location="/end")
    site.answers["/end"] = site.reply(CALENDAR)
    async with open_fetcher() as fetcher:
        await fetcher.fetch(Request(url=site.url(), method="POST", body=b"q"))
    assert site.asked[-1].method == method


async def test_what_is_posted_does_not_go_to_another_host(site, open_fetcher):
    site.answers["/"] = site.reply(b"", "307 Again", Location="http://library.example/end")
    async with open_fetcher("chamber.example", "library.example") as fetcher:
        with pytest.raises(AddressRefusedError, match="posted"):
            await fetcher.fetch(Request(url="http://chamber.example/", method="POST", body=b"secret"))
    assert len(site.asked) == 1


async def test_the_address_that_was_checked_is_the_one_connected_to(site, open_fetcher):
    canary = []
    server = await asyncio.start_server(lambda _, writer: (canary.append(1), writer.close()), "127.0.0.2", site.port)
    answers = ["127.0.0.1", "127.0.0.2"] * 20

    async def rebind(host: str, port: int) -> list[str]:
        return [answers.pop(0)]

    site.answers["/"] = site.reply(CALENDAR, Connection="close")
    async with server, open_fetcher(resolve=rebind) as fetcher:
        url = site.url(host="rebind.example")
        assert (await fetcher.fetch(Request(url=url), permission="granted")).body == CALENDAR
        with pytest.raises(AddressRefusedError):
            await fetcher.fetch(Request(url=url), permission="granted")
    assert canary == []


async def test_a_slow_answer_is_given_up_at_the_deadline(site, open_fetcher):
    async def drip(asked: object) -> bytes:
        await asyncio.sleep(30)
        return b""

    site.answers["/"] = drip
    async with open_fetcher(deadline=0.2) as fetcher:
        with pytest.raises(DeadlineError, match=r"0\.2 s"):
            await fetcher.fetch(Request(url=site.url()))


async def test_the_deadline_is_for_all_hops_together(site, open_fetcher):
    async def late(asked: object) -> bytes:
        await asyncio.sleep(0.3)
        return site.reply(b"", "302 Found", Location=f"/{len(site.log)}")

    for number in range(9):
        site.answers[f"/{number}"] = late
    async with open_fetcher(deadline=0.8) as fetcher:
        with pytest.raises(DeadlineError):
            await fetcher.fetch(Request(url=site.url("/0")), permission="granted")
    assert len(site.asked) == 3


async def test_a_host_that_hangs_delays_no_other(site, open_fetcher):
    async def hang(asked: object) -> bytes:
        await asyncio.sleep(30)
        return b""

    site.answers["/hang"], site.answers["/"] = hang, site.reply(CALENDAR)
    async with open_fetcher("chamber.example", "library.example", fetch_slots=2, deadline=1) as fetcher:
        hanging = [asyncio.create_task(fetcher.fetch(Request(url="http://chamber.example/hang"))) for _ in range(5)]
        async with asyncio.timeout(0.7):
            await fetcher.fetch(Request(url="http://library.example/"))
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


async def test_more_hosts_than_are_asked_at_once_keep_their_connections(site, open_fetcher):
    hosts = [f"h{number}.example" for number in range(8)]
    site.answers["/"] = site.reply(CALENDAR)

    async with open_fetcher(*hosts, fetch_slots=2) as fetcher:
        for host in hosts * 2:
            await fetcher.fetch(Request(url=f"http://{host}/"), permission="granted")

    assert site.connections == len(hosts)


async def test_a_connection_that_ends_before_an_answer_is_tried_once_more(site, open_fetcher):
    answers = [b"", site.reply(CALENDAR)]
    site.answers["/"] = lambda _: answers.pop(0)
    async with open_fetcher() as fetcher:
        assert (await fetcher.fetch(Request(url=site.url()))).body == CALENDAR


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_it_is_not_tried_for_ever_and_nothing_is_posted_twice(site, open_fetcher, method):
    site.answers["/"] = b""
    tally = Tally()
    async with open_fetcher() as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(Request(url=site.url(), method=method), permission="granted", tally=tally)
    assert len(site.asked) == tally.requests == {"GET": 2, "POST": 1}[method]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 500\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n500\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
async def test_a_broken_answer_is_an_error_that_names_the_address(site, open_fetcher, answer):
    site.answers["/"] = answer
    async with open_fetcher() as fetcher:
        with pytest.raises(FetchError, match=site.url()):
            await fetcher.fetch(Request(url=site.url()), permission="granted")


async def test_a_body_without_a_promised_end_is_whole_only_when_it_ends_itself(site, open_fetcher):
    site.answers["/cut"] = b"HTTP/1.1 200 OK\r\n\r\n<html><p>Mixer"
    site.answers["/whole"] = b"HTTP/1.1 200 OK\r\n\r\n<html><p>Mixer</html>"
    async with open_fetcher() as fetcher:
        assert not (await fetcher.fetch(Request(url=site.url("/cut")))).is_whole
        assert (await fetcher.fetch(Request(url=site.url("/whole")))).is_whole


async def test_a_body_over_the_cap_is_refused_packed_or_not(site, open_fetcher):
    site.answers["/plain"] = site.reply(b"x" * 2000)
    site.answers["/packed"] = site.reply(gzip.compress(b"x" * 2000), Content_Encoding="gzip")
    site.answers["/small"] = site.reply(gzip.compress(b"x" * 1024), Content_Encoding="gzip")
    async with open_fetcher(max_body=1024) as fetcher:
        for path in ("/plain", "/packed"):
            with pytest.raises(TooLargeError, match=path):
                await fetcher.fetch(Request(url=site.url(path)))
        assert (await fetcher.fetch(Request(url=site.url("/small")))).body == b"x" * 1024


@pytest.mark.parametrize(("count", "size"), [(101, 1), (70, 1000)])
async def test_too_many_headers_are_refused(site, open_fetcher, count, size):
    site.answers["/"] = site.reply(b"x", **{f"X-{number}": "a" * size for number in range(count)})
    async with open_fetcher() as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(Request(url=site.url()))


async def test_a_connection_is_used_again(site, open_fetcher):
    site.answers["/"] = site.reply(CALENDAR)
    async with open_fetcher() as fetcher:
        for _ in range(3):
            await fetcher.fetch(Request(url=site.url()))
    assert {asked.connection for asked in site.log} == {1}


async def test_what_follows_an_answer_is_never_taken_for_the_next(site, open_fetcher):
    site.answers["/a"] = site.reply(CALENDAR) + site.reply(b"poison")
    site.answers["/b"] = site.reply(CALENDAR)
    async with open_fetcher() as fetcher:
        for path in ("/a", "/b"):
            page = await fetcher.fetch(Request(url=site.url(path)), permission="granted")
            assert page.body == CALENDAR
    assert [asked.connection for asked in site.asked] == [1, 2]


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_busy_host_is_left_alone_for_as_long_as_it_says(site, open_fetcher, status):
    site.answers["/"] = site.reply(b"", status, Retry_After="300")
    async with open_fetcher("chamber.example", "library.example") as fetcher:
        for _ in range(3):
            with pytest.raises(StatusError) as caught:
                await fetcher.fetch(Request(url="http://chamber.example/"), permission="granted")
            assert caught.value.status == int(status[:3])
            assert 299 < caught.value.retry_after <= 300
        assert len(site.asked) == 1
        with pytest.raises(StatusError):
            await fetcher.fetch(Request(url="http://library.example/"), permission="granted")
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("status", "packed"), [("200 OK", False), ("202 Accepted", False), ("403 Forbidden", True), ("503 Busy", True)]
)
async def test_a_bot_wall_is_told_of_whatever_its_status(site, open_fetcher, status, packed):
    wall = b"<title>Just a moment...</title>"
    more = {"Content_Encoding": "gzip"} if packed else {}
    site.answers["/"] = site.reply(gzip.compress(wall) if packed else wall, status, Content_Type="text/html", **more)
    async with open_fetcher() as fetcher:
        with pytest.raises(BlockedError, match="Cloudflare") as caught:
            await fetcher.fetch(Request(url=site.url()))
    assert caught.value.status == int(status[:3])
    assert len(site.asked) == 1


async def test_a_data_address_needs_no_network(site, open_fetcher):
    async with open_fetcher() as fetcher:
        page = await fetcher.fetch(Request(url="data:text/calendar,BEGIN"))
    assert (page.body, site.log) == (b"BEGIN", [])


async def test_the_environment_sends_it_through_no_proxy(site, open_fetcher, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.2:1")
    site.answers["/"] = site.reply(CALENDAR)
    async with open_fetcher() as fetcher:
        assert (await fetcher.fetch(Request(url=site.url()))).body == CALENDAR


async def test_robots_refusal_reaches_the_caller_and_permission_overrides_it(site, open_fetcher):
    site.answers["/robots.txt"] = site.reply(b"User-agent: *\nDisallow: /")
    site.answers["/"] = site.reply(CALENDAR)
    async with open_fetcher() as fetcher:
        with pytest.raises(RobotsRefusedError):
            await fetcher.fetch(Request(url=site.url()))
        assert site.asked == []
        assert (await fetcher.fetch(Request(url=site.url()), permission="granted")).body == CALENDAR


async def test_a_cancelled_fetch_leaves_the_host_free_for_the_next(site, open_fetcher):
    reached = asyncio.Event()

    async def hang(asked: object) -> bytes:
        reached.set()
        await asyncio.sleep(30)
        return b""

    site.answers["/hang"], site.answers["/"] = hang, site.reply(CALENDAR)
    async with open_fetcher() as fetcher:
        task = asyncio.create_task(fetcher.fetch(Request(url=site.url("/hang"))))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await fetcher.fetch(Request(url=site.url()))).body == CALENDAR
