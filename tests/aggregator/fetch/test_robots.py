"""robots.txt is kept as RFC 9309 says."""

import asyncio

import pytest

from aggregator.errors import AddressRefusedError, FetchError, RobotsRefusedError
from aggregator.fetch.robots import READ_BYTES, parse
from aggregator.source import Request

pytestmark = pytest.mark.anyio


@pytest.fixture
def ask(site, open_fetcher):
    """Whether each path may be fetched, when robots.txt answers so."""

    async def ask(answer: object, *paths: str, **more: object) -> list[bool]:
        site.answers["/robots.txt"] = answer
        site.answers.update({path: site.reply(b"x") for path in paths})
        allowed = []
        async with open_fetcher(**more) as fetcher:
            for path in paths:
                try:
                    await fetcher.fetch(Request(url=site.url(path)))
                    allowed.append(True)
                except RobotsRefusedError as error:
                    assert site.url(path) in str(error)  # noqa: PT017
                    allowed.append(False)
        assert [asked.target for asked in site.asked] == [path for path, may in zip(paths, allowed, strict=True) if may]
        return allowed

    return ask


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "403 Forbidden", "410 Gone"])
async def test_a_site_without_rules_allows_everything(site, ask, status):
    assert await ask(site.reply(b"User-agent: *\nDisallow: /", status), "/a") == [True]


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "204 No Content"])
async def test_rules_that_cannot_be_had_disallow_everything(site, ask, status):
    assert await ask(site.reply(b"", status), "/a", "/b") == [False, False]
    assert len(site.log) == 1


async def test_rules_that_never_come_disallow_everything(ask):
    async def hang(asked: object) -> bytes:
        await asyncio.sleep(30)
        return b""

    assert await ask(hang, "/a", deadline=0.2) == [False]


async def test_our_own_group_wins_over_the_one_for_all(site, ask):
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: hobnob\nDisallow: /private\nAllow: /private/events"
    assert await ask(site.reply(rules), "/a", "/private", "/private/events") == [True, False, True]


async def test_a_page_of_html_is_no_rules(site, ask):
    assert await ask(site.reply(b"<!doctype html><h1>Not found</h1>"), "/a") == [True]


async def test_redirects_are_followed_to_the_rules(site, open_fetcher):
    site.answers["/r"] = site.reply(b"User-agent: *\nDisallow: /a")
    site.answers["/robots.txt"] = site.reply(b"", "301 Moved Permanently", Location="/r")
    async with open_fetcher() as fetcher:
        with pytest.raises(RobotsRefusedError):
            await fetcher.fetch(Request(url=site.url("/a")))
    assert [asked.target for asked in site.log] == ["/robots.txt", "/r"]


async def test_redirects_without_end_count_as_no_rules(site, open_fetcher):
    site.answers["/robots.txt"] = site.reply(b"", "302 Found", Location="/robots.txt?again")
    site.answers["/a"] = site.reply(b"x")
    async with open_fetcher() as fetcher:
        assert (await fetcher.fetch(Request(url=site.url("/a")))).body == b"x"
    assert len(site.log) == 7


async def test_the_guard_holds_for_robots_too(site, open_fetcher):
    site.answers["/robots.txt"] = site.reply(b"", "302 Found", Location=f"http://127.0.0.2:{site.port}/robots.txt")
    async with open_fetcher() as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(Request(url=site.url("/a")))
        with pytest.raises(AddressRefusedError, match="loopback"):
            await fetcher.fetch(Request(url=site.url("/a", host="127.0.0.3")))
    assert site.asked == []


async def test_rules_are_asked_for_once_by_all_who_wait_for_them(site, open_fetcher):
    site.answers.update({f"/{number}": site.reply(b"x") for number in range(4)})
    async with open_fetcher() as fetcher:
        await asyncio.gather(*(fetcher.fetch(Request(url=site.url(f"/{number}"))) for number in range(4)))
    assert [asked.target for asked in site.log].count("/robots.txt") == 1


async def test_a_redirect_to_another_host_keeps_that_hosts_rules_whatever_was_permitted(site, open_fetcher):
    rules = {"library.example": b"User-agent: *\nDisallow: /"}
    site.answers["/robots.txt"] = lambda asked: site.reply(rules.get(asked.headers["host"], b""))
    site.answers["/"] = site.reply(b"", "302 Found", Location="http://library.example/")
    async with open_fetcher("chamber.example", "library.example") as fetcher:
        with pytest.raises(RobotsRefusedError, match=r"library\.example"):
            await fetcher.fetch(Request(url="http://chamber.example/"), permission="granted")


def test_only_the_first_500_kib_are_read_and_a_line_cut_there_is_left_out():
    start = b"User-agent: *\nDisallow: /early\n"
    padding = b"# pad\n" * 90_000
    rules = parse((start + padding + b"Disallow: /\n")[:READ_BYTES])
    assert rules.can_fetch("http://chamber.example/late", "Hobnob")
    assert not rules.can_fetch("http://chamber.example/early", "Hobnob")
    cut = start + b"#" * (READ_BYTES - len(start) - len(b"\nDisallow: /e")) + b"\nDisallow: /e"
    assert parse(cut).can_fetch("http://chamber.example/events", "Hobnob")


async def test_rules_over_500_kib_are_no_failure(site, ask):
    assert await ask(site.reply(b"User-agent: *\nDisallow: /b\n" + b"# pad\n" * 90_000), "/a", "/b") == [True, False]
