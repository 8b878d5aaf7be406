"""schema.org nodes, whatever syntax they were told in: finding one's way in them without trusting their shape."""

from collections.abc import Iterator
from functools import lru_cache

from aggregator.reading.structured.json_repair import Json

Node = dict[str, Json]
"""A schema.org thing: `@type`, `@id` and properties, each a value or a list of values."""

_NESTED = (dict, list)
_LEAVES = frozenset({"address", "geo", "image", "logo", "offers", "aggregateRating"})
"""Properties whose nodes neither hold events nor are referred to."""
_EVENT_TYPES = frozenset({"festival", "hackathon", "courseinstance", "eventseries"})


def types_of(node: Node) -> list[str]:
    """The node's types in lower case, without the vocabulary: "https://schema.org/BusinessEvent" is "businessevent"."""
    return [last_word(name).lower() for name in texts(node.get("@type"))]


def is_event(node: Node) -> bool:
    """Whether the node is a schema.org Event or one of its kinds (and hCalendar's Vevent in old RDFa)."""
    told = node.get("@type")
    return _is_event_type(told) if isinstance(told, str) else any(map(_is_event_type, texts(told)))


@lru_cache(maxsize=512)
def last_word(name: str) -> str:
    """An IRI or prefixed name without what stands before it: "schema:Event", "https://schema.org/Event"."""
    return name.rstrip("/").replace("#", "/").replace(":", "/").rsplit("/", 1)[-1].strip()


@lru_cache(maxsize=512)
def _is_event_type(name: str) -> bool:
    word = last_word(name).lower()
    return word.endswith("event") or word in _EVENT_TYPES


def texts(value: Json) -> Iterator[str]:
    """Every text of a value: itself, those of a list, the value or name of a node."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts(one) if not isinstance(one, list) else ()
    elif isinstance(value, dict):
        for key in ("@value", "value", "name"):
            inner = value.get(key)
            if isinstance(inner, str) and inner.strip():
                yield inner
                return


def text(node: Node, *names: str) -> str | None:
    """The first text of the first of the properties that has one."""
    for name in names:
        value = node.get(name)
        if isinstance(value, str):
            if value and not value.isspace():
                return value
        elif value:
            for found in texts(value):
                return found
    return None


def nodes(value: Json) -> Iterator[Node]:
    """The nodes of a value that is a node, or a list of them, or neither."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, dict):
                yield one


def first_node(value: Json) -> Node | None:
    """The value when it is a node, else the first node of a list."""
    return value if isinstance(value, dict) else next(nodes(value), None)


def all_nodes(roots: list[Json]) -> list[Node]:
    """Every node that could be an event, hold one or be referred to by one, in the order of the page."""
    found: list[Node] = []
    waiting = roots[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found.append(value)
            waiting += [one for key, one in value.items() if isinstance(one, _NESTED) and key not in _LEAVES][::-1]
        elif isinstance(value, list):
            waiting += value[::-1]
    return found


def link(found: list[Node]) -> None:
    """Puts, in place, the node itself where `{"@id": …}` refers to it; nodes may then hold each other in circles."""
    told: dict[str, Node] = {}
    for node in found:
        name = node.get("@id")
        if isinstance(name, str) and not is_reference(node):
            told.setdefault(name, node)
    if not told:
        return
    for node in found:
        for key, value in node.items():
            if isinstance(value, _NESTED):
                node[key] = _linked(value, told)


def is_reference(node: Node) -> bool:
    """Whether the node says nothing but which node is meant."""
    return "@id" in node and not node.keys() - {"@id", "@type"}


def _linked(value: Json, told: dict[str, Node]) -> Json:
    if isinstance(value, list):
        return [_linked(one, told) if isinstance(one, dict) else one for one in value]
    if isinstance(value, dict) and is_reference(value):
        name = value["@id"]
        return told.get(name, value) if isinstance(name, str) else value
    return value
