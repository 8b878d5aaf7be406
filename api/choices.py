"""What is answered of facets and places, for the OpenAPI document only."""

from typing import Any

from pydantic import Field

from api.schema import PlaceJson, Told, WindowJson


class ValueJson(Told):
    """One value of a filter."""

    value: str = Field(description="As the parameter takes it.")
    count: int = Field(description="Dates there would be, if it were chosen.")


class NameJson(ValueJson):
    """One organiser."""

    name: str = Field(description="As it writes itself.")


class FacetsJson(Told):
    """Each is called as the parameter that takes its values, and counted without what is asked by that parameter."""

    kind: list[ValueJson]
    cost: list[ValueJson]
    visitors: list[ValueJson]
    weekday: list[ValueJson] = Field(description="In order of the week.")
    attendance: list[ValueJson]
    org: list[NameJson] = Field(description="The twenty with the most dates.")


class FacetPage(Told):
    """How many dates there are of each kind, cost, weekday and so on, and how the question was understood."""

    facets: FacetsJson
    counted: int = Field(description="Dates that pass all filters; 2,000 at most.")
    is_exact: bool = Field(description="False: there are more, and the counts are of the first 2,000 that were met.")
    query: dict[str, Any] = Field(description="The question in its canonical form.")
    window: WindowJson = Field(description="The stretch of time that was understood.")
    resolved_place: PlaceJson | None = Field(description="Where the place was understood to be.")
    as_of: str = Field(description="When the data stood as they are told here, to the minute.")


class CompletionJson(PlaceJson):
    """A place that begins so."""

    near: str = Field(description="What to ask for: `near` takes it, and finds this place alone.")
    label: str = Field(description="What to show.")


class CompletionPage(Told):
    """Places that may be meant, the likeliest first."""

    items: list[CompletionJson] = Field(description="Ten at most.")
    query: dict[str, str] = Field(description="What was asked.")
