"""A survey, as `hobnob add` makes it, of a site of every platform: each under its own host name, by HTTPS."""

import asyncio
import re
import shutil
import ssl
import subprocess
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aggregator.fetch import Fetcher
from aggregator.place.gazetteer import Gazetteer
from aggregator.sandbox import Sandbox
from aggregator.settings import load_settings
from aggregator.source import Page, Request
from aggregator.survey import Survey, Surveyor, survey, write_row
from api.cli.survey import WAYS
from sources.detect import GENERAL, detect
from sources.load import load, platform_names, source_at

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command"),
]

Look = Callable[..., Awaitable[Survey]]
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SITES = Path(__file__).parent / "sites"
"""One file a platform: `>>> address` and what is answered there, first of all the page that a volunteer gives."""

UNSIGNED = {
    "css": "a page of no platform; a recipe of selectors is made from its repeated parts",
    "json": "an answer of no platform; a person has to say which path of it is what",
    "recurring": "a page that tells a rhythm in a sentence; a person writes the row",
}
"""Platforms that no mark speaks for, and what is found instead."""

CLOSED = {"bni": "its terms forbid programs: it is found, and read only with permission"}
KEY = "api2.goldenvolunteer.com=a-key"


def pages_of(name: str) -> dict[str, bytes]:
    parts = re.split(rb"^>>> (\S+)\n", (SITES / f"{name}.txt").read_bytes(), flags=re.MULTILINE)
    return {url.decode(): body for url, body in zip(parts[1::2], parts[2::2], strict=True)}


NAMES = sorted(path.stem for path in SITES.glob("*.txt"))
PAGES = {name: pages_of(name) for name in NAMES}
GIVEN = {name: next(iter(pages)) for name, pages in PAGES.items()}
"""The address that a volunteer gives, of each."""

READ = [name for name in NAMES if name not in {"json", "recurring", *CLOSED}]
HOSTS = sorted({urlsplit(url).hostname or "" for pages in PAGES.values() for url in pages})


def page_at(url: str, name: str) -> Page:
    return Page(request=Request(url=url), url=url, body=PAGES[name][url], fetched_at=NOW)


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
    site = new_site({url.removeprefix("https://"): body for pages in PAGES.values() for url, body in pages.items()})
    async with site.open(tls):
        yield site


@pytest.fixture(scope="module")
def reach(web: Any, certificate: tuple[Path, Path]) -> dict[str, str]:
    """The settings under which every host of the sites, and no other, is that port."""
    return {
        "contact": "events@operator.example",
        "allow_networks": f"127.0.0.1/32:{web.port}",
        "connect": ",".join(f"{host}:443=127.0.0.1:{web.port}" for host in HOSTS),
        "ca_file": str(certificate[0]),
        "host_gap": "0",
    }


@pytest.fixture(scope="module")
def look(reach: dict[str, str], shared_sandbox: Sandbox, shared_gazetteer: Gazetteer) -> Look:
    async def at(url: str, keys: str = KEY) -> Survey:
        settings = load_settings(**reach, keys=keys)
        async with Fetcher(settings, now=lambda: NOW, resolve=resolve_nothing) as fetcher:
            surveyor = Surveyor(ways=WAYS, fetcher=fetcher, sandbox=shared_sandbox, gazetteer=shared_gazetteer)
            return await survey(url, surveyor, NOW)

    return at


def test_every_platform_has_a_site_of_its_own() -> None:
    addresses = [url for pages in PAGES.values() for url in pages]

    assert platform_names() == NAMES
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("name", READ)
async def test_a_site_is_read_by_its_own_platform_at_the_first_try(name: str, look: Look) -> None:
    found = await look(GIVEN[name])

    assert found.robots == "robots.txt lets us read it"
    assert [(trial.platform, trial.failure) for trial in found.trials] == [(name, None)]
    assert found.best is not None
    assert found.best.coming(NOW) == tuple(sorted(found.best.events, key=lambda event: event.start_date))
    assert found.best.events
    assert found.best.rejected == ()


@pytest.mark.parametrize("name", READ)
async def test_the_row_that_is_written_names_the_platform_and_can_be_loaded(name: str, look: Look) -> None:
    (source,) = load(write_row(await look(GIVEN[name])), name)

    assert source.platform == name
    assert source.time_zone is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_site_is_taken_for_no_other_platform(name: str) -> None:
    first, *others = [*(candidate.platform for candidate in detect(page_at(GIVEN[name], name))), None]

    assert first == (None if name in UNSIGNED else name)
    assert {*others} <= {*GENERAL, None}


async def test_a_platform_whose_terms_forbid_programs_is_named_and_read_in_no_other_way(look: Look) -> None:
    found = await look(GIVEN["bni"])

    (trial,) = found.trials
    assert (trial.platform, found.best, found.stub) == ("bni", None, None)
    assert trial.failure is not None
    assert "ask, then write permission = “granted”" in trial.failure
    assert "as a “recurring” row" in trial.failure


def test_with_permission_it_is_read() -> None:
    source = source_at(GIVEN["bni"], "bni", permission="granted", note="by the region's director, 2026-08-20")

    (meeting,) = source.parse(page_at(source.request.url, "bni"))

    assert (meeting.name, meeting.schedule) == ("BNI Riverbend Sunrise", "every Thursday 07:00-08:30")


async def test_a_platform_that_wants_a_key_says_where_to_put_it(look: Look) -> None:
    found = await look(GIVEN["golden"], keys="")

    (trial,) = found.trials
    assert (trial.platform, found.best) == ("golden", None)
    assert "set HOBNOB_KEYS=api2.goldenvolunteer.com=…" in (trial.failure or "")


async def test_a_page_of_no_platform_gives_an_induced_recipe(look: Look) -> None:
    found = await look(GIVEN["css"])

    assert found.best is not None
    assert found.best.recipe is not None
    assert [event.name for event in found.best.coming(NOW)] == [
        "Riverside Loop",
        "Orchard Stroll",
        "Old Rail Trail",
        "Owl Prowl",
    ]


@pytest.mark.parametrize("name", ["json", "recurring"])
async def test_what_only_a_person_can_read_gives_a_recipe_to_mend_and_no_event(name: str, look: Look) -> None:
    found = await look(GIVEN[name])

    assert (found.trials, found.best) == ((), None)
    assert "mend this recipe by hand" in found.stub_why
    assert write_row(found).count('platform = "css"') == 1


def written_in(folder: Path) -> tuple[list[str], list[str]]:
    """The platforms of the catalogue's rows, and the names of the files of stubs."""
    rows = tomllib.loads((folder / "sources.toml").read_text())["source"]
    return [row["platform"] for row in rows], sorted(path.name for path in folder.glob("*.stub.toml"))


async def test_the_command_writes_a_row_for_each_address_of_a_list(
    reach: dict[str, str], tmp_path: Path, run_hobnob: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "list.txt").write_text("".join(f"{url}\n" for url in GIVEN.values()))
    environment = {f"HOBNOB_{key.upper()}": value for key, value in {**reach, "keys": KEY}.items()}

    ran = await asyncio.to_thread(run_hobnob, tmp_path, NOW, "add", "list.txt", "--yes", **environment)

    rows, stubs = written_in(tmp_path)
    assert rows == READ, ran.stdout + ran.stderr
    assert f"{len(READ)} of {len(NAMES)} addresses gave a source" in ran.stdout
    assert stubs == ["cranberryclub_example.stub.toml", "gooseneckleads_example.stub.toml"]
