"""An Event's JSON and VEVENT as bytes, made once when it is written; and one date of it, joined to them when asked."""

from aggregator.render.dated import Dated, occurrence_head, occurrence_json, occurrence_vevent
from aggregator.render.event import EVENT_MEMBERS, Rendered, event_members, render

__all__ = [
    "EVENT_MEMBERS",
    "Dated",
    "Rendered",
    "event_members",
    "occurrence_head",
    "occurrence_json",
    "occurrence_vevent",
    "render",
]
