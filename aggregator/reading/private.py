"""Takes people's addresses and numbers out of drafts, so that they are never kept, not even as a page's own words."""

import re
from dataclasses import replace
from typing import Any

from aggregator.draft import Draft
from aggregator.reading.contacts import tells_address, without_contacts

_TEXTS = (
    *("name", "date_text", "location_name", "location_text", "street_address", "address_locality", "organizer"),
    *("description", "price"),
)
_LINKS = ("virtual_location", "organizer_url", "url", "image")
_WRITTEN_SIGN = re.compile(r"&(?:#0*64|#x0*40|commat);", re.IGNORECASE)


def without_people(draft: Draft) -> Draft:
    """The same draft without e-mail addresses and telephone numbers; a link that holds an address is left out.

    Identifiers stay: they only tell one event from another.
    """
    kept: dict[str, Any] = {name: _clean(value) for name in _TEXTS if (value := getattr(draft, name))}
    kept |= {name: None for name in _LINKS if tells_address(getattr(draft, name) or "")}
    changed = {name: value for name, value in kept.items() if value != getattr(draft, name)}
    keywords = tuple(filter(None, map(_clean, draft.keywords)))
    same_as = tuple(link for link in draft.same_as if not tells_address(link))
    if not changed and (keywords, same_as) == (draft.keywords, draft.same_as):
        return draft
    return replace(draft, keywords=keywords, same_as=same_as, **changed)


def _clean(text: str) -> str | None:
    """A sign that HTML writes as a reference is a sign all the same."""
    return without_contacts(_WRITTEN_SIGN.sub("@", text) if "&" in text else text) or None
