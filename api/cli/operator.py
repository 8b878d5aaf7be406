"""The operator's requests, done: on the store, the catalogue files, and sites that are looked at."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.collect import weigh_candidate
from aggregator.errors import CatalogError, SettingsError
from aggregator.place.gazetteer import Gazetteer
from aggregator.reading.text import without_contacts
from aggregator.render import event_members
from aggregator.settings import Settings
from aggregator.store import Widget
from aggregator.store.matching import Standing
from aggregator.store.store import Store
from aggregator.survey import Survey, Trial, survey, write_row
from api.cli.chosen import load_sources
from api.cli.editing import (
    Asked,
    correct_field,
    hide_event,
    list_corrections,
    list_hides,
    tell_correction,
    undo_correction,
    unhide_event,
)
from api.cli.held import tell_held
from api.cli.matches import Pair, list_questions, read_standings, settle_pair
from api.cli.rows import find_row, replace_row
from api.cli.sources import held_runs, known_status, pause_source, reject_held, resume_source, settle_held
from api.cli.suggested import accept_suggestion, list_suggestions, reject_suggestion
from api.cli.survey import open_surveyor
from api.cli.tools import now_in_utc
from api.cli.widgets import remove_widget, save_widget
from api.routes.sources import source_json
from sources.load import load

SHOWN = 20
Told = dict[str, Any]


@dataclass(slots=True)
class Remembered:
    """Whose word each source's was when the catalogues were last read, with the times of their files then."""

    standings: dict[str, Standing] = field(default_factory=dict)
    read_from: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An Operator (api.operator); `catalogs` are the operator's own files."""

    token: str
    settings: Settings
    store: Store
    catalogs: Sequence[Path]
    now: Callable[[], datetime] = now_in_utc
    remembered: Remembered = field(default_factory=Remembered)

    def sources(self) -> list[Told]:
        """All, with the addresses that are read, their rows, and the runs held back."""
        return [
            {
                "name": status.name,
                "url": status.url,
                "row": self._row(status.name),
                "held": held_runs(self.store, status),
                "paused": status.paused_until is not None and status.paused_until > self.now(),
                "source": source_json(status, self.store.history(status.name, SHOWN), self.now()),
            }
            for status in self.store.sources()
        ]

    def run_now(self, name: str) -> Told:
        """At the next tick of a scheduler."""
        known_status(self.store, name)
        self.store.make_due(name, self.now())
        return {"done": f"{name}: is due now"}

    def held(self, name: str, run: int) -> Told:
        """As `accept` would apply it now."""
        return tell_held(weigh_candidate(name, run, self.store, self.now()))

    def accept(self, name: str, run: int | None) -> Told:
        """What it found is applied."""
        return {"done": settle_held(self.store, name, run, self.now())}

    def reject(self, name: str, run: int | None) -> Told:
        """What it found is forgotten."""
        return {"done": reject_held(self.store, name, run)}

    def pause(self, name: str, until: str | None) -> Told:
        """It is not collected."""
        return {"done": pause_source(self.store, name, until)}

    def resume(self, name: str) -> Told:
        """It is collected again."""
        return {"done": resume_source(self.store, name)}

    def edit(self, name: str, row: str) -> Told:
        """CatalogError for a row that is none, or that stands in no file of the operator's own."""
        path = self._file_of(name)
        text = replace_row(path.read_text("utf-8"), name, row)
        load(text, str(path))
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(text, "utf-8")
        beside.replace(path)
        return {"done": f"{name}: written to {path.name}; a running collector takes it over within half a minute"}

    def corrections(self) -> list[Told]:
        """All of them."""
        return list_corrections(self.store)

    def correct(
        self, event: str, field: str, value: str, why: str, by: str | None = None, until: str | None = None
    ) -> Told:
        """An editor's word on a field."""
        asked, gazetteer = Asked(event, field, value, why, by, until), Gazetteer.open(self.settings.places)
        return {"done": tell_correction(correct_field(self.store, gazetteer, asked, self.now()))}

    def undo(self, number: str) -> Told:
        """The sources' word again."""
        return {"done": undo_correction(self.store, number, self.now())}

    def hides(self) -> list[Told]:
        """What is told nobody."""
        return list_hides(self.store)

    def hide(self, event: str, why: str, by: str | None = None) -> Told:
        """It is told nobody."""
        return {"done": hide_event(self.store, event, why, by, self.now())}

    def unhide(self, event: str) -> Told:
        """It is told again."""
        return {"done": unhide_event(self.store, event, self.now())}

    def questions(self) -> list[Told]:
        """What may be one happening."""
        return list_questions(self.store)

    def count_questions(self) -> int:
        """How many pairs that are."""
        return len(self.store.questions())

    def join(self, one: str, other: str) -> Told:
        """They are one."""
        return {"done": settle_pair(self.store, self._standings(), Pair(one, other, is_same=True), self.now())}

    def split(self, one: str, other: str) -> Told:
        """They are two."""
        return {"done": settle_pair(self.store, self._standings(), Pair(one, other, is_same=False), self.now())}

    def suggestions(self) -> list[Told]:
        """What the public suggested."""
        return list_suggestions(self.store)

    def accept_suggestion(self, number: str, kind: str | None = None) -> Told:
        """It is told, or it corrects."""
        return {"done": accept_suggestion(self.store, self.settings, number, kind, self.now())}

    def reject_suggestion(self, number: str, why: str) -> Told:
        """It is not."""
        return {"done": reject_suggestion(self.store, number, why, self.now())}

    def save_widget(self, widget: Widget) -> Told:
        """Pages show it within a minute."""
        return {"done": save_widget(self.store, widget)}

    def remove_widget(self, name: str) -> Told:
        """Pages that show it show their own link from then on."""
        return {"done": remove_widget(self.store, name)}

    async def preview(self, url: str) -> Told:
        """Politely, a handful of pages."""
        if not self.settings.contact:
            raise SettingsError("nobody is named as the operator, and sites are not read anonymously: set `contact`")
        known = await asyncio.to_thread(load_sources, self.settings, self.catalogs or None)
        async with open_surveyor(self.settings, known) as surveyor:
            return _as_json(await survey(url, surveyor, self.now()))

    def _standings(self) -> dict[str, Standing]:
        read_from = tuple(path.stat().st_mtime_ns for path in self.catalogs if path.exists())
        if read_from != self.remembered.read_from:
            self.remembered.standings = read_standings(self.settings, self.catalogs or None)
            self.remembered.read_from = read_from
        return self.remembered.standings

    def _row(self, name: str) -> str | None:
        rows = (find_row(path.read_text("utf-8"), name) for path in self.catalogs if path.exists())
        return next(filter(None, rows), None)

    def _file_of(self, name: str) -> Path:
        for path in self.catalogs:
            if path.exists() and find_row(path.read_text("utf-8"), name):
                return path
        raise CatalogError(f"{name}: stands in no catalogue file of your own (`catalogs` in hobnob.toml)")


def _as_json(found: Survey) -> Told:
    best = found.best
    coming = best.coming(found.at)[:SHOWN] if best else ()
    return {
        "url": found.url,
        "robots": found.robots,
        "trials": [_trial(trial, found) for trial in found.trials],
        "best": best.platform if best else None,
        "events": [{**event_members(event), "startDate": event.start_date.isoformat()} for event in coming],
        "similar": list(found.similar),
        "elsewhere": list(found.elsewhere),
        "row": write_row(found),
    }


def _trial(trial: Trial, found: Survey) -> Told:
    coming = len(trial.coming(found.at))
    return {
        "platform": trial.platform,
        "url": trial.url,
        "evidence": trial.evidence,
        "coming": coming,
        "past": len(trial.events) - coming,
        "dropped": [{"name": without_contacts(r.name), "reason": without_contacts(r.reason)} for r in trial.rejected],
        "gaps": list(trial.gaps),
        "failure": trial.failure,
    }
