"""Microdata and RDFa-lite: marked-up elements to schema.org nodes."""

from dataclasses import dataclass

from aggregator.reading.html import Node as Element
from aggregator.reading.html import Tree, ancestors, attribute, text_of, tokens
from aggregator.reading.structured.json_repair import Json
from aggregator.reading.structured.values import Node, last_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """The attributes a syntax marks things with: where one begins, its type, its properties, its name."""

    scope: str
    type: str
    property: str
    names: tuple[str, ...]


MICRODATA = Syntax(scope="itemscope", type="itemtype", property="itemprop", names=("itemid",))
RDFA = Syntax(scope="typeof", type="typeof", property="property", names=("resource", "about"))

_ADDRESSES = frozenset(
    {"additionalType", "availability", "contentUrl", "eventAttendanceMode", "eventStatus", "image", "itemCondition"}
    | {"isAccessibleForFree", "logo", "mainEntityOfPage", "photo", "sameAs", "thumbnailUrl", "url"}
)
"""Properties of which a link tells the address; of any other it tells the words: `<a itemprop="name" href=…>`."""


def read_scopes(tree: Tree, syntax: Syntax) -> list[Json]:
    """The things of the page as nodes; those that are a property of another are found within it."""
    scopes: dict[int, Node] = {}
    roots: list[Json] = []
    for element in tree.css(f"[{syntax.property}],[{syntax.scope}]:not([{syntax.property}])"):
        value = _scope(element, syntax) if syntax.scope in element.attributes else None
        if value is not None:
            scopes[element.mem_id] = value
        owner = next((scopes[above.mem_id] for above in ancestors(element) if above.mem_id in scopes), None)
        names = [last_word(name) for name in tokens(element, syntax.property)]
        if owner is None or not names:
            if value is not None:
                roots.append(value)
            continue
        _tell(owner, element, names, value)
    if syntax is MICRODATA:
        _refer(tree, scopes)
    return roots


def _scope(element: Element, syntax: Syntax) -> Node:
    node: Node = {"@type": list(tokens(element, syntax.type))}
    name = next((name for key in syntax.names if (name := attribute(element, key))), None)
    if name:
        node["@id"] = name
    return node


def _tell(owner: Node, element: Element, names: list[str], value: Node | None) -> None:
    for name in names:
        told = owner.setdefault(name, [])
        if isinstance(told, list):
            told.append(value if value is not None else _literal(element, name))


def _refer(tree: Tree, scopes: dict[int, Node]) -> None:
    """Adds what `itemref` points to: properties that stand elsewhere on the page."""
    referring = [element for element in tree.css("[itemscope][itemref]") if element.mem_id in scopes]
    if not referring:
        return
    told = {identifier: element for element in tree.css("[id]") if (identifier := attribute(element, "id"))}
    for element in referring:
        for place in (told[name] for name in tokens(element, "itemref") if name in told):
            for marked in place.css("[itemprop]"):
                if not any(above.mem_id in scopes for above in _up_to(marked, place)):
                    names = [last_word(name) for name in tokens(marked, "itemprop")]
                    _tell(scopes[element.mem_id], marked, names, scopes.get(marked.mem_id))


def _up_to(element: Element, top: Element) -> list[Element]:
    """The elements between the two."""
    between: list[Element] = []
    for above in ancestors(element):
        if top.mem_id in (element.mem_id, above.mem_id):
            break
        between.append(above)
    return between


def _literal(element: Element, name: str) -> str:
    """What the element says of the property: content, else datetime, else address, else value, else its words."""
    for key in ("content", "datetime"):
        found = attribute(element, key)
        if found:
            return found
    if name in _ADDRESSES or element.tag in ("link", "img", "iframe", "embed", "source"):
        address = next(
            (found for key in ("href", "src", "data", "resource") if (found := attribute(element, key))), None
        )
        if address:
            return address
    if element.tag in ("data", "meter"):
        return attribute(element, "value") or text_of(element)
    return text_of(element) or attribute(element, "href") or ""
