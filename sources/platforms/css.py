"""A page that no platform reads, by a recipe of CSS selectors."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from selectolax.lexbor import SelectolaxError

from aggregator.errors import ParseError
from aggregator.reading.html import Node, Tree, ends_whole, parse_html, text_of
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.recipe import Field, draft_of, in_year, read_field, read_fields

__all__ = ["Document", "Part", "ends_whole", "follow", "parse", "read", "recognise", "request"]

MOST_LINES = 1000
"""That are read of one element."""

_SELECTORS = ("list", "next", "empty")
_OTHERS = frozenset({*_SELECTORS, "detail", "lines", "year"})
_JOINT = re.compile(r"\s+&\s+")
_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What selectors look into, and the element of the page before which `^` looks; of a line they are two."""

    inner: Node
    outer: Node


@dataclass(slots=True)
class Document:
    """A page's tree, with the places of elements in it: they are numbered once, and not for each part."""

    tree: Tree
    places: dict[int, int] = field(default_factory=dict)
    found: dict[str, list[tuple[int, Node]]] = field(default_factory=dict)

    def parts(self, selector: str, is_lines: bool = False) -> Iterator[Part]:
        """The elements, or each line of them as a tree of its own."""
        for node in self.tree.css(selector):
            bodies = _line_bodies(node) if is_lines else (node,)
            yield from (Part(inner=body, outer=node) for body in bodies)

    def whole(self) -> Part:
        """The page as one part."""
        if self.tree.root is None:
            raise ParseError("the page is empty")
        return Part(inner=self.tree.root, outer=self.tree.root)

    def before(self, selector: str, node: Node) -> Node | None:
        """The last such element that begins before the node does."""
        if not self.places:
            self.places = {each.mem_id: place for place, each in enumerate(self.tree.css("*"))}
        if selector not in self.found:
            self.found[selector] = sorted((self.place(one), one) for one in self.tree.css(selector))
        after = bisect_left(self.found[selector], self.place(node), key=lambda told: told[0])
        return self.found[selector][after - 1][1] if after else None

    def place(self, node: Node) -> int:
        return self.places.get(node.mem_id, 0)


def recognise(page: Page) -> str | None:  # noqa: ARG001 - what every platform is asked
    """Nothing is known by a recipe that somebody has yet to write."""
    return None


def request(url: str, recipe: Mapping[str, Any] | None = None) -> Request:
    """The page; ValueError names what is wrong with the recipe."""
    _fields(recipe or {})
    if recipe and "detail" in recipe:
        read_fields(recipe["detail"], frozenset(), _check)
    return Request(url=url)


def parse(page: Page, recipe: Mapping[str, Any]) -> Iterator[Draft]:
    """One draft a part of the list; of an event's own page, one by the `detail` of the recipe.

    Where no part tells a date the page has to show what `empty` selects, or it counts as redesigned.
    """
    document = Document(parse_html(page.text))
    if page.request.completes is not None:
        told = read_fields(recipe.get("detail", {}), frozenset(), _check)
        yield draft_of(told, partial(_get, part=document.whole(), document=document), page.url)
        return
    drafts = list(read(document, recipe, page.url))
    if not drafts and not ("empty" in recipe and document.tree.css_first(recipe["empty"])):
        raise ParseError(f"{page.url}: “{recipe['list']}” selects nothing with a name and a date: it may be redesigned")
    yield from drafts


def read(document: Document, recipe: Mapping[str, Any], base: str) -> Iterator[Draft]:
    """The drafts of a list. A part that tells no name, or no date where its own page is not asked, is no event's."""
    told = _fields(recipe)
    year = read_field("year", recipe["year"], _check) if "year" in recipe else None
    for part in document.parts(recipe["list"], recipe.get("lines", False)):
        get = partial(_get, part=part, document=document)
        draft = draft_of(told, get, base)
        if draft.name and (draft.date_text or draft.start_date or draft.schedule or "detail" in recipe):
            yield replace(draft, date_text=in_year(draft.date_text, year.read(get))) if year else draft


def follow(page: Page, recipe: Mapping[str, Any]) -> Iterator[Request]:
    """The next page, and the page of each event where the recipe has a `detail`."""
    if page.request.completes is not None:
        return
    document = Document(parse_html(page.text))
    if "next" in recipe:
        words = recipe["next"] if "@" in recipe["next"] else f"{recipe['next']}@href"
        url = clean_url(_get(words, document.whole(), document), page.url)
        if url and url != page.url:
            yield Request(url=url)
    if "detail" in recipe:
        for draft in read(document, recipe, page.url):
            if draft.url and draft.identifier:
                yield Request(url=draft.url, completes=draft.identifier)


def _line_bodies(node: Node) -> Iterator[Node]:
    for markup in _BREAK.split(node.inner_html or "")[:MOST_LINES]:
        body = Tree(markup).body
        if body is not None:
            yield body


def _fields(recipe: Mapping[str, Any]) -> dict[str, Field]:
    told = read_fields(recipe, _OTHERS, _check)
    for key in _SELECTORS:
        if key in recipe:
            if not isinstance(recipe[key], str):
                raise ValueError(f"recipe: {key} is a selector")
            _check(recipe[key], f"{key}: ")
    if "list" not in recipe or "name" not in told:
        raise ValueError("recipe: list (the selector of an event) and name are needed")
    if not isinstance(recipe.get("lines", False), bool):
        raise ValueError("recipe: lines is true, where each line of the list is an event, or false")
    if "year" in recipe:
        read_field("year", recipe["year"], _check)
    return told


def _check(words: str, where: str = "") -> None:
    for part in _JOINT.split(words):
        selector = part.partition("@")[0].removeprefix("^").strip()
        if not _literal(part) and selector:
            _check_selector(selector, where)


@lru_cache(maxsize=512)
def _check_selector(selector: str, where: str) -> None:
    try:
        Tree("<p></p>").css(selector)
    except SelectolaxError as error:
        raise ValueError(f"{where}“{selector}” is no CSS selector") from error


def _literal(part: str) -> str | None:
    return part[1:-1] if len(part) > 1 and part[0] == part[-1] == "'" else None


def _get(words: str, part: Part, document: Document) -> str | None:
    """The words of a field at a part; what says nothing is left out of a joint one."""
    told = (_literal(one) or _value(one, part, document) for one in _JOINT.split(words))
    return " ".join(value for value in told if value) or None


def _value(words: str, part: Part, document: Document) -> str | None:
    selector, _, name = (word.strip() for word in words.partition("@"))
    if selector.startswith("^"):
        node = document.before(selector.removeprefix("^"), part.outer)
    else:
        node = part.inner.css_first(selector) if selector else part.inner
    if node is None:
        return None
    return (node.attributes.get(name) or None) if name and name != "text" else text_of(node) or None
