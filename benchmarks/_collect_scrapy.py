"""Scrapy over the same pages: robots obeyed, as many requests at once, nothing on that it need not do.

    python benchmarks/_collect_scrapy.py libraries|readers FILE_WITH_ADDRESSES       # prints a Crawl as JSON

`libraries` parses as a spider of one's own would: parsel and json, icalendar, feedparser. `readers` calls Hobnob's own
readers in the spider, so that the two sides differ in nothing but the way there and the guard.
"""

import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import scrapy
from _collect_crawl import NOW, PER_HOST, SLOTS, Crawl, platform_of, processor_seconds
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver

from aggregator.source import Page
from sources.load import source_at

SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": SLOTS,
    "CONCURRENT_REQUESTS_PER_DOMAIN": PER_HOST,
    "DOWNLOAD_DELAY": 0,
    "DNS_RESOLVER": "_collect_scrapy.Loopback",
    "LOG_ENABLED": False,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
}


class Loopback(CachingThreadedResolver):
    """All hosts are this machine."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: N802, ARG002 - Twisted's name
        return super().getHostByName("127.0.0.1", timeout)


class Spider(scrapy.Spider):
    """Counts what a parser yields."""

    name = "benchmark"

    def __init__(self, addresses: Iterable[str], parse: Callable[[str, Response], int]) -> None:
        super().__init__()
        self._addresses = addresses
        self._parse_with = parse
        self.pages = self.drafts = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for address in self._addresses:
            yield scrapy.Request(address, dont_filter=True)

    def parse(self, response: Response) -> None:  # type: ignore[override]
        self.drafts += self._parse_with(platform_of(response.url), response)
        self.pages += 1


def read_with_libraries(platform: str, response: Response) -> int:
    if platform == "jsonld":
        texts = response.xpath('//script[@type="application/ld+json"]/text()').getall()
        return sum(len(told) for told in map(json.loads, texts) if isinstance(told, list))
    if platform == "ics":
        return len(icalendar.Calendar.from_ical(response.body).events)
    if platform == "rss":
        return len(feedparser.parse(BytesIO(response.body)).entries)
    return len(json.loads(response.body)["events"])


def read_with_readers(platform: str, response: Response) -> int:
    source = source_at(response.url, platform)
    page = Page(request=source.request, url=response.url, body=response.body, fetched_at=NOW)
    return sum(1 for _ in source.parse(page))


def crawl(addresses: Sequence[str], parse: Callable[[str, Response], int]) -> Crawl:
    crawler_process = CrawlerProcess(SETTINGS)
    crawler = crawler_process.create_crawler(Spider)
    crawler_process.crawl(crawler, addresses=addresses, parse=parse)
    began, used = time.perf_counter(), processor_seconds()
    crawler_process.start()
    spider = crawler.spider
    assert isinstance(spider, Spider)
    return Crawl(
        pages=spider.pages,
        drafts=spider.drafts,
        seconds=time.perf_counter() - began,
        processor=processor_seconds() - used,
    )


if __name__ == "__main__":
    parsers = {"libraries": read_with_libraries, "readers": read_with_readers}
    done = crawl(Path(sys.argv[2]).read_text().split(), parsers[sys.argv[1]])
    print(done.to_json())
