"""Squares of the map, by which listings near each other find each other."""

from collections.abc import Sequence
from math import cos, floor, radians

from aggregator.event import GeoCoordinates

Cell = tuple[int, int]

_FINE = 64
"""In a degree: about 1.7 km."""

_WIDE = 4
"""In a degree: about 28 km, for points that are no better than a town."""

_FINE_MARGIN = 0.0019
_WIDE_MARGIN = 0.09
"""Degrees of latitude around a point that are looked at as well: about 200 m, and 10 km."""


def fine_cells(geo: GeoCoordinates) -> Sequence[Cell]:
    """Small ones, within 200 m of a venue."""
    return _cells_around(geo, _FINE, _FINE_MARGIN)


def wide_cells(geo: GeoCoordinates) -> Sequence[Cell]:
    """Large ones, within 10 km of a town's middle."""
    return _cells_around(geo, _WIDE, _WIDE_MARGIN)


def wide_cell(geo: GeoCoordinates) -> Cell:
    """The large one that it is in."""
    return floor(geo.latitude * _WIDE), floor(geo.longitude * _WIDE)


def _cells_around(geo: GeoCoordinates, of_degree: int, margin: float) -> Sequence[Cell]:
    """The cells that a square around the point touches. Two points within the margin, in degrees of latitude, share one
    of them, if one of the two has that margin.
    """
    latitude, longitude = geo.latitude, geo.longitude
    across = margin / max(0.05, cos(radians(latitude)))
    south, north = floor((latitude - margin) * of_degree), floor((latitude + margin) * of_degree)
    west, east = floor((longitude - across) * of_degree), floor((longitude + across) * of_degree)
    if south == north and west == east:
        return ((south, west),)
    return [(row, column) for row in range(south, north + 1) for column in range(west, east + 1)]
