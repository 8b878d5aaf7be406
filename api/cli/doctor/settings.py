"""What the settings say, and what they leave out; pure but for the files they name."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from aggregator.errors import HobnobError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import CONFIG_FILE, Settings
from api.cli.chosen import choose_sources
from api.cli.doctor.finding import Finding, Grade
from api.cli.words import count

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DOORS = ("allow_networks", "connect", "ca_file")


def examine_settings(settings: Settings, catalogs: Sequence[Path] | None) -> Iterator[Finding]:
    """Every setting that somebody may have forgotten, or left open."""
    yield _contact(settings)
    yield _place(settings)
    yield _address(settings)
    yield _token(settings)
    yield from _doors(settings)
    yield _catalogue(settings, catalogs)


def _contact(settings: Settings) -> Finding:
    if settings.contact:
        return Finding(grade=Grade.WELL, about="contact", seen=settings.contact)
    return Finding(
        grade=Grade.WRONG,
        about="contact",
        seen="nobody is named as the operator, so nothing is fetched",
        advice=f"hobnob init, or `contact` in {CONFIG_FILE}, or HOBNOB_CONTACT",
    )


def _place(settings: Settings) -> Finding:
    if settings.place is None:
        return Finding(
            grade=Grade.DOUBTFUL,
            about="place",
            seen="none is set, so a question without a place is about everywhere",
            advice=f"`place` in {CONFIG_FILE}",
        )
    try:
        spot = Gazetteer.open(settings.places).resolve(settings.place)
    except HobnobError as error:
        return Finding(grade=Grade.WRONG, about="place", seen=str(error), advice=f"mend `place` in {CONFIG_FILE}")
    return Finding(grade=Grade.WELL, about="place", seen=f"{spot.name}, {spot.region}, time zone {spot.time_zone}")


def _address(settings: Settings) -> Finding:
    if settings.public_url is None:
        grade = Grade.WELL if settings.host in LOOPBACK else Grade.DOUBTFUL
        seen = f"links begin with {settings.base_url}, which is right on this machine only"
        return Finding(grade=grade, about="public_url", seen=seen, advice=f"`public_url` in {CONFIG_FILE} for others")
    if not settings.public_url.startswith("https://"):
        seen = f"{settings.public_url}: without TLS, and widgets on https: pages cannot ask it"
        return Finding(
            grade=Grade.DOUBTFUL, about="public_url", seen=seen, advice="put a web server with TLS before it"
        )
    return Finding(grade=Grade.WELL, about="public_url", seen=settings.public_url)


def _token(settings: Settings) -> Finding:
    if settings.admin_token:
        return Finding(grade=Grade.WELL, about="admin_token", seen="set")
    return Finding(
        grade=Grade.DOUBTFUL,
        about="admin_token",
        seen="none, so the operator's pages are closed",
        advice="hobnob init makes one",
    )


def _doors(settings: Settings) -> Iterator[Finding]:
    """Settings that let the fetcher go where it otherwise would not."""
    for name in DOORS:
        value = getattr(settings, name)
        if value:
            told = ", ".join(value) if isinstance(value, tuple) else str(value)
            advice = "right for tests and for a calendar inside your own network; otherwise take it out"
            yield Finding(grade=Grade.DOUBTFUL, about=name, seen=f"opens {told}", advice=advice)


def _catalogue(settings: Settings, catalogs: Sequence[Path] | None) -> Finding:
    try:
        loaded = choose_sources(settings, catalogs, None, None)
    except HobnobError as error:
        return Finding(grade=Grade.WRONG, about="catalogue", seen=str(error), advice="hobnob add ADDRESS writes a file")
    unread = sum(source.permission == "granted" for source in loaded)
    seen = count(len(loaded), "source") + (f", {unread} read by permission" if unread else "")
    return Finding(grade=Grade.WELL, about="catalogue", seen=seen)
