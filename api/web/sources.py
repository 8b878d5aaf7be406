"""How the sources are doing, in words for everybody; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.health import State
from api.web.card import tell_ago, web_link
from api.web.language import Language

WELL = frozenset({State.HEALTHY.value, State.NEW.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One source. `reason` is the core's, in English; None where all is well."""

    name: str
    organizer: str
    homepage: str | None
    kind: str
    kind_words: str
    events: int
    read: str
    state: str
    state_words: str
    is_well: bool
    reason: str | None


def make_source_lines(told: Iterable[Mapping[str, Any]], now: datetime, language: Language) -> tuple[SourceLine, ...]:
    """Those that are not well first, then by name; as `/v1/sources` tells them."""
    lines = (_make_line(one, now, language) for one in told)
    return tuple(sorted(lines, key=lambda line: (line.is_well, line.organizer.lower())))


def _make_line(told: Mapping[str, Any], now: datetime, language: Language) -> SourceLine:
    state, read = told["health"]["state"], told["lastCompleteAt"]
    return SourceLine(
        name=told["name"],
        organizer=told["organizer"] or told["name"],
        homepage=web_link(told["homepage"]),
        kind=told["kind"],
        kind_words=language.say(f"kind.{told['kind']}"),
        events=told["events"],
        read=tell_ago(datetime.fromisoformat(read), now, language) if read else language.say("sources.never"),
        state=state,
        state_words=language.say(f"health.{state}"),
        is_well=state in WELL,
        reason=None if state in WELL else told["health"]["reason"] or None,
    )
