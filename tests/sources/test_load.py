"""Catalogue files: what they may say, and how a mistake is told."""

import pickle
from datetime import timedelta

import pytest

from aggregator.errors import CatalogError
from aggregator.event import GeoCoordinates, Kind
from sources.about import read_abouts
from sources.load import load, own_keys, platform, platform_names, source_at

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

RSS = '{ platform = "rss", url = "https://business.elmvalley.example/feed"'


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
        ('kind = "chamber"', 'permission = "granted"', "“permission” needs a “note”"),
        ('kind = "chamber"', 'permission = "granted"\nnote = " "', "“permission” needs a “note”"),
        ('kind = "chamber"', 'enabled = "no"', "enabled = “no”"),
        ('kind = "chamber"', "note = 5", "note = 5 is no text"),
        ('kind = "chamber"', 'kind = ["chamber"]', "kind"),
        ('organizer = "Elm Valley Chamber of Commerce"', "organizer = 5", "organizer = 5 is no text"),
        ('url = "https://business.elmvalley.example/events.ics"', "url = 5", "“url” is"),
        ('locality = "Elm Valley"', "locality = 5", "location: locality = 5 is no text"),
        ('locality = "Elm Valley"', 'latitude = "x", longitude = 2', "location: latitude = “x”"),
        ('locality = "Elm Valley"', "latitude = 999, longitude = 2", "location: latitude = “999”"),
        ('locality = "Elm Valley"', "latitude = nan, longitude = 2", "location: latitude = “nan”"),
        ('locality = "Elm Valley"', "latitude = true, longitude = 2", "location: latitude = “True”"),
        ('locality = "Elm Valley"', "latitude = 36.3", "location: longitude is missing"),
        ('location = { locality = "Elm Valley", region = "CA" }', 'location = "x"', "location: is a table"),
        ('kind = "chamber"', 'fallbacks = "x"', "fallbacks are tables"),
        ('kind = "chamber"', 'fallbacks = ["x"]', "fallbacks are tables"),
        ('kind = "chamber"', 'fallbacks = [{ url = "https://a.example" }]', "fallback 1: “platform” is missing"),
        ('kind = "chamber"', 'fallbacks = [{ platform = "rss" }]', "fallback 1: “url” is missing"),
        ('kind = "chamber"', f"fallbacks = [{RSS}, date_form = 'title' }}]", "did you mean “date_from”"),
        ('kind = "chamber"', f"fallbacks = [{RSS}, every = '1h' }}]", "fallback 1: “every” is the source's"),
        ('kind = "chamber"', f"fallbacks = [{RSS}, name = 'other' }}]", "fallback 1: “name” is the source's"),
        ("[[source]]", "[[sources]]", "did you mean “source”"),
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


def test_a_fallback_has_options_and_words_of_its_own() -> None:
    (source,) = load(f"{ROW}fallbacks = [{RSS}, date_from = 'title', time_zone = 'UTC' }}]\n", "my.toml")

    (fallback,) = source.fallbacks
    assert fallback.parse.keywords == {"date_from": "title"}  # type: ignore[attr-defined]
    assert (fallback.time_zone, source.time_zone) == ("UTC", "America/Los_Angeles")


def test_a_permission_that_says_who_granted_it_is_taken() -> None:
    (source,) = load(f'{ROW}permission = "granted"\nnote = "Ann, by letter"\n', "my.toml")

    assert (source.permission, source.note) == ("granted", "Ann, by letter")


@pytest.mark.parametrize(("host", "permission"), [("business.elmvalley.example", "granted"), ("tickets.example", None)])
def test_a_permission_holds_for_the_host_that_granted_it(host: str, permission: str | None) -> None:
    row = f'{ROW}permission = "granted"\nnote = "Ann, by letter"\n'

    (source,) = load(f'{row}fallbacks = [{{ platform = "rss", url = "https://{host}/feed" }}]\n', "my.toml")

    assert source.fallbacks[0].permission == permission


def test_coordinates_that_can_be_are_taken() -> None:
    (source,) = load(ROW.replace('locality = "Elm Valley"', "latitude = 36, longitude = -119.3"), "my.toml")

    assert source.location.geo == GeoCoordinates(latitude=36.0, longitude=-119.3)


def test_the_same_file_gives_the_same_sources() -> None:
    text = f"{ROW}fallbacks = [{RSS}, date_from = 'title' }}]\n"
    other = text.replace("'title'", "'pubdate'")

    assert load(text, "my.toml") == load(text, "my.toml")
    assert load(text, "my.toml") != load(other, "my.toml")


def test_a_parser_with_options_reaches_the_parsing_child() -> None:
    (source,) = load(f"{ROW}fallbacks = [{RSS}, date_from = 'title' }}]\n", "my.toml")

    parse = source.fallbacks[0].parse
    assert pickle.loads(pickle.dumps(parse)) == parse  # noqa: S301 - our own


NEEDS_MORE = {"bni", "chambernation", "css", "json", "dacdb", "recurring", "toastmasters"}
"""What needs a permission, a recipe, a rule, a number or a point beside the address."""


@pytest.mark.parametrize("name", sorted({*platform_names()} - NEEDS_MORE))
def test_an_address_and_a_platform_are_enough(name: str) -> None:
    source = source_at("https://chamber.example/events", name)

    assert source.name == "chamber_example"
    assert source.platform == name


def test_a_platform_whose_terms_forbid_programs_wants_a_permission_and_who_gave_it() -> None:
    granted = {"permission": "granted", "note": "by the region's director, 2026-11-01"}

    assert source_at("https://bni.example/chapterdetail?chapterId=7", "bni", **granted).permission == "granted"
    with pytest.raises(CatalogError, match="forbid programs"):
        source_at("https://bni.example/chapterdetail?chapterId=7", "bni")


@pytest.mark.parametrize("name", platform_names())
def test_every_platform_tells_what_its_own_keys_mean_and_no_others(name: str) -> None:
    about = read_abouts()[name]

    assert about.keys.keys() == own_keys(platform(name, "a test"))
    assert all((about.title, about.reads, about.fields, about.paging, about.identity, about.terms))


def test_nothing_is_told_of_platforms_that_there_are_not() -> None:
    assert list(read_abouts()) == platform_names()


def test_a_rhythm_needs_its_rule() -> None:
    with pytest.raises(CatalogError, match="missing"):
        source_at("https://chamber.example/events", "recurring")
