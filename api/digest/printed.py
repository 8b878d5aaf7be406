"""An editor's letter as HTML, Markdown, text or RSS, to be put into a newsletter tool; pure but for the template."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2s
from types import MappingProxyType

from api.digest.letter import Letter, Line
from api.digest.write import html_body, text_body, text_title, write_fragment
from api.feeds.prose import escape_markdown, write_link
from api.feeds.rss import escape_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """`note` has paragraphs between empty lines; `search_url` is where all events are; `at` when it was composed."""

    letter: Letter
    note: str
    search_url: str
    at: datetime

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Of the note."""
        return tuple(" ".join(part.split()) for part in self.note.split("\n\n") if part.strip())


def write_html(printed: Printed) -> str:
    """A fragment with its styles in its elements, for a block of code in another letter; it fetches nothing."""
    return write_fragment(printed.letter, printed.paragraphs, printed.search_url, html_body(printed.letter.sections))


def write_text(printed: Printed) -> str:
    """Lines of at most 72 characters, but for addresses."""
    note = "".join(f"\n{one}\n" for one in printed.paragraphs)
    return f"{text_title(printed.letter)}{note}{text_body(printed.letter.sections)}\n--\n{printed.search_url}\n"


def write_markdown(printed: Printed) -> str:
    """What a page wrote is text: none of it becomes a mark or a link."""
    parts = [f"# {escape_markdown(printed.letter.title)}", *map(escape_markdown, printed.paragraphs)]
    for section in printed.letter.sections:
        parts += [f"## {section.heading}", *map(_as_markdown, section.lines)]
    return "\n\n".join([*parts, write_link("All of them, as they are now", printed.search_url)]) + "\n"


def write_rss(printed: Printed) -> str:
    """RSS 2.0 whose one part is this letter, for tools that send what is new in a feed."""
    guid = blake2s(write_html(printed).encode("utf-8", "replace"), digest_size=12).hexdigest()
    return write_feed(printed.letter.title, printed.search_url, [(printed, printed.search_url, guid)])


def write_feed(title: str, link: str, parts: Iterable[tuple[Printed, str, str]]) -> str:
    """RSS 2.0 of letters: each with the link of its page, and what tells it from others, which may be that link."""
    named, to = escape_xml(title), escape_xml(link)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{named}</title>\n<link>{to}</link>\n<description>{named}</description>\n"
        f"{''.join(_as_part(*one) for one in parts)}</channel></rss>\n"
    )


WRITERS: Mapping[str, Callable[[Printed], str]] = MappingProxyType(
    {"html": write_html, "md": write_markdown, "text": write_text, "rss": write_rss}
)


def _as_part(printed: Printed, link: str, guid: str) -> str:
    is_link = "true" if guid == link else "false"
    return (
        f"<item><title>{escape_xml(printed.letter.subject)}</title><link>{escape_xml(link)}</link>"
        f'<guid isPermaLink="{is_link}">{escape_xml(guid)}</guid><pubDate>{format_datetime(printed.at)}</pubDate>\n'
        f"<description>{escape_xml(write_html(printed))}</description></item>\n"
    )


def _as_markdown(line: Line) -> str:
    told = (line.when, line.note, line.where, line.rhythm and f"Meets {line.rhythm}", line.visitors, line.cost)
    by = line.organizer and f"By {line.organizer}"
    words = [f"**{write_link(line.name, line.url)}**", *map(escape_markdown, filter(None, (*told, by)))]
    added = [write_link("Add to calendar", line.calendar_url)] if line.calendar_url else []
    return "  \n".join([*words, *added])
