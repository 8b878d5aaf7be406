"""Answers of a remote geocoder are kept, also those that found nothing."""

from collections.abc import Callable
from datetime import datetime

from aggregator.event import GeoCoordinates, Precision
from aggregator.place.geocode import Answer
from aggregator.store.store import Store


def test_an_answer_is_kept_and_a_later_one_stands_in_its_place(store: Store, now: datetime) -> None:
    cache = store.geocodes(lambda: now)
    found = Answer(geo=GeoCoordinates(latitude=36.7, longitude=-119.8), precision=Precision.ROOFTOP)

    assert cache.get("1 main st") is None
    cache.put("1 main st", Answer())
    assert cache.get("1 main st") == Answer()
    cache.put("1 main st", found)

    assert cache.get("1 main st") == found


def test_answers_outlive_the_process(store: Store, new_store: Callable[[], Store], now: datetime) -> None:
    store.geocodes(lambda: now).put("1 main st", Answer())

    with Store(store._address) as again:
        assert again.geocodes(lambda: now).get("1 main st") == Answer()
    assert new_store().geocodes(lambda: now).get("1 main st") is None
