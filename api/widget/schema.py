"""What the widget's paths answer and take, for the OpenAPI document only."""

from pydantic import Field

from api.schema import Told


class RowJson(Told):
    """One date of an event, in words."""

    id: str
    name: str
    href: str = Field(description="The organiser's page, or a path below our address, without its first slash.")
    start_date: str
    end_date: str
    day: str = Field(description="The heading that it stands under.")
    date: str = Field(description="The day in short.")
    time: str = Field(description="The clock where it is.")
    zone: str | None = Field(description="Whose clock that is; null for a whole day.")
    where: str = Field(description="Place and distance.")
    terms: str = Field(description="May a stranger turn up, and what it costs; empty where nobody says.")
    mark: str | None = Field(description="That it is cancelled, postponed, moved.")
    is_off: bool = Field(description="It is cancelled.")
    is_pinned: bool = Field(description="The editor wants it first.")


class LinkJson(Told):
    """A way to more than is shown."""

    part: str = Field(description="`more`, `subscribe` or `file`.")
    href: str
    text: str


class ShownJson(Told):
    """All that a widget shows, so that it need not ask again."""

    items: list[RowJson]
    title: str | None
    layout: str = Field(description="`list`, `compact` or `calendar`.")
    lang: str = Field(description="The language of the words.")
    empty: str = Field(description="What to say when there is nothing.")
    links: list[LinkJson]
    words: dict[str, str]
    as_of: str


class WidgetJson(Told):
    """A saved widget."""

    name: str
    query: dict[str, str] = Field(description="The parameters of its search.")
    layout: str
    link: str = Field(description="Where a name leads: the organiser's page (`source`) or ours (`page`).")
    title: str | None
    pins: list[str] = Field(description="Events that come first, by id.")
    picks: list[str] = Field(description="Where there are any, no others are shown.")
    blocked: list[str] = Field(description="Sources of which nothing is shown.")
    updated_at: str


class WidgetsJson(Told):
    """All that are saved."""

    items: list[WidgetJson]
