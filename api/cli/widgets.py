"""What is done for `hobnob widget`."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aggregator.errors import QueryError, StoreError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import load_settings
from aggregator.store import Widget
from aggregator.store.store import Store
from api.cli.known import open_known_reader, open_known_store
from api.cli.tools import now_in_utc
from api.cli.words import plain
from api.widget.saved import read_widget, told_of


def list_widgets() -> None:
    """A line each."""
    with open_known_reader(load_settings().store) as store:
        saved = store.widgets()
    for widget in saved:
        print(f"{widget.name}: {plain(urlencode(widget.query, safe=','))} ({widget.layout})")
    if not saved:
        print("There are no widgets yet: `hobnob widget save NAME QUERY`.")


def show_widget(name: str) -> None:
    """As `/admin/widgets/{name}` tells it."""
    with open_known_reader(load_settings().store) as store:
        saved = store.widgets(name)
    if not saved:
        raise _unknown(name)
    print(json.dumps(told_of(saved[0]), ensure_ascii=False, indent=2))


def keep_widget(name: str, query: str, told: dict[str, Any]) -> None:
    """Written only if its search can be asked; what to write into a page is said."""
    settings = load_settings()
    given = {**told, "query": read_text(query)}
    with open_known_store(settings.store) as store:
        sources = [status.name for status in store.sources()]
        gazetteer = Gazetteer.open(settings.places)
        widget = read_widget(name, given, sources, now=now_in_utc(), settings=settings, gazetteer=gazetteer)
        print(save_widget(store, widget))
    print(f'<script type="module" src="{settings.base_url}/widget.js"></script>')
    print(f'<hobnob-events config="{name}"><a href="{settings.base_url}/">Events</a></hobnob-events>')


def forget_widget(name: str) -> None:
    """StoreError when there is none of that name."""
    with open_known_store(load_settings().store) as store:
        print(remove_widget(store, name))


def read_text(query: str) -> dict[str, str]:
    """The parameters of an address; a name that is repeated joins its values by commas."""
    told: dict[str, str] = {}
    try:
        for name, value in parse_qsl(query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query)):
            told[name] = f"{told[name]},{value}" if name in told else value
    except ValueError as error:
        raise QueryError("query", query, "is no question such as near=Visalia,+CA&kind=chamber") from error
    return told


def save_widget(store: Store, widget: Widget) -> str:
    """What was done, in words."""
    store.save_widget(widget)
    return f"{widget.name}: saved; pages show it within a minute"


def remove_widget(store: Store, name: str) -> str:
    """StoreError when there is none of that name; what was done, in words."""
    if not store.remove_widget(name):
        raise _unknown(name)
    return f"{name}: removed; pages that show it show their own link"


def _unknown(name: str) -> StoreError:
    return StoreError(f"{name}: there is no such widget; `hobnob widget list` lists them")
