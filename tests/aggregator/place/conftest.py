"""One gazetteer for all the tests of places."""

from pathlib import Path

import pytest

from aggregator.event import Place, PostalAddress
from aggregator.place.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def gazetteer(cache: Path) -> Gazetteer:
    return Gazetteer.open(cache=cache)


@pytest.fixture(scope="session")
def visalia() -> Place:
    return Place(address=PostalAddress(address_locality="Visalia", address_region="CA", address_country="US"))
