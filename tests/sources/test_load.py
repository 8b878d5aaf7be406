"""Catalogue files: what they may say, and how a mistake is told."""

from datetime import timedelta

import pytest

from aggregator.errors import CatalogError
from aggregator.event import Kind
from sources.load import load, platform_names, source_at

ROW = """
[[source]]
name = "elmvalleychamber_com"
kind = "chamber"
platform = "ics"
url = "https://business.elmvalley.example/events.ics"
organizer = "Elm Valley Chamber of Commerce"
time_zone = "America/Los_Angeles"
location = { locality = "Elm Valley", region = "CA" }
"""


def test_eight_lines_are_a_source() -> None:
    (source,) = load(ROW, "my.toml")

    assert (source.name, source.kind, source.platform) == ("elmvalleychamber_com", Kind.CHAMBER, "ics")
    assert source.request.url == "https://business.elmvalley.example/events.ics"
    assert source.location.address.address_locality == "Elm Valley"
    assert source.every == timedelta(hours=6)


@pytest.mark.parametrize(
    ("line", "mistake", "told"),
    [
        ('kind = "chamber"', 'kind = "club"', "club"),
        ('platform = "ics"', 'platform = "icz"', "did you mean ics"),
        ('platform = "ics"', "", "“platform” is missing"),
        ('url = "https://business.elmvalley.example/events.ics"', "", "“url” is missing"),
        ('organizer = "', 'organiser = "', "did you mean “organizer”"),
        ("America/Los_Angeles", "Pacific", "no time zone"),
        ("locality = ", "town = ", "“town” is not a key"),
        ('name = "elmvalleychamber_com"', 'name = "Elm Valley"', "small letters"),
        ("[[source]]", "[source]", "[[source]]"),
        ('kind = "chamber"', "kind = chamber", "my.toml"),
        ('kind = "chamber"', 'every = "often"', "6h"),
        ('kind = "chamber"', 'permission = "yes"', "granted"),
    ],
)
def test_a_mistake_is_told_with_its_file_source_and_remedy(line: str, mistake: str, told: str) -> None:
    assert load(ROW, "my.toml")

    with pytest.raises(CatalogError) as caught:
        load(ROW.replace(line, mistake), "my.toml")

    assert "my.toml" in str(caught.value)
    assert told in str(caught.value)


def test_a_name_stands_once() -> None:
    with pytest.raises(CatalogError, match="twice"):
        load(ROW + ROW, "my.toml")


def test_a_source_that_is_switched_off_is_left_out() -> None:
    assert load(ROW + "enabled = false\n", "my.toml") == ()


@pytest.mark.parametrize(
    ("every", "length"), [("30m", timedelta(minutes=30)), ("2d", timedelta(days=2)), ("1m", timedelta(minutes=15))]
)
def test_a_source_has_its_own_rhythm_but_never_under_a_quarter_of_an_hour(every: str, length: timedelta) -> None:
    (source,) = load(f'{ROW}every = "{every}"\n', "my.toml")

    assert source.every == length


def test_fallbacks_share_all_but_platform_and_address() -> None:
    row = ROW + 'fallbacks = [{ platform = "rss", url = "https://business.elmvalley.example/feed" }]\n'

    (source,) = load(row, "my.toml")

    (fallback,) = source.fallbacks
    assert (fallback.name, fallback.platform, fallback.time_zone) == (source.name, "rss", source.time_zone)
    assert fallback.request.url == "https://business.elmvalley.example/feed"


@pytest.mark.parametrize("name", sorted({*platform_names()} - {"recurring"}))
def test_an_address_and_a_platform_are_enough(name: str) -> None:
    source = source_at("https://chamber.example/events", name)

    assert source.name == "chamber_example"
    assert source.platform == name


def test_a_rhythm_needs_its_rule() -> None:
    with pytest.raises(CatalogError, match="missing"):
        source_at("https://chamber.example/events", "recurring")
