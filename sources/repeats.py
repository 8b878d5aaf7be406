"""The repeated parts of a page that may each be an event, and what short selectors say in each of them; pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice

from aggregator.reading.html import Node, ancestors, text_of
from sources.platforms.css import Document, Part
from sources.recipe import TAKES

FEWEST, MOST_PARTS, MOST_GROUPS, MOST_READ, MOST_WORDS = 2, 600, 60, 60, 300
"""Parts of a group, groups of a page, parts that are looked into for selectors, and selectors."""

MOST_LEVELS, MOST_INSIDE = 12, 80
"""Elements around a date that may be a part, and elements that are looked at in one."""

MOST_MARKUP, MOST_MARKUP_INSIDE = 3_000_000, 100_000
"""Characters of markup in all parts of a group, and in all elements of one: elements in elements are read anew."""

MOST_TEXT = 1500
"""Characters of a part that may be an event; more is a section of the page."""

Group = tuple[str, bool]
"""What selects the parts, and whether each line of what is selected is one."""

Texts = Mapping[str, Sequence[str]]
"""What words of a recipe say in each part of a group; "" where they say nothing."""

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
MONTH = re.compile(rf"\W*{_MONTHS}\.?,?(?: \d{{4}})?\W*", re.IGNORECASE)
DAY = re.compile(r"(?:\w{3,9}\.?,? )?\d{1,2}(?:st|nd|rd|th)?\b", re.IGNORECASE)
HINT = re.compile(rf"\b{_MONTHS}\b|\d{{1,2}}[/.-]\d{{1,2}}", re.IGNORECASE)
_DAY_HINT = re.compile(rf"{HINT.pattern}|^\s*{DAY.pattern}", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:^|\s)(?:(?:main|site|page|top|global|primary|mobile|sub)[-_]?)?"
    r"(?:nav|navbar|navigation|menu|dropdown|footer|breadcrumbs?|cookies?|pager|pagination)(?:[-_]\w+)?(?:$|\s)",
    re.IGNORECASE,
)
_FURNITURE_TAGS = frozenset({"nav", "footer", "script", "style", "select", "head", "svg", "noscript", "template"})
_CHANGING = re.compile(r"\d|^(?:odd|even|first|last|active|clearfix|row-|is-|has-)", re.IGNORECASE)
_CLASS = re.compile(r"[A-Za-z_][\w-]*")
_NUMBERED = frozenset({"td", "th", "div", "span", "p"})
_HEADS = ("title", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "th", "dt", "strong")


def find_groups(document: Document) -> list[Group]:
    """Selectors of elements that hold a date, and of such whose lines do; those that select most of them first."""
    heads = (text_of(node) for node in document.tree.css("h1, h2, h3, h4, h5, caption, dt, th"))
    hint = _DAY_HINT if any(MONTH.fullmatch(head) for head in heads) else HINT
    counts: dict[Group, int] = {}
    seen: set[int] = set()
    for node in document.tree.root.traverse(include_text=True) if document.tree.root else ():
        if _tells_date(node, hint) and not is_furniture(node):
            for group in _around(node, seen):
                counts[group] = counts.get(group, 0) + 1
    often = [group for group, count in counts.items() if group[1] or count >= FEWEST]
    return sorted(often, key=lambda group: -counts[group])[:MOST_GROUPS]


def _tells_date(node: Node, hint: re.Pattern[str]) -> bool:
    if node.tag == "-text":
        return hint.search(node.text_content or "") is not None
    return node.tag == "time" and bool(node.attributes.get("datetime"))


def _around(node: Node, seen: set[int]) -> Iterator[Group]:
    """What selects each element around a date that may be the part of one event, or of several in lines."""
    for parent in islice((node, *ancestors(node)), MOST_LEVELS):
        if parent.tag == "-text" or parent.mem_id in seen:
            continue
        seen.add(parent.mem_id)
        if parent.tag in {"body", "html"}:
            return
        if len(parent.css("br")) >= FEWEST and len(parent.css("li, tr, p, div")) < FEWEST:
            yield from ((selector, True) for selector in _selectors(parent))
        if len(parent.text()) > MOST_TEXT * 2:
            return
        under = _under(parent) if parent.tag in _HEADS else ()
        yield from ((selector, False) for one in (parent, *under) for selector in _selectors(one))


def _under(head: Node) -> list[Node]:
    """What a heading may be the date of: the element after it, and the parts of that."""
    following = head.next
    while following is not None and (following.tag or "-").startswith(("-", "_")):
        following = following.next
    return [following, *following.iter()] if following is not None else []


def _selectors(node: Node) -> list[str]:
    """Wide ones, and then `ul.coming > li.event`: under the nearest ancestor with a class, at most four above."""
    chain: list[Node] = []
    for parent in ancestors(node):
        if parent.tag in {"body", "html"} or len(chain) == 4:
            break
        chain.insert(0, parent)
        if _classes(parent):
            break
    narrow, wide = [_own(one) for one in chain], [_own(one, 1) for one in chain]
    told = [" > ".join([*above, own]) for above in (narrow, wide) for own in (_own(node), node.tag or "*")]
    return list(dict.fromkeys(told))[::-1]


def _classes(node: Node) -> list[str]:
    classes = (node.attributes.get("class") or "").split()
    return [one for one in classes if _CLASS.fullmatch(one) and not _CHANGING.search(one)]


def _own(node: Node, most: int = 2) -> str:
    return ".".join([node.tag or "*", *_classes(node)[:most]])


def is_furniture(node: Node) -> bool:
    """Whether it stands in what surrounds a page's matter: navigation, menus, the foot."""
    for parent in islice(ancestors(node), MOST_LEVELS * 3):
        if parent.tag in _FURNITURE_TAGS:
            return True
        named = (parent.attributes.get("class") or "", parent.attributes.get("id") or "")
        if parent.tag not in {"body", "html", "main", "form"} and any(map(_FURNITURE.search, named)):
            return True
    return False


def find_parts(group: Group, document: Document) -> list[Part]:
    """Those that are no section of the page, and of these those that hold a date, if a fifth of them do."""
    parts = [part for part in document.parts(*group) if not is_furniture(part.outer)][:MOST_PARTS]
    sizes = accumulate(len(part.inner.inner_html or "") for part in parts)
    texts = [(part, text_of(part.inner)) for part, size in zip(parts, sizes, strict=True) if size <= MOST_MARKUP]
    short = [(part, text) for part, text in texts if 0 < len(text) <= MOST_TEXT]
    dated = [part for part, text in short if _DAY_HINT.search(text)]
    return dated if len(dated) * 5 >= len(short) else [part for part, _ in short]


def texts_in(parts: Sequence[Part]) -> Texts:
    """What each short selector says in each part; those that say something in half of them."""
    firsts = [_texts(part) for part in parts]
    words = list(dict.fromkeys(word for first in firsts for word in first))[:MOST_WORDS]
    texts = {word: [first.get(word, "") for first in firsts] for word in words}
    return {word: told for word, told in texts.items() if share(map(bool, told)) >= 0.5}


def _texts(part: Part) -> dict[str, str]:
    """Of several elements with the same selector, the first counts."""
    told = {"@text": text_of(part.inner)}
    size = 0
    for node in part.inner.css("*")[:MOST_INSIDE]:
        size += len(node.inner_html or "")
        if node.mem_id != part.inner.mem_id and size <= MOST_MARKUP_INSIDE:
            told.setdefault(_numbered(node, part.inner), text_of(node))
            if node.tag == "time":
                told.setdefault(f"{_own(node)}@datetime", node.attributes.get("datetime") or "")
    return told


def _numbered(node: Node, part: Node) -> str:
    """Without a class, the columns of a row are told by their number."""
    if node.tag not in _NUMBERED or _classes(node) or node.parent is None or node.parent.mem_id != part.mem_id:
        return _own(node)
    number = next(at for at, child in enumerate(part.iter(), 1) if child.mem_id == node.mem_id)
    return f"{node.tag}:nth-child({number})"


def texts_before(parts: Sequence[Part], document: Document) -> Texts:
    """What the headings before each part say, the nearest last."""
    nodes = {f"^{tag}": [document.before(tag, part.outer) for part in parts] for tag in _HEADS}
    places = {word: sum(document.place(node) for node in told if node) for word, told in nodes.items()}
    nearest_last = sorted(nodes, key=places.__getitem__)
    return {word: [text_of(node) if node else "" for node in nodes[word]] for word in nearest_last}


def nearest(heads: Texts, says: Callable[[str], object]) -> str | None:
    """The nearest heading that is there before each part and says it."""
    fitting = [word for word, told in heads.items() if share(bool(text and says(text)) for text in told) >= 0.9]
    return fitting[-1] if fitting else None


def taken(told: Sequence[str], what: str) -> list[str]:
    """What `take` makes of each text."""
    return [TAKES[what](text) or "" if text else "" for text in told]


def share(claims: Iterable[bool]) -> float:
    """How many of them hold, from 0 to 1."""
    told = list(claims)
    return sum(told) / max(len(told), 1)


def is_mostly(told: Sequence[str], says: Callable[[str], object]) -> bool:
    """Whether nearly every part says it."""
    return share(bool(text and says(text.strip())) for text in told) >= 0.8
