"""Which time zone a point is in."""

from aggregator.event import GeoCoordinates


def zone_at(geo: GeoCoordinates) -> str | None:
    """IANA name; None at a point that is none (not finite, out of range).

    Borders are exact to about 100 m. The first call costs 50 to 100 ms and 40 MB, so the library is loaded then.
    """
    from tzfpy import get_tz  # noqa: PLC0415 - only those who ask pay for it

    if not (-90 <= geo.latitude <= 90 and -180 <= geo.longitude <= 180):
        return None
    return get_tz(geo.longitude, geo.latitude) or None
