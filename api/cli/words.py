"""What commands say to a person: days and clocks as people of the place write them, and text that is safe to print."""

from datetime import date, datetime, timedelta

AMERICAN = frozenset({"US", "PR", "GU", "VI", "AS", "MP"})
"""Countries whose people write the month first, and am and pm."""


def plain(text: str) -> str:
    """On one line, and without what a terminal would obey: pages and file names may hold anything."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def tell_day(day: date, today: date, country: str | None) -> str:
    """`Monday, November 23` or `Monday 23 November`; with its year when that is another."""
    month = f"{day:%B} {day.day}" if country in AMERICAN else f"{day.day} {day:%B}"
    comma, year = "," if country in AMERICAN else "", "" if day.year == today.year else f" {day.year}"
    words = {today: "Today, ", today + timedelta(days=1): "Tomorrow, "}
    return f"{words.get(day, '')}{day:%A}{comma} {month}{comma if year else ''}{year}"


def tell_clock(moment: datetime, country: str | None) -> str:
    """`7:00 pm` or `19:00`."""
    if country not in AMERICAN:
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def tell_age(since: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `2 days ago`."""
    minutes = int((now - since).total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"


def count(number: int, word: str) -> str:
    """`1 event`, `8 events`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
