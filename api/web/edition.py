"""What pages show of letters that an editor published; pure."""

from dataclasses import dataclass
from datetime import tzinfo

from aggregator.store import KeptEdition
from api.digest.archive import read_printed
from api.digest.letter import Line, Section
from api.web.card import web_link
from api.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionCard:
    """One in the list; `published` is its day in words."""

    address: str
    title: str
    published: str
    machine_date: str
    events: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """The page of one. Its lines are in English, as they were composed; title and note are an editor's own words."""

    card: EditionCard
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    more: str | None
    search_url: str | None

    def link(self, line: Line) -> str | None:
        """Where it leads; None where a browser should not follow."""
        return web_link(line.url)


def make_edition_card(visit: Visit, kept: KeptEdition, zone: tzinfo) -> EditionCard:
    """By the clock of the site's own place."""
    letter, day = read_printed(kept).letter, kept.published_at.astimezone(zone).date()
    count = sum(len(section.lines) for section in letter.sections)
    return EditionCard(
        address=visit.link(f"/letters/{kept.name}"),
        title=letter.title,
        published=visit.language.tell_date(day),
        machine_date=day.isoformat(),
        events=visit.language.say("letters.events", count=count),
    )


def make_edition(visit: Visit, kept: KeptEdition, zone: tzinfo) -> EditionView:
    """For a template, which escapes all of it."""
    printed = read_printed(kept)
    more = printed.letter.more
    return EditionView(
        card=make_edition_card(visit, kept, zone),
        paragraphs=printed.paragraphs,
        sections=printed.letter.sections,
        more=visit.language.say("letters.more", count=more) if more else None,
        search_url=web_link(printed.search_url),
    )
