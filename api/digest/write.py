"""A letter as HTML and as plain text; pure but for the templates, which are read once."""

import textwrap
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from css_inline import CSSInliner
from jinja2 import Environment, StrictUndefined, Template

from api.digest.letter import Footer, Letter, Line

_WIDTH = 72


def write_html(letter: Letter, footer: Footer) -> str:
    """One page with its own style, and nothing that a reader's program would have to fetch."""
    return template("letter.html.jinja", is_inlined=True).render(letter=letter, footer=footer)


def write_text(letter: Letter, footer: Footer) -> str:
    """The same for programs and people that read no HTML; lines of at most 72 characters, but for addresses."""
    return "\n".join(_text(letter, footer)) + "\n"


@cache
def template(name: str, *, is_inlined: bool = False) -> Template:
    """A template of this package. Whatever is put into it is escaped; what is missing is an error, not a gap.

    Styles are written into the template's own elements here, once: done for each letter it would cost more than all
    the rest. So a letter's `{{ }}` stand in text and attributes only, where HTML leaves them as they are.
    """
    source = files("api.digest").joinpath("templates", name).read_text("utf-8")
    if is_inlined:
        source = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(source)
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(source)


def _text(letter: Letter, footer: Footer) -> Iterator[str]:
    yield from (*_wrap(letter.title), "=" * min(len(letter.title), _WIDTH))
    for section in letter.sections:
        yield from ("", section.heading.upper())
        for line in section.lines:
            yield from ("", *_tell(line))
    more = f"{letter.more} more did not fit. " if letter.more else ""
    yield from ("", "--", *_wrap(f"{more}All of them, as they are now:"), footer.search_url, "")
    yield from (*_wrap(footer.reason), "", f"Change what you get: {footer.manage_url}")
    yield from (f"Stop this letter: {footer.stop_url}", "", *_wrap(footer.postal_address))


def _tell(line: Line) -> Iterator[str]:
    told = (
        line.name,
        line.when,
        line.note,
        line.where,
        line.rhythm and f"Meets {line.rhythm}",
        line.visitors,
        line.cost,
        line.organizer and f"By {line.organizer}",
    )
    for text in filter(None, told):
        yield from _wrap(text)
    yield line.url
    if line.calendar_url:
        yield f"Add to calendar: {line.calendar_url}"


def _wrap(text: str) -> list[str]:
    """What a source wrote never begins a line of its own making."""
    return textwrap.wrap(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)
