"""A survey, as `hobnob add` makes it, of a site of every platform: each under its own host name, by HTTPS."""

import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aggregator.fetch import Fetcher
from aggregator.place.gazetteer import Gazetteer
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.source import Page, Request
from aggregator.survey import Survey, Surveyor, survey, write_row
from api.cli.survey import WAYS
from sources.detect import GENERAL, detect
from sources.load import load, platform_names

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command"),
]

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SITES = Path(__file__).parent / "sites"
"""One file a site: `>>> address` and what is answered there, first of all the page that a volunteer gives."""

UNFOUND = {
    "json": "its recipe of paths is written by a person: an answer of nobody's platform says not which path is what",
    "recurring": "a row that a person writes because no page tells the dates",
}
"""Platforms that no page leads to, and why."""

CLOSED = {"bni": "its terms forbid programs, so it is found but not read without permission"}
"""Platforms that are found but not read."""

KEYS = ("api2.goldenvolunteer.com=a-key",)


def pages_of(name: str) -> dict[str, str]:
    parts = re.split(r"^>>> (\S+)\n", (SITES / f"{name}.txt").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def names() -> list[str]:
    return sorted(path.stem for path in SITES.glob("*.txt"))


def address_of(name: str) -> str:
    return next(iter(pages_of(name)))


def landing_page(name: str) -> Page:
    url, body = next(iter(pages_of(name).items()))
    return Page(request=Request(url=url), url=url, body=body.encode(), fetched_at=NOW)


FOUND = [name for name in names() if name not in CLOSED.keys() | UNFOUND.keys()]
ALL_PAGES = {url: body for name in names() for url, body in pages_of(name).items()}
HOSTS = sorted({urlsplit(url).hostname or "" for url in ALL_PAGES})


def certify(folder: Path) -> tuple[Path, Path]:
    """A certificate of all hosts, that nobody but this test trusts."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    named = ["-subj", "/CN=test", "-addext", "subjectAltName=" + ",".join(f"DNS:{host}" for host in HOSTS)]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = ["openssl", "req", *kind, "-keyout", str(key), "-out", str(certificate), *named]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


async def resolve_nothing(host: str, port: int) -> list[str]:
    raise OSError(f"{host}:{port} is not of this test")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certify(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
async def web(
    anyio_backend: str, new_site: Callable[[Mapping[str, bytes]], Any], certificate: tuple[Path, Path]
) -> AsyncIterator[Any]:
    """All the sites, on one port of this machine."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*certificate)
    site = new_site({url.removeprefix("https://"): body.encode() for url, body in ALL_PAGES.items()})
    async with site.open(tls):
        yield site


def settings_for(port: int, ca_file: Path, keys: tuple[str, ...]) -> Settings:
    return Settings(
        contact="events@operator.example",
        allow_networks=(f"127.0.0.1/32:{port}",),
        connect=tuple(f"{host}:443=127.0.0.1:{port}" for host in HOSTS),
        ca_file=ca_file,
        host_gap=0,
        keys=keys,
    )


@pytest.fixture(scope="module")
def look(
    web: Any, certificate: tuple[Path, Path], shared_sandbox: Sandbox, shared_gazetteer: Gazetteer
) -> Callable[..., Any]:
    async def at(name: str, keys: tuple[str, ...] = KEYS) -> Survey:
        settings = settings_for(web.port, certificate[0], keys)
        async with Fetcher(settings, now=lambda: NOW, resolve=resolve_nothing) as fetcher:
            surveyor = Surveyor(ways=WAYS, fetcher=fetcher, sandbox=shared_sandbox, gazetteer=shared_gazetteer)
            return await survey(address_of(name), surveyor, NOW)

    return at


def test_every_platform_has_a_site_or_a_reason_for_none() -> None:
    assert not UNFOUND.keys() & set(names())
    assert sorted([*names(), *UNFOUND]) == platform_names()


def test_no_two_sites_share_an_address() -> None:
    assert len(ALL_PAGES) == sum(len(pages_of(name)) for name in names())


@pytest.mark.parametrize("name", FOUND)
async def test_a_site_is_read_by_its_own_platform_at_the_first_try(name: str, look: Callable[..., Any]) -> None:
    found: Survey = await look(name)

    assert found.best is not None, [(trial.platform, trial.failure) for trial in found.trials]
    assert [trial.platform for trial in found.trials] == [name], found.trials
    assert found.best.coming(NOW), found.best
    assert not found.best.rejected
    assert found.robots == "robots.txt lets us read it"

    (source,) = load(write_row(found), name)
    assert source.platform == name
    assert source.time_zone is not None
