"""What the store answers: Hit, Answer, Hints."""

from typing import NamedTuple

from aggregator.place.sphere import metres_of_chord

TOTAL_CAP = 1000
"""`total` counts no further: more than this is told as one more than this."""


class Hit(NamedTuple):
    """One date of one event. Each answer makes dozens, and a named tuple costs a fraction of a frozen dataclass.

    `start_text` and `end_text` are RFC 3339 with the venue's offset, or dates (`end_text` the last day; None: not
    known). `start` and `end` are UTC epoch seconds, half-open. `chord` is the squared straight line to the query's
    center through a globe of radius one, None without a center or without a place. `json` and `vevent` are as
    `aggregator.render` made them. `event` is the number by which events of one start are in order, `first_seen` when
    that one was, in microseconds since 1970. `lines` is how many lines on meeting people speak for it, less those
    against, and `series` names the series or regular group that it is a date of. `occurrence` tells this date from the
    event's others (0: it has no others). A brief hit has neither `id` nor `occurrence` nor `vevent`. `next_dates` are
    starts and ends as texts; None unless the question collapses series.
    """

    start_text: str
    end_text: str | None
    start: int
    end: int
    is_all_day: bool
    chord: float | None
    json: bytes
    event: int
    first_seen: int
    lines: int = 0
    series: str | None = None
    id: str = ""
    occurrence: int = 0
    vevent: bytes = b""
    next_dates: tuple[tuple[str, str | None], ...] | None = None

    @property
    def distance(self) -> float | None:
        """Metres from the query's center."""
        return None if self.chord is None else metres_of_chord(abs(self.chord))


class Answer(NamedTuple):
    """A page of hits. `next` is the cursor of the page after, None when this is the last.

    `unplaced` is how many events match but for their place, which nobody knows: counted on a first page only, within
    the first thousand dates; None when the query names no place, or on later pages.
    """

    hits: tuple[Hit, ...]
    next: str | None
    unplaced: int | None
    data_version: int


class Hints(NamedTuple):
    """For an empty answer: the nearest match beyond the radius, and the first one here after the window."""

    nearest: Hit | None
    next: Hit | None
