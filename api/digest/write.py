"""A letter as HTML and as plain text; pure but for the templates, which are read once."""

import textwrap
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from css_inline import CSSInliner
from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from api.digest.letter import Footer, Letter, Line

_WIDTH = 72
_FILES = files("api.digest").joinpath("templates")


def write_html(letter: Letter, footer: Footer) -> str:
    """One page with its own style, and nothing that a reader's program would have to fetch."""
    return inlined("letter.html.jinja").render(letter=letter, footer=footer)


def write_text(letter: Letter, footer: Footer) -> str:
    """The same for programs and people that read no HTML; lines of at most 72 characters, but for addresses."""
    return "\n".join(_text(letter, footer)) + "\n"


@cache
def template(name: str) -> Template:
    """A template of this package. Whatever is put into it is escaped; what is missing is an error, not a gap."""
    return _environment().get_template(name)


@cache
def inlined(name: str) -> Template:
    """The same with its styles written into its own elements, once: for each letter it would cost more than the rest.

    So its `{{ }}` stand in text and attributes only, where a reader of HTML leaves them as they are.
    """
    source = _FILES.joinpath(name).read_text("utf-8")
    return _environment().from_string(CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(source))


@cache
def _environment() -> Environment:
    loader = FunctionLoader(lambda name: _FILES.joinpath(name).read_text("utf-8"))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


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
