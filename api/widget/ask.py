"""From an address to what is to be shown: a search that stands in the address, or one that was saved."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from aggregator.errors import QueryError
from api.given import part_own
from api.query import parse_query
from api.site import Site, read_pairs
from api.web.language import choose_language, read_language
from api.widget.saved import DEFAULT_LIMIT, LINKS, SHARED, Pairs, pairs_of, told_of
from api.widget.shown import Showing

LANG_TAG = r"^[A-Za-z][A-Za-z-]{1,34}$"
"""The tag of a language (RFC 5646), or what begins as one."""


def ask_plain(site: Site, request: Request, *more: str) -> Showing:
    """The search of the address, with its own words `lang` and `link` and what `more` it may say."""
    own, pairs = part_own(read_pairs(request), ("lang", "link", *more), SHARED)
    return _show(site, pairs, own)


def ask_saved(site: Site, request: Request, name: str, *own: str) -> Showing:
    """What was saved under the name, 404 if nothing was; `own` is what the address may say, `units` or `lang`."""
    given, _ = part_own(read_pairs(request), own, ())
    saved = next(iter(site.store.widgets(name)), None)
    if saved is None:
        raise HTTPException(404, f"there is no widget {name[:63]}")
    pairs = [pair for pair in pairs_of(saved) if pair[0] not in given]
    pairs += [(param, text) for param, text in given.items() if param in SHARED]
    return _show(site, pairs, {"link": saved.link, **given}, layout=saved.layout, saved=saved)


def tag_of(showing: Showing) -> tuple[object, ...]:
    """What its answer is made of."""
    saved = told_of(showing.saved) if showing.saved else None
    return showing.asked.echo, showing.asked.window, showing.language.code, showing.link, saved


def _show(site: Site, pairs: Pairs, own: Mapping[str, str], **more: Any) -> Showing:
    link, lang = own.get("link", LINKS[0]), own.get("lang", "en")
    if link not in LINKS:
        raise QueryError("link", link[:40], f"is none of {', '.join(LINKS)}")
    if not re.match(LANG_TAG, lang):
        raise QueryError("lang", lang[:40], "the tag of a language, such as en or es")
    has_limit = any(name == "limit" for name, _ in pairs)
    asked = parse_query(
        pairs if has_limit else [*pairs, ("limit", DEFAULT_LIMIT)],
        now=site.now(),
        settings=site.settings,
        gazetteer=site.gazetteer,
    )
    return Showing(asked=asked, pairs=pairs, language=read_language(choose_language(lang)), link=link, **more)
