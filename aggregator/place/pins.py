"""Coordinates as pages give them: which are none, which are another's, and how fine they are; pure."""

from decimal import Decimal
from math import isfinite

from aggregator.event import GeoCoordinates, Precision

_NEAR = 0.0005
"""Degrees: map widgets round their defaults."""
_DEFAULT_PINS = (
    (0.0, 0.0),  # null island: empty fields read as numbers
    (40.7207559, -74.0007613),  # Squarespace's, and below the middles of countries that map services centre on
    (37.09024, -95.712891),
    (39.8283, -98.5795),
    (37.751, -97.822),
    (56.130366, -106.346771),
    (55.378051, -3.435973),
    (53.41291, -8.24389),
    (-25.274398, 133.775136),
    (-40.900557, 174.885971),
)
_PRECISION_OF_DECIMALS = (Precision.REGION, Precision.TOWN, Precision.POSTCODE, Precision.STREET)
"""A tenth of a degree is 11 km, a thousandth 110 m; four decimals find a roof."""


def is_point(geo: GeoCoordinates) -> bool:
    """Whether this is a point on Earth: finite and in range."""
    finite = isfinite(geo.latitude) and isfinite(geo.longitude)
    return finite and abs(geo.latitude) <= 90 and abs(geo.longitude) <= 180


def is_default_pin(geo: GeoCoordinates) -> bool:
    """Whether a map widget set this pin, and no person: it stands for "no coordinates"."""
    return any(abs(geo.latitude - lat) < _NEAR and abs(geo.longitude - lon) < _NEAR for lat, lon in _DEFAULT_PINS)


def repairs(geo: GeoCoordinates) -> tuple[GeoCoordinates, ...]:
    """What may have been meant: latitude and longitude changed about, the sign of the longitude lost, or both."""
    lat, lon = geo.latitude, geo.longitude
    meant = ((lon, lat), (lat, -lon), (lon, -lat))
    return tuple(point for a, b in meant if is_point(point := GeoCoordinates(latitude=a, longitude=b)))


def precision_of(geo: GeoCoordinates) -> Precision:
    """As good as its digits: `36.3,-119.3` is no venue's door."""
    places = max(_decimals(geo.latitude), _decimals(geo.longitude))
    return _PRECISION_OF_DECIMALS[places] if places < len(_PRECISION_OF_DECIMALS) else Precision.ROOFTOP


def _decimals(number: float) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
