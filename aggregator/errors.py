"""Every error raised on purpose.

HobnobError
├── SettingsError            a setting is missing or makes no sense
├── CatalogError             a catalogue file says what cannot be
│   └── PermissionNeededError  a platform's terms forbid programs
├── FetchError               a page could not be had
│   ├── AddressRefusedError  the guard refused the address
│   ├── RobotsRefusedError   robots.txt says no
│   ├── TooLargeError        more bytes than the cap
│   ├── DeadlineError        took longer than the total deadline
│   └── StatusError          an HTTP status that is no answer
│       └── BlockedError     a wall against programs stands before the site
├── ParseError               the page is not what the parser reads
│   └── ParserKilledError    the parsing child went over its time, memory or CPU
├── UnreadDateError          words that are no date, or more than one
├── RuleRefusedError         a recurrence rule that is refused before it is expanded
├── InvalidEventError        an event without a name or a start
├── PlaceError               a place that is not known
│   └── AmbiguousPlaceError  a name that several places bear
├── QueryError               a parameter that cannot be answered
├── ArchiveError             a file is no archive of a town, or not one to trust
├── LimitError               asked too often
├── DeliveryError            the mail server takes no letters
└── StoreError               the store cannot do it
    └── StaleLeaseError      another collector has taken over this source
"""

from collections.abc import Sequence


class HobnobError(Exception):
    """The root: catch this at an edge to show a sentence instead of a traceback."""


class SettingsError(HobnobError):
    """A setting is missing or makes no sense."""


class CatalogError(HobnobError):
    """A catalogue file says what cannot be; the message names file, source and key."""


class PermissionNeededError(CatalogError):
    """A platform's terms forbid programs, and the row names nobody who allowed it."""


class FetchError(HobnobError):
    """A page could not be had; the message names the address."""

    retry_after: float | None = None


class AddressRefusedError(FetchError):
    """The guard refused the address: scheme, port, or a network that is not public."""


class RobotsRefusedError(FetchError):
    """robots.txt says no (RFC 9309)."""


class TooLargeError(FetchError):
    """More bytes than the cap, on the wire or inflated."""


class DeadlineError(FetchError):
    """The whole fetch took longer than its deadline."""


class StatusError(FetchError):
    """An HTTP status that is no answer."""

    def __init__(self, message: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class BlockedError(StatusError):
    """A wall against programs stands before the site, whatever status it bears; it is told of, never evaded."""


class ParseError(HobnobError):
    """The page is not what the parser reads."""


class ParserKilledError(ParseError):
    """The parsing child went over its time, memory or CPU."""


class UnreadDateError(HobnobError):
    """Words that are no date, or could be more than one."""


class RuleRefusedError(HobnobError):
    """A recurrence rule that is refused before it is expanded."""


class InvalidEventError(HobnobError):
    """An event without a name or a start: the only two things without which there is no event."""


class PlaceError(HobnobError):
    """A place that is not known."""


class AmbiguousPlaceError(PlaceError):
    """A name that several places bear."""

    def __init__(self, name: str, choices: Sequence[str]) -> None:
        super().__init__(f"“{name}” is more than one place: {'; '.join(choices)}")
        self.choices = tuple(choices)


class QueryError(HobnobError):
    """A parameter that cannot be answered: which, what was given, why, and what would do instead."""

    def __init__(self, param: str, value: str, why: str, did_you_mean: Sequence[str] = ()) -> None:
        super().__init__(f"{param}={value}: {why}")
        self.param = param
        self.value = value
        self.why = why
        self.did_you_mean = tuple(did_you_mean)


class ArchiveError(HobnobError):
    """A file is no archive of a town, or not one to trust; the message names file and line."""


class LimitError(HobnobError):
    """Asked too often, by one sender or by all together."""


class DeliveryError(HobnobError):
    """The mail server cannot be reached, or takes no letters from us; never names an address of a subscriber."""


class StoreError(HobnobError):
    """The store cannot do it."""


class StaleLeaseError(StoreError):
    """Another collector has taken over this source: what the late one found is not written."""
