"""Nothing that can be asked makes the API fail, or answer what its OpenAPI document does not say."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from starlette.types import ASGIApp

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.app import create_app
from api.parameters import SCHEMAS

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)


@pytest.fixture
def address(
    town: Store,
    settings: Settings,
    gazetteer: Gazetteer,
    serve: Callable[[ASGIApp], AbstractContextManager[str]],
) -> Iterator[str]:
    with serve(create_app(town, settings, gazetteer)) as address:
        yield address


def test_schemathesis_finds_no_failure_and_nothing_undocumented(address: str, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json",
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "1",
        "--no-color", "--warnings", "off", "--continue-on-failure",
    ]  # fmt: skip
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)

    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]


@pytest.mark.parametrize("path", ["/v1/events", "/v1/events.ics", "/docs", "/v1/events/nosuch"])
def test_a_head_leaves_the_connection_as_a_get_does(address: str, path: str) -> None:
    connection = HTTPConnection(address.removeprefix("http://"))
    connection.connect()
    connection.auto_open = 0
    statuses = []
    for method in ("HEAD", "HEAD", "GET"):
        connection.request(method, path)
        answer = connection.getresponse()
        assert bool(answer.read()) == (method == "GET")
        statuses.append(answer.status)
    connection.close()

    assert len(set(statuses)) == 1


MOMENTS = (
    "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1970-01-01", "2199-12-31",
    "2199-12-31T23:59:59.999999-14:00", "1970-01-01T00:00:00+14:00", "2026-03-08T02:30", "2026-11-01T01:30",
    "2024-02-29", "2026-10-08", "2026-10-08T00:00Z",
)  # fmt: skip
NUMBERS = (
    "nan", "-nan", "inf", "1e999", "-1e999", "0", "-0", "-0.0", "90", "-90", "180", "-180", "90.0000001", "9" * 31,
    "1e-400", "0x1p3", "1", "200", "201", "366", "367", "500km", "500.000001km", "0.0000001m", "310mi", "1m",
)  # fmt: skip
OTHERS = (
    "24:00", "00:00", "UTC", "Etc/GMT+12", "Factory", "localtime", "Visalia, CA", "179.9,89.9", "90,180", "-90,-180",
    "!", "-180,-90,180,90", "180,-90,-180,90", "0,0,0,0", "%", '"', "\x00", "*", "a" * 200,
    "free,!free", "NEAR(a b)",
)  # fmt: skip


@pytest.fixture(scope="module")
def status(town: Store, api: Callable[..., httpx.AsyncClient]) -> Callable[[str], int]:
    client = api(town)

    async def get(query: str) -> int:
        return (await client.get(f"/v1/events?{query}")).status_code

    return lambda query: anyio.run(get, query)


@bounded(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(sorted({*SCHEMAS, "radius", "unit"})),
            st.sampled_from((*MOMENTS, *NUMBERS, *OTHERS)) | st.dates().map(str) | st.datetimes().map(str),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_no_limit_of_dates_and_numbers_ends_in_a_failure(
    status: Callable[[str], int], pairs: list[tuple[str, str]]
) -> None:
    assert status(urlencode(pairs)) in (200, 422)
