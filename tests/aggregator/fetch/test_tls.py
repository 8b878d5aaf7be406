"""TLS is checked against the host that was asked for, wherever the connection leads."""

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from aggregator.errors import FetchError
from aggregator.source import Request

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command"),
]


@pytest.fixture
def certificate(tmp_path) -> tuple[Path, Path]:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    arguments = ["-nodes", "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=DNS:chamber.example"]
    kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command = ["openssl", *kind, "-keyout", key, "-out", certificate, *arguments]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@pytest.fixture
async def secure_port(site, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    async with await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
def allowed(secure_port) -> dict[str, tuple[str, ...]]:
    names = ("chamber.example", "library.example")
    return {
        "allow_networks": (f"127.0.0.1/32:{secure_port}",),
        "connect": tuple(f"{name}:443=127.0.0.1:{secure_port}" for name in names),
    }


async def test_a_name_the_certificate_bears_is_trusted_with_the_operators_file(
    site, open_fetcher, allowed, certificate
):
    site.answers["/"] = site.reply(b"x")
    async with open_fetcher(**allowed, ca_file=certificate[0]) as fetcher:
        assert (await fetcher.fetch(Request(url="https://chamber.example/"))).body == b"x"
    assert site.asked[0].headers["host"] == "chamber.example"


async def test_without_that_file_it_is_not_trusted(open_fetcher, allowed):
    async with open_fetcher(**allowed) as fetcher:
        with pytest.raises(FetchError, match="certificate"):
            await fetcher.fetch(Request(url="https://chamber.example/"), permission="granted")


async def test_a_name_the_certificate_does_not_bear_is_refused(open_fetcher, allowed, certificate):
    async with open_fetcher(**allowed, ca_file=certificate[0]) as fetcher:
        with pytest.raises(FetchError, match=r"library\.example"):
            await fetcher.fetch(Request(url="https://library.example/"), permission="granted")


async def test_a_redirect_from_https_to_http_is_refused(site, open_fetcher, allowed, certificate):
    site.answers["/"] = site.reply(b"", "302 Found", Location="http://chamber.example/")
    async with open_fetcher(**allowed, ca_file=certificate[0]) as fetcher:
        with pytest.raises(FetchError, match="from https to http"):
            await fetcher.fetch(Request(url="https://chamber.example/"))
