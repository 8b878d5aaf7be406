"""What a fetch is given and gives back beside a Page."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.source import Page, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What an answer said of its version, sent back byte for byte (RFC 9110, 13.1)."""

    etag: str | None = None
    last_modified: str | None = None

    @classmethod
    def of(cls, page: Page) -> "Validators":
        """Those that this page came with."""
        return cls(etag=page.header("etag"), last_modified=page.header("last-modified"))

    def headers(self) -> tuple[tuple[str, str], ...]:
        """The request headers that make a GET conditional."""
        named = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple((name, value) for name, value in named if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The site says that what we have is still what it shows (304)."""

    request: Request
    url: str
    fetched_at: datetime


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts over the fetches of one run, failed ones too: requests with robots and redirects, bytes of bodies."""

    requests: int = 0
    bytes_read: int = 0
