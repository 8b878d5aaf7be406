"""An editor's words in a town's archive: texts <-> values; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pydantic import AwareDatetime, TypeAdapter

from aggregator.correct import Field, Patch
from aggregator.correct.override import PATCHED
from aggregator.event import Event
from aggregator.store.archive import MOST_NUMBERS, check_event, is_sound, read_lines, require

CORRECTIONS, HIDES = "corrections.jsonl", "hides.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCorrection:
    """An editor's word on a field of a listing; not who gave it. `number` orders them, and is not kept."""

    number: int
    source: str
    uid: str
    field: Field
    value: str
    patch: Patch
    why: str
    since: AwareDatetime
    until: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHide:
    """A listing that is told nobody; `event` is the id by which it was hidden."""

    source: str
    uid: str
    event: str
    why: str
    since: AwareDatetime


_CORRECTION, _HIDE = TypeAdapter(KeptCorrection), TypeAdapter(KeptHide)


def write_correction(correction: KeptCorrection) -> bytes:
    """A line; what is as usual is left out."""
    return _CORRECTION.dump_json(correction, exclude_defaults=True) + b"\n"


def write_hide(hide: KeptHide) -> bytes:
    """A line."""
    return _HIDE.dump_json(hide) + b"\n"


def read_corrections(lines: Iterable[bytes], where: str) -> Iterator[KeptCorrection]:
    """In the order in which they were made."""
    return read_lines(_read_correction, lines, where, lambda one: (f"{one.number:020d}",))


def read_hides(lines: Iterable[bytes], where: str) -> Iterator[KeptHide]:
    """In the order of source and uid."""
    return read_lines(_HIDE.validate_json, lines, where, lambda hide: (hide.source, hide.uid))


def _read_correction(line: bytes) -> KeptCorrection:
    correction = _CORRECTION.validate_json(line)
    require(0 < correction.number < MOST_NUMBERS, "number is out of range")
    start, patch = datetime(2000, 1, 1, tzinfo=UTC), correction.patch
    sample = Event(source="x", uid="x", name=patch.name or "x", start_date=start, time_zone="UTC")
    told = {name: getattr(patch, name) for name in PATCHED.get(correction.field, ())}
    check_event(replace(sample, **told))
    require(all(map(is_sound, filter(None, (patch.start_date, patch.end_date)))), "a time that cannot be")
    return correction
