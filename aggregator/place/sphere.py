"""Points on a sphere: unit vectors, chords and metres."""

from math import asin, cos, inf, pi, radians, sin

from aggregator.event import GeoCoordinates

EARTH_RADIUS = 6_371_008.8
"""Metres: the mean radius of WGS 84's ellipsoid; a sphere of it is at most 0.6 % off."""


def unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    """The point as x, y, z of length one: two points are as near as the difference of these is short."""
    phi, lam = radians(latitude), radians(longitude)
    across = cos(phi)
    return across * cos(lam), across * sin(lam), sin(phi)


def squared_chord(metres: float) -> float:
    """The square of the straight line between unit vectors that lie `metres` apart; infinite past the antipode."""
    angle = metres / EARTH_RADIUS
    return (2 * sin(angle / 2)) ** 2 if angle <= pi else inf


def metres_of_chord(squared: float) -> float:
    """What `squared_chord` was made of."""
    return 2 * EARTH_RADIUS * asin(min(1.0, squared**0.5 / 2))


def metres_between(a: GeoCoordinates, b: GeoCoordinates) -> float:
    """Great-circle distance, by the haversine formula: exact to the millimetre for near points too."""
    phi_a, phi_b = radians(a.latitude), radians(b.latitude)
    across = sin(radians(b.longitude - a.longitude) / 2)
    along = sin((phi_b - phi_a) / 2)
    return metres_of_chord(4 * (along * along + cos(phi_a) * cos(phi_b) * across * across))
