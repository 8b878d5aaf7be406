"""Whether a stranger may turn up, in the words that a person reads; nothing where nobody says."""

from aggregator.event import Visitors

LINES = {
    Visitors.OPEN: "Visitors are welcome",
    Visitors.RSVP: "Register before you come",
    Visitors.GUEST_OF_MEMBER: "Visitors come as a member's guest",
    Visitors.MEMBERS_ONLY: "Members only",
}


def visitor_line(visitors: Visitors) -> str | None:
    """A line among others, as `cost_line` gives one."""
    return LINES.get(visitors)
