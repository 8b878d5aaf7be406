"""Where else a page's events are listed or sold, and what a person can do about it; pure."""

import re
from collections.abc import Iterator, Sequence

from aggregator.source import Page

MOST = 5
_LINK = re.compile(r"""href\s*=\s*["']?(https?://[^"'\s>]+)""", re.IGNORECASE)
_PLACES = (
    (re.compile(r"//(?:www\.)?eventbrite\.[a-z.]+/o/"), "its Eventbrite page: hobnob add {}"),
    (re.compile(r"//(?:www\.)?meetup\.com/(?!topics|cities|pro\b)[\w-]+"), "its Meetup group: hobnob add {}"),
    (re.compile(r"//(?:www\.)?(?:lu\.ma|luma\.com)/"), "its Luma calendar: hobnob add {}"),
    (re.compile(r"//calendar\.google\.com/"), "a Google calendar: hobnob add {}"),
    (re.compile(r"//(?:www\.)?mobilize\.us/"), "its Mobilize page: hobnob add {}"),
    (
        re.compile(r"//(?:[\w-]+\.)?(?:facebook\.com/(?:events|[\w.]+/events)|linkedin\.com/|nextdoor\.com/)"),
        "{}, which lets no program read it: ask for a calendar, or write the meetings as recurring rows",
    ),
    (re.compile(r"redcrossblood\.org|rcblood\.org"), "{}: look there yourself; Hobnob never fetches it"),
)


def find_elsewhere(pages: Sequence[Page]) -> list[str]:
    """Each place once, in the order of the table."""
    links = list(dict.fromkeys(link for page in pages for link in _LINK.findall(page.text)))
    return list(_advice(links))[:MOST]


def _advice(links: Sequence[str]) -> Iterator[str]:
    for pattern, words in _PLACES:
        link = next((link for link in links if pattern.search(link)), None)
        if link:
            yield words.format(link[:200])
