"""xCal (RFC 6321): iCalendar told in XML, rewritten as content lines for the one reader of calendars."""

from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.xml import Element, read_xml

NAMESPACE = "urn:ietf:params:xml:ns:icalendar-2.0"
_TEXTS = frozenset({"text", "unknown", "uri", "cal-address"})


def to_ical(text: str) -> bytes:
    """The calendars as RFC 5545 writes them; ParseError for what is no xCal, or breaks a rule of XML."""
    root = read_xml(text)
    lines = [line for calendar in root.named("vcalendar") for line in _component(calendar)]
    if root.name != "icalendar" or not lines:
        raise ParseError("no xCal: it has no <vcalendar> in <icalendar>")
    return "\r\n".join([*lines, ""]).encode("utf-8", "replace")


def _component(component: Element) -> Iterator[str]:
    yield f"BEGIN:{component.name.upper()}"
    for properties in component.named("properties"):
        for told in properties.children:
            yield from _property(told)
    for components in component.named("components"):
        for inner in components.children:
            yield from _component(inner)
    yield f"END:{component.name.upper()}"


def _property(told: Element) -> Iterator[str]:
    """A line for each value; a rule's parts and a point's are one value (RFC 6321, 3.4.1.2 and 3.6.10)."""
    name = told.name.upper()
    parameters = "".join(
        f";{parameter.name.upper()}={_quoted(value.text.strip())}"
        for group in told.named("parameters")
        for parameter in group.children
        for value in parameter.children[:1]
    )
    values = [child for child in told.children if child.name != "parameters"]
    if name in {"RRULE", "EXRULE"}:
        values = [part for recur in told.named("recur") for part in recur.children] or values
        yield f"{name}:{';'.join(f'{part.name.upper()}={part.text.strip()}' for part in values)}"
        return
    if name == "GEO":
        yield f"GEO:{';'.join(part.text.strip() for part in values)}"
        return
    for value in values:
        kind = ";VALUE=DATE" if value.name == "date" else ""
        yield f"{name}{parameters}{kind}:{_value(value)}"


def _value(value: Element) -> str:
    if value.name in _TEXTS:
        text = value.text.strip().replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n")
        return text if value.name == "uri" else text.replace(";", "\\;").replace(",", "\\,")
    if value.name in {"date", "date-time"}:
        return value.text.strip().replace("-", "").replace(":", "")
    return value.text.strip()


def _quoted(text: str) -> str:
    return f'"{text}"' if any(mark in text for mark in ":;,") else text
