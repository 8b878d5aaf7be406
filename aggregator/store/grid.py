"""Cells: the numbers under which the search index keeps the dates of a stretch of the earth, or of all of it."""

from math import asin, cos, degrees, floor, radians, sin

from aggregator.event import GeoCoordinates
from aggregator.place.sphere import EARTH_RADIUS
from aggregator.query import BoundingBox

HOUR, DAY = 3600, 86_400

SPANS = (6 * HOUR, 2 * DAY, 16 * DAY)
"""Dates are kept apart by how long they last, at most these seconds, or longer: what still runs at a time began at most
so long before it. A fair of three months does not make every search look three months back."""

LEVELS = (7, 9, 11)
"""A cell of level n is 180 / 2^n degrees high and wide: 156, 39 and 10 km from south to north."""

WORLD = 0
"""The cell of everything, in order of time."""

UNPLACED = 1 << 32
"""The cell of dates whose place nobody knows."""

SPAN_SHIFT, _LEVEL_SHIFT, _ROW_SHIFT = 40, 32, 16
_SLACK = 1e-9
"""Degrees (a tenth of a millimetre) by which a cover is wider than its circle, for the rounding of both."""


def span_of(start: int, end: int) -> int:
    """The number of the first span that the date fits in."""
    return next((span for span, longest in enumerate(SPANS) if end - start <= longest), len(SPANS))


def in_span(cell: int, span: int) -> int:
    """The cell's number for dates of that span."""
    return cell | span << SPAN_SHIFT


def earliest(start: int, span: int) -> int:
    """When the first date that can still run at `start` began."""
    return start - SPANS[span] if span < len(SPANS) else 0


def cells_of(geo: GeoCoordinates | None) -> tuple[int, ...]:
    """The cells that hold a place, one a level and that of everything."""
    if geo is None:
        return WORLD, UNPLACED
    return WORLD, *(_cell(level, *_row_column(level, geo.latitude, geo.longitude)) for level in LEVELS)


def cover_circle(center: GeoCoordinates, metres: float) -> list[int]:
    """Cells that hold every point of the circle, of the level that suits its size."""
    reach = metres / EARTH_RADIUS
    height = degrees(reach) + _SLACK
    across = cos(radians(center.latitude))
    # The widest longitude of a spherical cap lies nearer to the pole than its centre: asin(sin r / cos latitude).
    holds_pole = abs(center.latitude) + height >= 90
    width = 180.0 if holds_pole else degrees(asin(min(1.0, sin(reach) / across))) + _SLACK
    return _cover(
        center.longitude - width, center.latitude - height, center.longitude + width, center.latitude + height
    )


def cover_box(box: BoundingBox) -> list[int]:
    """Cells that hold every point of the box; a box over the antimeridian has its east west of its west."""
    return _cover(box.west, box.south, box.east if box.east >= box.west else box.east + 360, box.north)


def _cover(west: float, south: float, east: float, north: float) -> list[int]:
    """West and east may be past 180 degrees."""
    south, north = max(-90.0, south), min(90.0, north)
    level = _level(north - south, east - west)
    columns = _columns(level, west, east)
    return [_cell(level, row, column) for row in _rows(level, south, north) for column in columns]


def _level(height: float, width: float) -> int:
    """The finest level at which the box is a few cells high and wide."""
    for level in reversed(LEVELS):
        scale = (1 << level) / 180
        if height * scale <= 8 and width * scale <= 12:
            return level
    return LEVELS[0]


def _rows(level: int, south: float, north: float) -> range:
    return range(_row_column(level, south, 0)[0], _row_column(level, north, 0)[0] + 1)


def _columns(level: int, west: float, east: float) -> list[int]:
    scale, count = (1 << level) / 180, 2 << level
    first, last = floor((west + 180) * scale), floor((east + 180) * scale)
    return [column % count for column in range(first, min(last, first + count - 1) + 1)]


def _row_column(level: int, latitude: float, longitude: float) -> tuple[int, int]:
    scale, count = (1 << level) / 180, 1 << level
    return min(int((latitude + 90) * scale), count - 1), int((longitude + 180) * scale) % (2 * count)


def _cell(level: int, row: int, column: int) -> int:
    return level << _LEVEL_SHIFT | row << _ROW_SHIFT | column
