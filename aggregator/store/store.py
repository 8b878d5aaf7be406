"""A store that can be written: everything a Reader does, and what collectors do."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.correct import Override
from aggregator.event import Event
from aggregator.group.gather import Reading
from aggregator.match import Judged, Key, Word
from aggregator.reconcile import Changes, Listing
from aggregator.run import Run
from aggregator.source import Source
from aggregator.store import (
    belonging,
    correcting,
    grouping,
    inbound,
    matching,
    prune,
    public,
    removal,
    roll,
    runs,
    sources,
    widgets,
    write,
)
from aggregator.store.correcting import Correction
from aggregator.store.engine import connect_writing
from aggregator.store.geocodes import StoredGeocodes
from aggregator.store.inbound import Taken, Town
from aggregator.store.kept import Asking, Candidate, Lease, StoredPage, Widget
from aggregator.store.matching import Standing
from aggregator.store.reader import Reader
from aggregator.suggest import Standing as SuggestionStanding
from aggregator.suggest import Suggestion


class Store(Reader):
    """One writer at a time: others wait up to five seconds, then get a StoreError. Writes may be called in a thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._engine = connect_writing(path)

    def apply(
        self,
        changes: Changes,
        run: Run,
        *,
        lease: Lease,
        now: datetime,
        pages: Iterable[StoredPage] = (),
        candidate: Candidate | None = None,
    ) -> int:
        """Write what a run found and the run itself, all or nothing; the run's id. StaleLeaseError writes nothing."""
        return write.apply(self._engine, changes, run, lease=lease, now=now, pages=pages, candidate=candidate)

    def reject(self, run_id: int) -> None:
        """Forget what a held-back run saw; StoreError when there is nothing of it."""
        runs.forget_candidate(self._engine, run_id)

    def register(self, catalogue: Iterable[Source], *, now: datetime, is_whole: bool = True) -> None:
        """Know these sources; a new or changed one is due at once. Others are not due any more, if this is the whole
        catalogue: only a scheduler's is, not that of a person who collects a few by hand.
        """
        sources.register(self._engine, catalogue, now, is_whole=is_whole)

    def due(self, now: datetime, *, limit: int, owner: str, ttl: timedelta) -> tuple[Lease, ...]:
        """Leases of the sources that have been due longest and that nobody else holds."""
        return sources.lease_due(self._engine, now, limit=limit, owner=owner, ttl=ttl)

    def lease(self, source: str, now: datetime, *, owner: str, ttl: timedelta) -> Lease | None:
        """A lease of this source, due or not; None when somebody else holds it or it is not known."""
        return sources.lease_one(self._engine, source, now, owner=owner, ttl=ttl)

    def renew(self, lease: Lease, until: datetime) -> Lease:
        """The same lease for longer; StaleLeaseError when somebody else has taken over."""
        return sources.renew(self._engine, lease, until)

    def finish(
        self, lease: Lease, *, next_due_at: datetime, failures: int = 0, last_full_fetch_at: datetime | None = None
    ) -> None:
        """Give the lease back; `failures` is how many runs in a row had no answer."""
        sources.finish(
            self._engine, lease, next_due_at=next_due_at, failures=failures, last_full_fetch_at=last_full_fetch_at
        )

    def enable(self, source: str, *, enabled: bool) -> None:
        """Switch a source on or off, whatever the catalogue says."""
        sources.enable(self._engine, source, enabled=enabled)

    def pause(self, source: str, until: datetime | None) -> None:
        """Collect it no more until then; None ends a pause."""
        sources.pause(self._engine, source, until)

    def make_due(self, source: str, now: datetime) -> None:
        """Its turn is now, at the next tick of a scheduler."""
        sources.make_due(self._engine, source, now)

    def note_down(self, source: str, *, is_down: bool) -> bool:
        """Whether that is news: so each is told once that a source went down, and once that it is back."""
        return sources.note_down(self._engine, source, is_down=is_down)

    def correct(self, event_id: str, correction: Correction, now: datetime) -> Override:
        """Keep an editor's word on a field of an event, and tell the event by it at once."""
        override = correcting.add_override(self._engine, event_id, correction, now)
        self._regroup_all([override.key], now)
        return override

    def undo(self, number: int, now: datetime) -> Override:
        """Take a correction back: what the sources say is told again, or what an earlier correction says."""
        override = correcting.undo_override(self._engine, number, now)
        self._regroup_all([override.key], now)
        return override

    def end_corrections(self, now: datetime) -> int:
        """Let go of corrections whose time is over; how many they were."""
        return self._regroup_all(correcting.end_overrides(self._engine, now), now)

    def hide(self, event_id: str, why: str, by: str, now: datetime) -> int:
        """Tell nobody of an event, whatever sources say of it from now on; how many listings that are now."""
        return self._regroup_all(correcting.hide(self._engine, event_id, why, by, now), now)

    def unhide(self, event_id: str, now: datetime) -> int:
        """Tell of it again; StoreError when it is not hidden."""
        return self._regroup_all(correcting.unhide(self._engine, event_id, now), now)

    def _regroup_all(self, listings: Collection[Key], now: datetime) -> int:
        for source in {source for source, _ in listings}:
            self.regroup(source, now)
        return len(listings)

    def add_suggestion(self, suggestion: Suggestion, now: datetime) -> int:
        """Keep it until somebody settles it; its number. StoreError when too many wait."""
        return public.add_suggestion(self._engine, suggestion, now)

    def accept_suggested(self, number: int, event: Event, source: Source, now: datetime) -> None:
        """Tell the event that a suggestion became, as a listing of the site's own source."""
        public.accept_event(self._engine, number, event, source, now)
        self.regroup(source.name, now)

    def settle_suggestion(self, number: int, standing: SuggestionStanding, reason: str | None, now: datetime) -> None:
        """Say what became of it; StoreError when it does not wait."""
        public.settle(self._engine, number, standing, reason, now)

    def ask_confirmation(self, asking: Asking) -> None:
        """Keep that an organiser is asked; StoreError when that was done less than a quarter ago."""
        public.ask_confirmation(self._engine, asking)

    def forget_asking(self, token_hash: str) -> None:
        """As if nobody had been asked."""
        public.forget_asking(self._engine, token_hash)

    def confirm(self, token_hash: str, now: datetime) -> bool:
        """An organiser says that a source is still right; whether this was the first time, and in time."""
        is_new = public.confirm(self._engine, token_hash, now)
        asking = self.asking(token_hash)
        if is_new and asking:
            self.regroup(asking.source, now)
        return is_new

    def purge(self, source: str, now: datetime, uids: Iterable[str] | None = None) -> int:
        """Take away what the source told as if it had never been: these, or all, and its runs and pages too."""
        return removal.purge(self._engine, source, uids, now)

    def veto(self, words: str, reason: str, now: datetime) -> int:
        """Tell nothing more of an organiser, a source or a host; how many events went at once."""
        return removal.veto(self._engine, words, reason, now)

    def lift_veto(self, words: str) -> bool:
        """Whether there was such a veto; what it kept away comes back with the next full run."""
        return removal.lift_veto(self._engine, words)

    def save_widget(self, widget: Widget) -> None:
        """In the place of the one of that name, if there is one."""
        widgets.save(self._engine, widget)

    def remove_widget(self, name: str) -> bool:
        """Whether there was one of that name."""
        return widgets.remove(self._engine, name)

    def take_in(self, town: Town, now: datetime) -> Taken:
        """An archive's town, all or nothing: vetoes first, what is vetoed never, and newer things are left alone."""
        return inbound.take_in(self._engine, town, now)

    def roll_forward(self, now: datetime) -> int:
        """Drop dates long over and add the next ones of series: daily; how many dates came or went."""
        return roll.roll_forward(self._engine, now)

    def regroup(self, source: str, now: datetime) -> bool:
        """Find the regular groups of a source anew; whether they changed."""
        status = self.source(source)
        if status is None:
            return False
        read_at = {source: status.last_complete_at} if status.last_complete_at else {}
        hidden, known = self.withheld(source), self.groups(source)
        listings = self._shown_listings(source, hidden, now)
        still = grouping.still_told(known, hidden, self.vetoes())
        nearest = grouping.nearest(listings, now)
        found = grouping.find_groups(status, nearest, still, Reading(now=now, last_read=read_at))
        found = grouping.confirmed(found, self.confirmed_at(source))
        return grouping.write_groups(self._engine, source, known, found)

    def _shown_listings(self, source: str, hidden: Collection[Key], now: datetime) -> tuple[Listing, ...]:
        """As the editor has them, without those that are hidden."""
        word = self.corrections(now, source)
        listings = (each for each in self.stored_listings(source).values() if each.key not in hidden)
        return tuple(replace(each, event=word.corrected(each.event)) for each in listings)

    def match(self, standings: Mapping[str, Standing], now: datetime) -> int:
        """Tell once what several sources tell; how many events are told otherwise than before. May take seconds."""
        changed = matching.match(self._engine, standings, now)
        for source in {one.row.source for one in changed if one.withheld != one.row.withheld}:
            self.regroup(source, now)
        belonging.assign(self._engine)
        return len(changed)

    def questions(self, standings: Mapping[str, Standing], now: datetime) -> tuple[Judged, ...]:
        """Pairs of listings that may be one happening: for a person to decide."""
        return matching.questions(self._engine, standings, now)

    def say(self, word: Word) -> None:
        """Keep a person's word on two listings; it holds from the next matching on."""
        matching.say(self._engine, word)

    def prune(self, now: datetime) -> int:
        """Forget readings of pages that are no longer read, and old runs: daily; how many rows went."""
        return prune.prune(self._engine, now)

    def geocodes(self, now: Callable[[], datetime]) -> StoredGeocodes:
        """The cache of a remote geocoder; `now` is the clock."""
        return StoredGeocodes(self._engine, now)

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        self._engine.dispose()
