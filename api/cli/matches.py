"""What is done for `hobnob match`."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from aggregator.errors import QueryError, StoreError
from aggregator.match import Key, Say, Word
from aggregator.schedule import standings
from aggregator.settings import Settings, load_settings
from aggregator.store.matching import Standing
from aggregator.store.store import Store
from api.cli.chosen import load_sources
from api.cli.known import open_known_store
from api.cli.tools import now_in_utc
from api.cli.words import count, plain


def show_questions(catalogs: Sequence[Path] | None) -> None:
    """A pair a paragraph: the two listings, then what was compared."""
    settings, console = load_settings(), Console(soft_wrap=True, highlight=False)
    with open_known_store(settings.store) as store:
        asked = store.questions(_standings(settings, catalogs), now_in_utc())
        for pair in asked:
            for key in (pair.one, pair.other):
                console.print(f"{_spell(key)}  {plain(_name(store, key))}", markup=False)
            for one in pair.verdict.evidence:
                console.print(f"    {one.points:+.1f} {plain(one.why)}", markup=False)
    told = "hobnob match join ONE OTHER, or split ONE OTHER" if asked else "nothing is to be decided"
    console.print(f"{count(len(asked), 'pair')}: {told}", markup=False)


def decide(one: str, other: str, catalogs: Sequence[Path] | None, *, is_same: bool) -> None:
    """Keep the word, and tell the events by it at once."""
    settings, now = load_settings(), now_in_utc()
    with open_known_store(settings.store) as store:
        first, second = (_read_key(store, text) for text in (one, other))
        if first == second:
            raise QueryError("other", other, "is the same listing")
        store.say(Word(one=first, other=second, say=Say.SAME if is_same else Say.NOT_SAME, said_at=now))
        changed = store.match(_standings(settings, catalogs), now)
    print(f"{'joined' if is_same else 'split'}; {count(changed, 'event')} told otherwise now")


def _standings(settings: Settings, catalogs: Sequence[Path] | None) -> dict[str, Standing]:
    return standings(load_sources(settings, catalogs))


def _read_key(store: Store, text: str) -> Key:
    """The source's name has no slash; what comes after the first one is the source's own identifier."""
    source, _, uid = text.partition("/")
    if uid not in store.stored_listings(source):
        raise StoreError(f"{text}: there is no such listing; `hobnob match review` shows how they are written")
    return source, uid


def _spell(key: Key) -> str:
    return "/".join(key)


def _name(store: Store, key: Key) -> str:
    listing = store.stored_listings(key[0]).get(key[1])
    return f"{listing.event.name}, {listing.event.start_date:%Y-%m-%d}" if listing else ""
