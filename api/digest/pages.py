"""The pages of subscribing, in the frame of all pages: what is asked, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from starlette.responses import Response

from aggregator.settings import Settings
from aggregator.store.mailing import State, Subscription, Wish
from api.digest.wish import DAYS, MOST, USUAL_DAY, USUAL_HOUR, USUAL_MOST, tell_when
from api.web.form import Option
from api.web.frame import Frame, answer_page
from api.web.search import Search
from api.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The fields of a form as they were sent, or as they stand in a new one."""

    email: str = ""
    day: str = USUAL_DAY
    hour: str = str(USUAL_HOUR)
    most: str = str(USUAL_MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one field."""

    field: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Day, hour and length as a form offers them; `mark` makes their ids differ from those of other forms."""

    mark: str
    days: tuple[Option, ...]
    hours: tuple[Option, ...]
    most: str
    highest: int = MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A subscription on the page where it is changed."""

    number: int
    search: Search
    words: str
    fields: Fields
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Writes the pages of one visit."""

    visit: Visit
    settings: Settings

    def show_form(self, search: Search, zone: str, filled: Filled, fault: Fault | None = None) -> Response:
        """The form for a search, with what is wrong in it."""
        return self._show(
            "letter_form",
            "letter.title",
            422 if fault else 200,
            search=search,
            zone=zone,
            action=self.visit.link("/subscribe"),
            email=filled.email,
            fields=_fields(self.visit, "", filled, search.country),
            fault=fault,
        )

    def show_asked(self) -> Response:
        """The answer to the form: the same for everybody."""
        return self._tell("asked", 202, events=self.visit.link("/", self.visit.pairs))

    def ask_confirmation(self, wish: Wish, search: Search) -> Response:
        """Asks for a yes: to follow a link, as mail scanners do, is none."""
        return self._ask("confirm", wish, search, {"confirm": "yes"})

    def show_confirmed(self, wish: Wish, search: Search) -> Response:
        """After the yes."""
        words = self._say("letter.comes", when=tell_when(wish, self.visit.language, search.country))
        return self._tell("confirmed", words=words, search=search)

    def ask_stop(self, wish: Wish, search: Search) -> Response:
        """Asks before it stops a letter; mail programs stop it without asking, by the same POST (RFC 8058)."""
        return self._ask("stop", wish, search, {"List-Unsubscribe": "One-Click"})

    def show_stopped(self) -> Response:
        """After it was stopped, now or before."""
        return self._tell("stopped")

    def show_gone(self) -> Response:
        """For a link that is used, too old, or made up."""
        return self._tell("gone", 404)

    def show_erased(self) -> Response:
        """After an address was erased."""
        return self._tell("erased")

    def show_all(self, address: str, subscriptions: Sequence[tuple[Subscription, Search]]) -> Response:
        """All that an address gets, each with the words of its search, to be changed or stopped."""
        shown = [_show(self.visit, one, search) for one, search in subscriptions]
        words = self._say("letter.manage", address=mask(address))
        return self._show("letter_manage", "letter.manage.title", words=words, subscriptions=shown)

    def _ask(self, what: str, wish: Wish, search: Search, sent: dict[str, str]) -> Response:
        when = tell_when(wish, self.visit.language, search.country)
        words = self._say("letter.goes", when=when, address=mask(wish.address))
        consent = self._say("letter.consent") if what == "confirm" else None
        return self._show(
            "letter_ask",
            f"letter.{what}.title",
            words=words,
            search=search,
            sent=sent,
            consent=consent,
            button=self._say(f"letter.{what}.yes"),
        )

    def _tell(self, what: str, status: int = 200, *, words: str | None = None, **view: Any) -> Response:
        """In another language such an answer is not to be had: its links lead to the form."""
        visit = replace(self.visit, path="/subscribe")
        told = {"search": None, "events": None, "words": words or self._say(f"letter.{what}"), **view}
        return answer_page(visit, self.settings, "letter_told", self._frame(f"letter.{what}.title"), status, **told)

    def _show(self, template: str, title: str, status: int = 200, **view: Any) -> Response:
        return answer_page(self.visit, self.settings, template, self._frame(title), status, **view)

    def _frame(self, title: str) -> Frame:
        return Frame(title=self._say(title), styles=("letters.css",))

    def _say(self, key: str, **values: object) -> str:
        return self.visit.language.say(key, **values)


def mask(address: str) -> str:
    """Enough for its owner to know it: `j•••@example.org`."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}•••@{host}"


def _fields(visit: Visit, mark: str, filled: Filled, country: str | None) -> Fields:
    hours = [(str(hour), visit.language.tell_clock(time(hour), country)) for hour in range(24)]
    return Fields(
        mark=mark,
        days=_options(list(zip(DAYS, visit.language.weekdays, strict=True)), filled.day),
        hours=_options(hours, filled.hour),
        most=filled.most,
    )


def _options(told: Sequence[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value=value, words=words, is_chosen=value == chosen) for value, words in told)


def _show(visit: Visit, one: Subscription, search: Search) -> Shown:
    wish, say = one.wish, visit.language.say
    is_on = one.state is State.CONFIRMED
    when = tell_when(wish, visit.language, search.country)
    filled = Filled(day=DAYS[wish.weekday], hour=str(wish.hour), most=str(wish.most))
    return Shown(
        number=one.number,
        search=search,
        words=say("letter.comes", when=when) if is_on else say(f"letter.{one.state.value}"),
        fields=_fields(visit, f"-{one.number}", filled, search.country),
        is_on=is_on,
    )
