"""What the operator may ask of a running Hobnob, which `hobnob serve` brings along, and what is answered."""

from typing import Any, Protocol

from pydantic import BaseModel

from aggregator.store import Widget
from api.chronicle import DifferenceJson, RejectionJson, RunJson, SourceJson
from api.editor import Editor
from api.schema import Told


class Operator(Editor, Protocol):
    """Each call does it at once and returns what to tell, or raises a HobnobError; all but `preview` block."""

    @property
    def token(self) -> str:
        """The secret that every request has to show."""
        ...

    def sources(self) -> list[dict[str, Any]]:
        """All, with the addresses that are read, the rows of the catalogue, and what is held back."""
        ...

    def run_now(self, name: str) -> dict[str, Any]:
        """Make it due."""
        ...

    def held(self, name: str, run: int) -> dict[str, Any]:
        """What a held-back run would change of what its source told so far."""
        ...

    def accept(self, name: str, run: int | None) -> dict[str, Any]:
        """Apply what a held-back run found; the last one when none is named."""
        ...

    def reject(self, name: str, run: int | None) -> dict[str, Any]:
        """Forget what a held-back run found."""
        ...

    def pause(self, name: str, until: str | None) -> dict[str, Any]:
        """Collect it no more, until a day or until it is resumed."""
        ...

    def resume(self, name: str) -> dict[str, Any]:
        """Collect it again."""
        ...

    def edit(self, name: str, row: str) -> dict[str, Any]:
        """Put this `[[source]]` row, in TOML, in the place of the one in the operator's own catalogue."""
        ...

    def save_widget(self, widget: Widget) -> dict[str, Any]:
        """In the place of the one of that name, if there is one."""
        ...

    def remove_widget(self, name: str) -> dict[str, Any]:
        """Pages that show it show their own link from then on."""
        ...

    async def preview(self, url: str) -> dict[str, Any]:
        """What `hobnob add` would show of a site."""
        ...


class AdminSource(Told):
    """A source as the operator sees it: `row` is its `[[source]]` table in TOML, `held` the runs held back."""

    name: str
    url: str
    row: str | None
    held: list[int]
    paused: bool
    source: SourceJson


class AdminSources(Told):
    """All sources."""

    items: list[AdminSource]


class HeldEvent(Told):
    """An event that a held-back run would begin or cease to tell; `event` has its members, but those of a date."""

    start_date: str
    end_date: str | None
    event: dict[str, Any]


class HeldChange(Told):
    """An event that it would tell otherwise: by member, its value before and after."""

    identifier: str
    name: str
    fields: dict[str, DifferenceJson]


class HeldRun(Told):
    """What a run that was held back would change; `same` is how many events stay as they are told."""

    run: RunJson
    new: list[HeldEvent]
    changed: list[HeldChange]
    gone: list[HeldEvent]
    same: int


class Done(Told):
    """What was done, in words."""

    done: str


class TrialJson(Told):
    """One way that a site was tried to be read."""

    platform: str
    url: str
    evidence: str
    coming: int
    past: int
    dropped: list[RejectionJson]
    gaps: list[str]
    failure: str | None


class PreviewJson(Told):
    """What is known of a site; `row` is the TOML to write, with a recipe to mend when `best` is null."""

    url: str
    robots: str
    trials: list[TrialJson]
    best: str | None
    events: list[dict[str, Any]]
    similar: list[str]
    elsewhere: list[str]
    row: str


def of_operator(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The answer when all is well; nobody keeps it, so there is no 304."""
    return {200: {"model": model}}
