"""The optional geocoder, as the settings have it."""

import json
from pathlib import Path
from typing import Any

import pytest

from aggregator.event import PostalAddress, Precision
from aggregator.fetch import Fetcher
from aggregator.settings import Settings
from aggregator.store import open_store
from api.cli.demo.site import serve_pages
from api.cli.tools import make_geocoder

ADDRESS = PostalAddress(street_address="1 Main St", address_locality="Visalia", address_region="CA")
DOOR = json.dumps([{"lat": "36.33", "lon": "-119.29", "place_rank": 30}]).encode()


def settings_with(tmp_path: Path, **told: Any) -> Settings:
    return Settings(store=str(tmp_path / "hobnob.db"), contact="ops@hobnob.example", host_gap=0, **told)


@pytest.mark.anyio
async def test_a_geocoder_is_off_unless_it_is_turned_on(tmp_path: Path) -> None:
    settings = settings_with(tmp_path)
    with open_store(settings.store) as store:
        async with Fetcher(settings) as fetcher:
            assert make_geocoder(settings, store, fetcher) is None


@pytest.mark.anyio
async def test_a_geocoder_that_is_on_is_asked_once_through_the_guarded_door(tmp_path: Path) -> None:
    pages: dict[tuple[str, str], tuple[str, bytes]] = {("geo.example", "/search"): ("application/json", DOOR)}
    with serve_pages(pages) as port:
        settings = settings_with(
            tmp_path,
            geocoder="nominatim",
            geocoder_url="http://geo.example/search",
            allow_networks=(f"127.0.0.1/32:{port}",),
            connect=(f"geo.example:80=127.0.0.1:{port}",),
        )
        with open_store(settings.store) as store:
            async with Fetcher(settings) as fetcher:
                geocoder = make_geocoder(settings, store, fetcher)
                assert geocoder is not None
                answer = await geocoder.find(ADDRESS)
            pages.clear()
            async with Fetcher(settings) as fetcher:
                again = make_geocoder(settings, store, fetcher)
                assert again is not None
                assert await again.find(ADDRESS) == answer

    assert answer.precision is Precision.ROOFTOP
