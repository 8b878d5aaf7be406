"""A letter as HTML and as plain text; pure but for the templates, which are read once."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from importlib.resources import files

from css_inline import CSSInliner
from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from api.digest.letter import Footer, Letter, Line, Section

_WIDTH = 72
_BODY = "<!--body-->\n"
_MANAGE, _STOP = "<manage>", "<stop>"
"""They stand for a subscriber's own links; as marks of HTML they are in no text of a page."""

_FILES = files("api.digest").joinpath("templates")


def write_html(letter: Letter, footer: Footer) -> tuple[str, ...]:
    """One page in pieces that end lines; all but one are the same objects for all who are told the same.

    It has its own style, and nothing that a reader's program would have to fetch.
    """
    shared = footer.search_url, footer.reason, footer.postal_address
    before, above, own, below = _around(letter.title, letter.more, *shared)
    its = own.replace(_MANAGE, escape(footer.manage_url)).replace(_STOP, escape(footer.stop_url))
    return before, html_body(letter.sections), above, its, below


def write_text(letter: Letter, footer: Footer) -> tuple[str, ...]:
    """The same for programs and people that read no HTML; lines of at most 72 characters, but for addresses."""
    own = f"Change what you get: {footer.manage_url}\nStop this letter: {footer.stop_url}\n"
    above = _above(letter.more, footer.search_url, footer.reason)
    return text_title(letter), text_body(letter.sections), above, own, _below(footer.postal_address)


def write_fragment(letter: Letter, paragraphs: Sequence[str], search_url: str, body: str) -> str:
    """A letter of nobody's own as a part of a page; its styles are in its elements."""
    told = _fragment().render(letter=letter, paragraphs=paragraphs, search_url=search_url)
    before, after = told.split(_BODY)
    return f"{before}{body}{after}\n"


def text_title(letter: Letter) -> str:
    """Underlined, on lines of their own."""
    return "\n".join((*_wrap(letter.title), "=" * min(len(letter.title), _WIDTH), ""))


@lru_cache(maxsize=256)
def html_body(sections: tuple[Section, ...]) -> str:
    """All that is told, without what is around it."""
    return _body().render(sections=sections) + "\n"


@lru_cache(maxsize=256)
def text_body(sections: tuple[Section, ...]) -> str:
    """The same as text."""
    lines: list[str] = []
    for section in sections:
        lines += ["", section.heading.upper()]
        for line in section.lines:
            lines += ["", *_tell(line)]
    return "\n".join([*lines, ""])


@lru_cache(maxsize=256)
def _around(title: str, more: int, search_url: str, reason: str, postal_address: str) -> tuple[str, str, str, str]:
    """What is before the body; and below it what is above the line of a subscriber's own links, that line, the rest."""
    told = _shell().render(
        title=title,
        more=more,
        search_url=search_url,
        reason=reason,
        postal_address=postal_address,
        manage_url=_MANAGE,
        stop_url=_STOP,
    )
    before, after = told.split(_BODY)
    above, own, below = re.split(f"^(.*{_MANAGE}.*\n)", after, maxsplit=1, flags=re.MULTILINE)
    return before, above, own, below


@cache
def _shell() -> Template:
    """Styles are written into the elements of templates, once: for each letter it would cost three times the filling.

    So their `{{ }}` stand in text and attributes only, where a reader of HTML leaves them as they are.
    """
    source = _read("letter.html.jinja").replace("STYLE", _read("style.jinja")).replace("BODY", _BODY)
    return _environment().from_string(_inliner().inline(source))


@cache
def _fragment() -> Template:
    source = _read("edition.html.jinja").replace("BODY", _BODY)
    return _environment().from_string(_inliner().inline_fragment(source, _read("style.jinja")))


@cache
def _body() -> Template:
    return _environment().from_string(_inliner().inline_fragment(_read("body.html.jinja"), _read("style.jinja")))


def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@cache
def _environment() -> Environment:
    return Environment(loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _read(name: str) -> str:
    return _FILES.joinpath(name).read_text("utf-8")


@lru_cache(maxsize=256)
def _above(more: int, search_url: str, reason: str) -> str:
    left = f"{more} more did not fit. " if more else ""
    told = "", "--", *_wrap(f"{left}All of them, as they are now:"), search_url, "", *_wrap(reason), "", ""
    return "\n".join(told)


@lru_cache(maxsize=256)
def _below(postal_address: str) -> str:
    return "\n".join(("", *_wrap(postal_address), ""))


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


@lru_cache(maxsize=1024)
def _wrap(text: str) -> tuple[str, ...]:
    """What a source wrote never begins a line of its own making."""
    return tuple(textwrap.wrap(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False))
