"""What a remote geocoder answered, so that no address is asked twice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from aggregator.event import GeoCoordinates, Precision
from aggregator.place.geocode import Answer
from aggregator.store.bulk import insert_rows, writing
from aggregator.store.instants import to_number
from aggregator.store.tables import geocodes

_REPLACE = " ON CONFLICT (address) DO UPDATE SET " + ", ".join(
    f"{column.name} = excluded.{column.name}" for column in geocodes.columns if not column.primary_key
)


Write = Callable[..., Any]
"""`write` of a Writing."""


class StoredGeocodes:
    """A GeocodeCache in the store; `now` is the clock."""

    def __init__(self, write: Write, now: Callable[[], datetime]) -> None:
        self._write = write
        self._now = now

    def get(self, key: str) -> Answer | None:
        """The answer of before; None when it was never asked."""
        row = self._write(_read, key)
        if row is None:
            return None
        is_known = row.latitude is not None
        geo = GeoCoordinates(latitude=row.latitude, longitude=row.longitude) if is_known else None
        return Answer(geo=geo, precision=Precision(row.precision))

    def put(self, key: str, answer: Answer) -> None:
        """Keeps the answer, also one that found nothing."""
        place = (answer.geo.latitude, answer.geo.longitude) if answer.geo else (None, None)
        row = key, *place, answer.precision.value, to_number(self._now())
        self._write(_keep, row)


def _read(engine: Engine, key: str) -> Any:
    with writing(engine) as connection:
        return connection.execute(geocodes.select().where(geocodes.c.address == key)).one_or_none()


def _keep(engine: Engine, row: tuple[object, ...]) -> None:
    with writing(engine) as connection:
        insert_rows(connection, geocodes, [row], _REPLACE)
