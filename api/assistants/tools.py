"""The tools: each is a path of the API and what that takes, made from the one declaration of parameters; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.assistants.telling import Told, tell_event, tell_events, tell_groups, tell_plan
from api.parameters import SCHEMAS, openapi_parameters, own_parameter
from api.routes import groups, plan

SHORT = 10
"""Events or groups in an answer unless more are asked for: an assistant reads all of it, and 50 are 25,000 tokens."""

_EVENT = own_parameter(
    "id", "The `id` of an event, as search_events gives it.", {"type": "string", "pattern": "^\\w+$"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """`path` is what it asks of the API, `parameters` are as OpenAPI has them, and `tell` writes the answer for people.

    The parameter `id`, where there is one, stands at the end of the path.
    """

    name: str
    title: str
    about: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    tell: Callable[[Told, str], str]

    @property
    def takes(self) -> tuple[str, ...]:
        """Names of its arguments."""
        return tuple(one["name"] for one in self.parameters)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            name="search_events",
            title="Search events",
            about="Local events where people meet in person, by place, time and what they are like: in order of start, "
            "cancelled ones among them, marked. Give `near` and `when` first.",
            path="/v1/events",
            # The text for people is made of the whole event.
            parameters=tuple(openapi_parameters(*(name for name in SCHEMAS if name != "fields"))),
            tell=tell_events,
        ),
        Tool(
            name="get_event",
            title="One event",
            about="All that is known of one event, with its next dates and the sentences that say who may come.",
            path="/v1/events/",
            parameters=(_EVENT, *openapi_parameters("tz")),
            tell=tell_event,
        ),
        Tool(
            name="search_groups",
            title="Search regular groups",
            about="Groups that meet again and again: rhythm in words, next dates, and whether strangers may come.",
            path="/v1/groups",
            parameters=(*openapi_parameters(*groups.SHARED), *groups.OWN.values()),
            tell=tell_groups,
        ),
        Tool(
            name="plan_week",
            title="Plan a week",
            about="Events that fit together: of several kinds, that do not clash, within the budget, each with the "
            "reasons for it. Looks 14 days ahead unless a time is given.",
            path="/v1/plan",
            parameters=(*openapi_parameters(*plan.SHARED), *plan.OWN.values()),
            tell=tell_plan,
        ),
    )
}


def input_schema(tool: Tool) -> dict[str, Any]:
    """JSON Schema of the arguments."""
    properties = {one["name"]: {**one["schema"], "description": one["description"]} for one in tool.parameters}
    if "limit" in properties:
        properties["limit"]["default"] = SHORT
    required = [name for name in ("id",) if name in properties]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def with_defaults(tool: Tool, arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments that were given, null counting as not given, with the short limit where no other is."""
    given = {name: value for name, value in arguments.items() if value is not None}
    return {"limit": SHORT, **given} if "limit" in tool.takes else given
