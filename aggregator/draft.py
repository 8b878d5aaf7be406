"""Draft: an event in a page's own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event in the page's own words: text, markup and entities as found; only `normalize` makes sense of them.

    Times are ISO 8601 text with an offset (an instant), without (a wall clock in `time_zone`, or else the source's),
    a date alone (all day), or prose that `reading.dates` reads ("Thu, Oct 8 @ 7-9pm"). `time_zone` may be any name
    a page uses ("Central Standard Time"). `end_date` as a date is the last day. `schedule` is a rhythm in words
    ("2nd & 4th Thursday 07:00-08:30, not in August"); `rrule` values are RFC 5545's, without the property name.
    `location_text` is a place told in one line. `accessibility` is what is said of wheelchairs, with its verdict in
    `wheelchair_accessible` where a platform keeps one. `price` is what the page says of cost ("Free – $15").
    """

    identifier: str | None = None
    name: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    duration: str | None = None
    time_zone: str | None = None
    date_text: str | None = None
    schedule: str | None = None
    rrule: tuple[str, ...] = ()
    r_dates: tuple[str, ...] = ()
    except_dates: tuple[str, ...] = ()
    super_event: str | None = None
    event_status: str | None = None
    previous_start_date: str | None = None
    event_attendance_mode: str | None = None
    location_name: str | None = None
    location_text: str | None = None
    street_address: str | None = None
    address_locality: str | None = None
    address_region: str | None = None
    postal_code: str | None = None
    address_country: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    wheelchair_accessible: bool | None = None
    accessibility: str | None = None
    virtual_location: str | None = None
    organizer: str | None = None
    organizer_url: str | None = None
    url: str | None = None
    description: str | None = None
    image: str | None = None
    keywords: tuple[str, ...] = ()
    price: str | None = None
    price_currency: str | None = None
    is_accessible_for_free: bool | None = None
    same_as: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
