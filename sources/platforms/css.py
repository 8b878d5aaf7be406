"""A page that no platform reads, by a recipe of CSS selectors."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from selectolax.lexbor import SelectolaxError

from aggregator.errors import ParseError
from aggregator.reading.html import Node, Tree, ends_whole, parse_html, text_of
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.about import About
from sources.recipe import Field, draft_of, read_fields

__all__ = ["ends_whole", "parse", "recognise", "request"]

ABOUT = About(
    title="A page by a recipe of selectors",
    reads="the page, its next pages, and each event's own page where the recipe says so",
    fields="whatever the recipe names",
    paging="`next` of the recipe",
    identity="`identifier` of the recipe, else the event's page",
    terms="as of the site",
    keys={"recipe": "how to read it: see Recipes"},
)

_OTHERS = frozenset({"list", "next", "detail", "empty"})
_PART = re.compile(r"\s+&\s+")


def recognise(page: Page) -> str | None:  # noqa: ARG001 - what every platform is asked
    """Nothing is known by a recipe that somebody has yet to write."""
    return None


def request(url: str, recipe: Mapping[str, Any] | None = None) -> Request:
    """The page; ValueError names what is wrong with the recipe."""
    _read(recipe or {})
    if recipe and "detail" in recipe:
        read_fields(recipe["detail"], frozenset(), _check)
    return Request(url=url)


def parse(page: Page, recipe: Mapping[str, Any]) -> Iterator[Draft]:
    """One draft a part of the list; of an event's own page, one by the `detail` of the recipe.

    Where no part is found the page has to show what `empty` selects, or it counts as redesigned.
    """
    tree = parse_html(page.text)
    if page.request.completes is not None:
        told = read_fields(recipe.get("detail", {}), frozenset(), _check)
        yield draft_of(told, lambda words: _get(words, tree.root, tree), page.url)
        return
    told = _read(recipe)
    parts = tree.css(recipe["list"])
    if not parts and not ("empty" in recipe and tree.css_first(recipe["empty"])):
        raise ParseError(f"{page.url}: nothing on the page is selected by “{recipe['list']}”: it may be redesigned")
    for part in parts:
        yield draft_of(told, partial(_get, part=part, tree=tree), page.url)


def follow(page: Page, recipe: Mapping[str, Any]) -> Iterator[Request]:
    """The next page, and the page of each event where the recipe has a `detail`."""
    if page.request.completes is not None:
        return
    tree = parse_html(page.text)
    if "next" in recipe:
        url = clean_url(
            _get(recipe["next"] if "@" in recipe["next"] else f"{recipe['next']}@href", tree.root, tree), page.url
        )
        if url and url != page.url:
            yield Request(url=url)
    if "detail" in recipe:
        for draft in parse(page, recipe):
            if draft.url and draft.identifier:
                yield Request(url=draft.url, completes=draft.identifier)


def _read(recipe: Mapping[str, Any]) -> dict[str, Field]:
    told = read_fields(recipe, _OTHERS, _check)
    for key in sorted(_OTHERS - {"detail"} & recipe.keys()):
        if not isinstance(recipe[key], str):
            raise ValueError(f"recipe: {key} is a selector")
        _check(recipe[key])
    if "list" not in recipe or not {"name"} <= told.keys():
        raise ValueError("recipe: list (the selector of an event) and name are needed")
    return told


def _check(words: str) -> None:
    for part in _PART.split(words):
        selector = part.partition("@")[0].removeprefix("^").strip()
        if not _literal(part) and selector:
            _check_selector(selector)


@lru_cache(maxsize=512)
def _check_selector(selector: str) -> None:
    try:
        Tree("<p></p>").css(selector)
    except SelectolaxError as error:
        raise ValueError(f"“{selector}” is no CSS selector") from error


def _literal(part: str) -> str | None:
    return part[1:-1] if len(part) > 1 and part[0] == part[-1] == "'" else None


def _get(words: str, part: Node | None, tree: Tree) -> str | None:
    """The words of a field at a part; what says nothing is left out of a joint one."""
    if part is None:
        return None
    told = (_literal(one) or _value(one, part, tree) for one in _PART.split(words))
    return " ".join(value for value in told if value) or None


def _value(words: str, part: Node, tree: Tree) -> str | None:
    selector, _, name = words.partition("@")
    selector = selector.strip()
    if selector.startswith("^"):
        node = _before(selector.removeprefix("^"), part, tree)
    else:
        node = part.css_first(selector) if selector else part
    if node is None:
        return None
    return (node.attributes.get(name.strip()) or None) if name else text_of(node) or None


def _before(selector: str, part: Node, tree: Tree) -> Node | None:
    """The last such element that begins before the part does."""
    headings = {node.mem_id: node for node in tree.css(selector)}
    found = None
    for node in tree.root.traverse() if tree.root else ():
        if node.mem_id == part.mem_id:
            return found
        found = headings.get(node.mem_id, found)
    return None
