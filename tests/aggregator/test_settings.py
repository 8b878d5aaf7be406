"""What one setting means where another is silent."""

import pytest

from aggregator.settings import Settings


@pytest.mark.parametrize(
    ("told", "base"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"port": 9000}, "http://127.0.0.1:9000"),
        ({"host": "0.0.0.0", "port": 80}, "http://127.0.0.1:80"),
        ({"host": "::1"}, "http://[::1]:8000"),
        ({"host": "::"}, "http://[::1]:8000"),
        ({"public_url": "https://town.example/events/", "port": 9000}, "https://town.example/events"),
    ],
)
def test_links_begin_where_this_hobnob_is_reached(told: dict[str, object], base: str) -> None:
    assert Settings.model_validate(told).base_url == base
