"""What every route needs: the store, the settings, the places, the clock, and the answers already made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2s
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from prometheus_client import CollectorRegistry
from starlette.requests import Request

from aggregator import __version__
from aggregator.errors import QueryError
from aggregator.health import is_late
from aggregator.place.gazetteer import Gazetteer
from aggregator.query import EventQuery
from aggregator.settings import Settings
from aggregator.store import KeptGroup, Reader, SourceStatus
from api.cache import Cache
from api.gauges import Gauges
from api.given import collect, validate
from api.inbox import Inbox
from api.operator import Operator
from api.parameters import Parameters
from api.query import Asked, parse_query
from api.senders import Senders

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

MOST_PARAMETERS = 64
MOST_STALE = 50
MOST_TOLD = 5
MOST_TRIES = 1000
"""Wrong tokens within the hour, from anywhere, after which nobody signs in to the operator's pages."""
SHARED_SECONDS = 60
_TOLD = {"contact", "place", "within", "units", "suggestions", "map_tiles", "map_attribution"}
"""The settings of which answers tell; not where it listens, so that several APIs of one store make one ETag."""

HEADERS = {
    "Cache-Control": f"public, max-age={SHARED_SECONDS}, s-maxage={SHARED_SECONDS}",
    "Vary": "Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(slots=True, kw_only=True)
class Site:
    """One for an app. `cache` is set once the app stands behind it."""

    store: Reader
    settings: Settings
    gazetteer: Gazetteer
    now: Callable[[], datetime]
    gauges: Gauges
    registry: CollectorRegistry
    operator: Operator | None = None
    mailing: "Mailing | None" = None
    inbox: Inbox | None = None
    senders: Senders = field(default_factory=Senders)
    tries: Senders = field(default_factory=lambda: Senders(of_all=MOST_TRIES))
    cache: Cache | None = None
    stale: tuple[SourceStatus, ...] = ()
    stale_at: datetime | None = None
    edition: bytes = b""
    """Of the program, and of what answers take from the settings: with another, another answer may be due."""
    kept_groups: tuple[KeptGroup, ...] = ()
    groups_of: int = -1

    def __post_init__(self) -> None:
        told = self.settings.model_dump(include=_TOLD)
        self.edition = blake2s(repr((__version__, self.settings.base_url, told)).encode(), digest_size=8).digest()

    def ask(self, request: Request) -> Asked:
        """The question in the address; QueryError for what cannot be answered."""
        return parse_query(read_pairs(request), now=self.now(), settings=self.settings, gazetteer=self.gazetteer)

    def minute(self) -> str:
        """Now, rounded down: an answer stays the same for that minute."""
        return _minute(self.now())

    def as_of(self) -> str:
        """When the data stood as an answer tells them: now, but for a replica that is behind."""
        return _minute(self.store.as_of(self.now()))

    def tag(self, *asked: object) -> str:
        """The weak ETag of an answer to this, from the store as it stands."""
        version = self.cache.version if self.cache else None
        told = repr((*asked, self.edition, self.store.data_version() if version is None else version))
        return f'W/"{blake2s(told.encode("utf-8", "replace"), digest_size=12).hexdigest()}"'

    def groups(self) -> tuple[KeptGroup, ...]:
        """All regular groups, read again when something has changed; may block."""
        version = self.store.data_version()
        if version != self.groups_of:
            self.kept_groups, self.groups_of = self.store.groups(), version
        return self.kept_groups

    def stale_sources(self) -> tuple[str, ...]:
        """Names of sources that have told nothing for long."""
        return tuple(status.name for status in self._late()[:MOST_STALE])

    def late(self, query: EventQuery) -> list[SourceStatus]:
        """Those of them that could answer the query."""
        return [status for status in self._late() if status.name in query.source and status.kind in query.kind]

    def tell_stale(self, query: EventQuery) -> str | None:
        """The same in words; None when all is well."""
        late = self.late(query)
        if not late:
            return None
        told = [f"{status.organizer or status.name} ({_since(status)})" for status in late[:MOST_TOLD]]
        rest = [f"{len(late) - MOST_TOLD} more"] if len(late) > MOST_TOLD else []
        return f"Not heard from lately, so events may be missing or have changed: {', '.join([*told, *rest])}."

    def _late(self) -> tuple[SourceStatus, ...]:
        """Looked up once a minute."""
        now = self.now().replace(second=0, microsecond=0)
        if self.stale_at != now:
            self.stale = tuple(status for status in self.store.sources() if is_late(status, now))
            self.stale_at = now
        return self.stale


def _since(status: SourceStatus) -> str:
    last = status.last_accepted
    return f"last read {last.finished_at:%Y-%m-%d}" if last else "never read"


def site_of(request: Request) -> Site:
    """The one that `create_app` made."""
    site: Site = request.app.state.site
    return site


def read_pairs(request: Request) -> list[tuple[str, str]]:
    """Names and values in the order of the address; QueryError for what is no text."""
    raw = request.scope["query_string"].decode("latin-1")
    if raw.isascii() and "%" not in raw and "+" not in raw and raw.count("&") < MOST_PARAMETERS:
        # Nothing is to be decoded, as in most addresses; parse_qsl would take three times as long.
        return [(name, value) for name, _, value in (part.partition("=") for part in raw.split("&") if part)]
    try:
        return parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError as error:
        raise QueryError("query", "", "the address is not in UTF-8") from error
    except ValueError as error:
        raise QueryError("query", "", f"more than {MOST_PARAMETERS} parameters") from error


def read_only(request: Request, *names: str) -> tuple[Parameters, dict[str, str]]:
    """The parameters of a route that has these and no others; values, and what was given."""
    pairs = read_pairs(request)
    for name, value in pairs:
        if name not in names:
            raise QueryError(name[:200], value[:200], f"not known here; {', '.join(names) or 'there is none'}")
    texts = collect(pairs)
    return validate(texts), texts


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat()[:16]}:00Z"
