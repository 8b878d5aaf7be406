"""Small XML as a tree: names without their prefixes, no DOCTYPE, no depth that costs."""

from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from aggregator.errors import ParseError

DEEPEST = 50


class Element:
    """One of the tree: its name in small letters and without a prefix, its text, its children."""

    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name.rpartition(":")[2].lower()
        self.text = ""
        self.children: list[Element] = []

    def named(self, name: str) -> Iterator["Element"]:
        """Its children of that name."""
        return (child for child in self.children if child.name == name)

    def value(self, *names: str) -> str | None:
        """The text of the first child of these names that has one."""
        told = (child.text.strip() for name in names for child in self.named(name.lower()))
        return next(filter(None, told), None)

    def walk(self) -> Iterator["Element"]:
        """Itself and all in it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_xml(text: str) -> Element:
    """The root; ParseError for what breaks a rule of XML, or has a DOCTYPE."""
    top = Element("")
    path = [top]

    def start(name: str, _attributes: dict[str, str]) -> None:
        if len(path) > DEEPEST:
            raise ParseError(f"XML of more than {DEEPEST} levels is refused")
        path[-1].children.append(Element(name))
        path.append(path[-1].children[-1])

    def tell(words: str) -> None:
        path[-1].text += words

    def end(_name: str) -> None:
        path.pop()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, tell
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ParseError(f"this XML is broken: {error}") from error
    return top.children[0]


def _refuse_doctype(*_declaration: object) -> NoReturn:
    raise ParseError("a DOCTYPE is refused")
