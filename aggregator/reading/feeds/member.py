"""Feed and Member: what every feed format says, in the same words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One happening or article of a feed, in the feed's own words and markup.

    `elements` are the texts of the children that no field stands for, by name in lower case ("ev:startdate").
    `published` is a date of publishing, unless one knows that this feed means it otherwise.
    """

    identifier: str | None = None
    title: str | None = None
    url: str | None = None
    description: str | None = None
    published: str | None = None
    image: str | None = None
    categories: tuple[str, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)

    def element(self, *names: str) -> str | None:
        """The first that is there, by its name in lower case without prefix: prefixes differ from site to site."""
        for wanted in names:
            for name, text in self.elements.items():
                if name.rpartition(":")[2] == wanted:
                    return text
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`url` is the page that the feed stands for, `namespaces` are all the addresses it declares."""

    url: str | None = None
    generator: str | None = None
    namespaces: frozenset[str] = frozenset()
    members: tuple[Member, ...] = ()
