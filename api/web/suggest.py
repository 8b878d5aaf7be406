"""What is missing or wrong, as a form that goes to `/v1/suggestions`, and the thanks for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from aggregator.correct import Field
from aggregator.errors import QueryError
from aggregator.settings import Settings
from aggregator.suggest import Subject
from aggregator.suggest.read import LONGEST, NEEDED, POSSIBLE
from api.web.form import Link
from api.web.frame import Frame, answer_page
from api.web.language import Language
from api.web.visit import Visit

PATH = "/suggest"
_LONG = frozenset({"description", "note", "value"})
"""What is written in more than one line."""

_OFFERED = (Subject.EVENT, Subject.GROUP)
"""What a form leads to beside itself; a fix is reached from what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """One thing to fill in. `choices` are values and their words, where one of them is to be chosen."""

    name: str
    words: str
    text: str
    longest: int
    is_needed: bool
    is_long: bool
    choices: tuple[tuple[str, str], ...] = ()
    fault: str | None = None


def answer_form(
    visit: Visit,
    settings: Settings,
    subject: Subject,
    texts: Mapping[str, str],
    named: str | None = None,
    fault: QueryError | None = None,
) -> Response:
    """`texts` are what is filled in already, `named` the event or group that a fix is about; 422 with a fault."""
    say = visit.language.say
    title = say(f"suggest.title.{subject}")
    blanks = tuple(_blanks(visit.language, subject, texts, fault))
    faults = None if fault is None or any(blank.fault for blank in blanks) else fault.why
    view = {"title": title, "subject": subject, "blanks": blanks, "about": texts.get("about"), "named": named}
    others = [
        Link(words=say(f"suggest.title.{other}"), address=visit.link(PATH, type=other))
        for other in _OFFERED
        if other is not subject
    ]
    frame = Frame(title=title, canonical=None)
    status = 200 if fault is None else 422
    return _unkept(answer_page(visit, settings, "suggest", frame, status, **view, others=others, fault=faults))


def answer_thanks(visit: Visit, settings: Settings) -> Response:
    """That it was kept, and what becomes of it."""
    title = visit.language.say("suggest.thanks")
    return _unkept(answer_page(visit, settings, "thanks", Frame(title=title), 202, title=title))


def _blanks(
    language: Language, subject: Subject, texts: Mapping[str, str], fault: QueryError | None
) -> Iterator[Blank]:
    for name in (*NEEDED[subject], *POSSIBLE[subject]):
        if name != "about":
            yield Blank(
                name=name,
                words=language.say(f"suggest.{name}"),
                text=texts.get(name, ""),
                longest=LONGEST[name],
                is_needed=name in NEEDED[subject],
                is_long=name in _LONG,
                choices=_fields(language) if name == "field" else (),
                fault=fault.why if fault is not None and fault.param == name else None,
            )


def _fields(language: Language) -> tuple[tuple[str, str], ...]:
    return tuple((field.value, language.say(f"field.{field.value}")) for field in Field)


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
