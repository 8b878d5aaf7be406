"""A store that can be written: everything a Reader does, and what collectors do."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.correct import Override
from aggregator.event import Event
from aggregator.group.gather import Reading
from aggregator.match import Key, Word
from aggregator.reconcile import Changes, Listing
from aggregator.run import Run
from aggregator.source import Source
from aggregator.store import (
    belonging,
    correcting,
    editions,
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
from aggregator.store.database import open_writing
from aggregator.store.geocodes import StoredGeocodes
from aggregator.store.inbound import Taken, Town
from aggregator.store.kept import Asking, Candidate, KeptEdition, Lease, Settled, StoredPage, Widget
from aggregator.store.matching import Standing
from aggregator.store.reader import Reader
from aggregator.store.uncollected import uncollected
from aggregator.suggest import Standing as SuggestionStanding
from aggregator.suggest import Suggestion


class Store(Reader):
    """One writer at a time: others wait up to five seconds, then get a StoreError. Writes may be called in a thread."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._writing = open_writing(address)
        self._write = self._writing.write

    def apply(  # noqa: PLR0913 - all that is written with a run
        self,
        changes: Changes,
        run: Run,
        *,
        lease: Lease,
        now: datetime,
        pages: Iterable[StoredPage] = (),
        candidate: Candidate | None = None,
        due_at: datetime | None = None,
        settled: Settled | None = None,
    ) -> int:
        """Write what a run found and the run itself, all or nothing; the run's id. StaleLeaseError writes nothing.

        With `due_at` the source is not due before, whatever becomes of the one who writes; `settled` holds until
        another run is accepted, or somebody else changes what the source told.
        """
        return self._write(
            write.apply,
            changes,
            run,
            lease=lease,
            now=now,
            pages=pages,
            candidate=candidate,
            due_at=due_at,
            settled=settled,
        )

    def reject(self, run_id: int) -> None:
        """Forget what a held-back run saw; StoreError when there is nothing of it."""
        self._write(runs.forget_candidate, run_id)

    def register(self, catalogue: Iterable[Source], *, now: datetime, is_whole: bool = True) -> None:
        """Know these sources; a new or changed one is due at once. Others are not due any more, if this is the whole
        catalogue: only a scheduler's is, not that of a person who collects a few by hand.
        """
        self._write(sources.register, catalogue, now, is_whole=is_whole)

    def due(self, now: datetime, *, limit: int, owner: str, ttl: timedelta) -> tuple[Lease, ...]:
        """Leases of the sources that have been due longest and that nobody else holds."""
        return self._write(sources.lease_due, now, limit=limit, owner=owner, ttl=ttl)

    def lease(self, source: str, now: datetime, *, owner: str, ttl: timedelta) -> Lease | None:
        """A lease of this source, due or not; None when somebody else holds it or it is not known."""
        return self._write(sources.lease_one, source, now, owner=owner, ttl=ttl)

    def lease_if_due(self, source: str, now: datetime, *, owner: str, ttl: timedelta) -> Lease | None:
        """A lease of this source, even while the same owner has one; None when it is not due, or another's."""
        return self._write(sources.lease_if_due, source, now, owner=owner, ttl=ttl)

    def renew(self, lease: Lease, until: datetime) -> Lease:
        """The same lease for longer; StaleLeaseError when somebody else has taken over."""
        return self._write(sources.renew, lease, until)

    def finish(
        self, lease: Lease, *, next_due_at: datetime, failures: int = 0, last_full_fetch_at: datetime | None = None
    ) -> None:
        """Give the lease back; `failures` is how many runs in a row had no answer."""
        self._write(
            sources.finish,
            lease,
            next_due_at=next_due_at,
            failures=failures,
            last_full_fetch_at=last_full_fetch_at,
        )

    def enable(self, source: str, *, enabled: bool) -> None:
        """Switch a source on or off, whatever the catalogue says."""
        self._write(sources.enable, source, enabled=enabled)

    def pause(self, source: str, until: datetime | None) -> None:
        """Collect it no more until then; None ends a pause."""
        self._write(sources.pause, source, until)

    def make_due(self, source: str, now: datetime) -> None:
        """Its turn is now, at the next tick of a scheduler."""
        self._write(sources.make_due, source, now)

    def note_down(self, source: str, *, is_down: bool) -> bool:
        """Whether that is news: so each is told once that a source went down, and once that it is back."""
        return self._write(sources.note_down, source, is_down=is_down)

    def correct(self, event_id: str, correction: Correction, now: datetime) -> Override:
        """Keep an editor's word on a field of an event, and tell the event by it at once."""
        override = self._write(correcting.add_override, event_id, correction, now)
        self._regroup_all([override.key], now)
        return override

    def undo(self, number: int, now: datetime) -> Override:
        """Take a correction back: what the sources say is told again, or what an earlier correction says."""
        override = self._write(correcting.undo_override, number, now)
        self._regroup_all([override.key], now)
        return override

    def end_corrections(self, now: datetime) -> int:
        """Let go of corrections whose time is over; how many they were."""
        return self._regroup_all(self._write(correcting.end_overrides, now), now)

    def hide(self, event_id: str, why: str, by: str, now: datetime) -> int:
        """Tell nobody of an event, whatever sources say of it from now on; how many listings that are now."""
        return self._regroup_all(self._write(correcting.hide, event_id, why, by, now), now)

    def unhide(self, event_id: str, now: datetime) -> int:
        """Tell of it again; StoreError when it is not hidden."""
        return self._regroup_all(self._write(correcting.unhide, event_id, now), now)

    def _regroup_all(self, listings: Collection[Key], now: datetime) -> int:
        for source in {source for source, _ in listings}:
            self.regroup(source, now)
        return len(listings)

    def add_suggestion(self, suggestion: Suggestion, now: datetime) -> int:
        """Keep it until somebody settles it; its number. StoreError when too many wait."""
        return self._write(public.add_suggestion, suggestion, now)

    def accept_suggested(self, number: int, event: Event, source: Source, now: datetime) -> None:
        """Tell the event that a suggestion became, as a listing of the site's own source."""
        self._write(public.accept_event, number, event, source, now)
        self.regroup(source.name, now)

    def settle_suggestion(self, number: int, standing: SuggestionStanding, reason: str | None, now: datetime) -> None:
        """Say what became of it; StoreError when it does not wait."""
        self._write(public.settle, number, standing, reason, now)

    def ask_confirmation(self, asking: Asking) -> None:
        """Keep that an organiser is asked; StoreError when that was done less than a quarter ago."""
        self._write(public.ask_confirmation, asking)

    def forget_asking(self, token_hash: str) -> None:
        """As if nobody had been asked."""
        self._write(public.forget_asking, token_hash)

    def confirm(self, token_hash: str, now: datetime) -> bool:
        """An organiser says that a source is still right; whether this was the first time, and in time."""
        is_new = self._write(public.confirm, token_hash, now)
        asking = self.asking(token_hash)
        if is_new and asking:
            self.regroup(asking.source, now)
        return is_new

    def purge(self, source: str, now: datetime, uids: Iterable[str] | None = None) -> int:
        """Take away what the source told as if it had never been: these, or all, and its runs and pages too."""
        return self._write(removal.purge, source, uids, now)

    def veto(self, words: str, reason: str, now: datetime) -> int:
        """Tell nothing more of an organiser, a source or a host; how many events went at once."""
        return self._write(removal.veto, words, reason, now)

    def lift_veto(self, words: str) -> bool:
        """Whether there was such a veto; what it kept away comes back with the next full run."""
        return self._write(removal.lift_veto, words)

    def save_widget(self, widget: Widget) -> None:
        """In the place of the one of that name, if there is one."""
        self._write(widgets.save, widget)

    def remove_widget(self, name: str) -> bool:
        """Whether there was one of that name."""
        return self._write(widgets.remove, name)

    def publish(self, edition: KeptEdition) -> None:
        """For everybody to read; StoreError when there is one of that name."""
        self._write(editions.publish, edition)

    def withdraw_edition(self, name: str) -> bool:
        """Whether there was one of that name."""
        return self._write(editions.withdraw, name)

    def take_in(self, town: Town, now: datetime) -> Taken:
        """An archive's town, all or nothing: vetoes first, what is vetoed never, and newer things are left alone."""
        return self._write(inbound.take_in, town, now)

    def roll_forward(self, now: datetime) -> int:
        """Drop dates long over and add the next ones of series: daily; how many dates came or went."""
        return self._write(roll.roll_forward, now)

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
        return self._write(grouping.write_groups, source, known, found)

    def _shown_listings(self, source: str, hidden: Collection[Key], now: datetime) -> tuple[Listing, ...]:
        """As the editor has them, without those that are hidden."""
        word = self.corrections(now, source)
        listings = (each for each in self.stored_listings(source).values() if each.key not in hidden)
        return tuple(replace(each, event=word.corrected(each.event)) for each in listings)

    def match(self, standings: Mapping[str, Standing], now: datetime) -> int:
        """Tell once what several sources tell; how many events are told otherwise than before. May take seconds."""
        with uncollected():
            done = self._write(matching.match, standings, now)
            for source in {one.row.source for one in done.changed if one.withheld != one.row.withheld}:
                self.regroup(source, now)
            self._write(belonging.assign, done.rows)
        return len(done.changed)

    def say(self, word: Word) -> None:
        """Keep a person's word on two listings; it holds from the next matching on."""
        self._write(matching.say, word)

    def prune(self, now: datetime) -> int:
        """Forget readings of pages that are no longer read, and old runs: daily; how many rows went."""
        return self._write(prune.prune, now)

    def geocodes(self, now: Callable[[], datetime]) -> StoredGeocodes:
        """The cache of a remote geocoder; `now` is the clock."""
        return StoredGeocodes(self._write, now)

    def close(self) -> None:
        """Let go of the database."""
        super().close()
        self._writing.close()
