"""“Still right?”: opening the link of a letter changes nothing, its button does once, and nobody can guess it."""

from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.confirm import GOOD_FOR, hash_of, new_asking, new_token
from aggregator.errors import StoreError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.app import create_app
from api.cli.inbox import StoreInbox

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    at = NOW + DAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(
    changing_town: Store, tmp_path: Path, gazetteer: Gazetteer, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an API whose store has a group of the volunteers."""
    changing_town.regroup("volunteers", NOW)
    with closing(StoreInbox(str(tmp_path / "hobnob.db"))) as inbox:
        app = create_app(changing_town, Settings(), gazetteer, inbox=inbox, now=clock)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://hobnob.example") as opened:
            yield opened


@pytest.fixture
def token(changing_town: Store) -> str:
    made = new_token()
    changing_town.ask_confirmation(new_asking("volunteers", made, NOW))
    return made


def last_confirmed(store: Store) -> datetime:
    (kept,) = store.groups()
    return kept.group.last_confirmed


async def test_to_open_the_link_five_times_changes_nothing_and_the_button_does(
    client: httpx.AsyncClient, changing_town: Store, token: str, clock: Clock
) -> None:
    version, before = changing_town.data_version(), last_confirmed(changing_town)

    looks = [await client.request(method, f"/confirm/{token}") for method in ("GET", "HEAD") * 5]
    untouched = changing_town.data_version(), last_confirmed(changing_town), changing_town.confirmed_at("volunteers")
    pressed = await client.post(f"/confirm/{token}")

    assert {look.status_code for look in looks} == {200}
    assert all('<form method="post">' in look.text for look in looks[::2])
    assert "Weekly Sort: every Tuesday" in looks[0].text
    assert untouched == (version, before, None)
    assert (pressed.status_code, "Thank you" in pressed.text) == (200, True)
    assert last_confirmed(changing_town) == clock() > before


async def test_a_group_that_was_confirmed_is_found_by_that(client: httpx.AsyncClient, token: str, clock: Clock) -> None:
    clock.at = NOW + 20 * DAY
    silent = (await client.get("/v1/groups", params={"confirmed_within": "14d"})).json()["items"]
    await client.post(f"/confirm/{token}")

    assert silent == []
    assert len((await client.get("/v1/groups?confirmed_within=14d")).json()["items"]) == 1


async def test_the_button_counts_once(
    client: httpx.AsyncClient, changing_town: Store, token: str, clock: Clock
) -> None:
    await client.post(f"/confirm/{token}")
    clock.at += DAY
    again, look = await client.post(f"/confirm/{token}"), await client.get(f"/confirm/{token}")

    assert (again.status_code, look.status_code) == (200, 200)
    assert "2026-10-08" in again.text
    assert "<form" not in look.text
    assert changing_town.confirmed_at("volunteers") == NOW + DAY


@pytest.mark.parametrize(
    "forge", [lambda t: t[:-1] + ("a" if t[-1] != "a" else "b"), hash_of, lambda _: "x", str.lower]
)
async def test_a_forged_link_confirms_nothing(
    client: httpx.AsyncClient, changing_town: Store, token: str, forge: Callable[[str], str]
) -> None:
    forged = f"/confirm/{forge(token)}"

    answers = [await client.get(forged), await client.post(forged)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert changing_town.confirmed_at("volunteers") is None
    assert (await client.post(f"/confirm/{token}")).status_code == 200


async def test_a_link_is_good_for_a_month(
    client: httpx.AsyncClient, changing_town: Store, token: str, clock: Clock
) -> None:
    clock.at = NOW + GOOD_FOR

    late = [await client.get(f"/confirm/{token}"), await client.post(f"/confirm/{token}")]
    clock.at -= timedelta(seconds=1)

    assert [answer.status_code for answer in late] == [410, 410]
    assert changing_town.confirmed_at("volunteers") is None
    assert (await client.post(f"/confirm/{token}")).status_code == 200


async def test_the_page_tells_nobody_where_it_is_and_is_not_kept(client: httpx.AsyncClient, token: str) -> None:
    headers = (await client.get(f"/confirm/{token}")).headers

    assert (headers["referrer-policy"], headers["cache-control"]) == ("no-referrer", "no-store")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_source_is_asked_once_a_quarter_and_its_token_is_nowhere_in_the_store(
    changing_town: Store, tmp_path: Path
) -> None:
    token = new_token()
    changing_town.ask_confirmation(new_asking("volunteers", token, NOW))

    with pytest.raises(StoreError, match="was asked on 2026-10-07"):
        changing_town.ask_confirmation(new_asking("volunteers", new_token(), NOW + 89 * DAY))
    changing_town.ask_confirmation(new_asking("chamber", new_token(), NOW))
    changing_town.ask_confirmation(new_asking("volunteers", new_token(), NOW + 90 * DAY))

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("hobnob.db*"))
    assert (token.encode() in kept, hash_of(token).encode() in kept) == (False, True)
    assert len({new_token() for _ in range(100)}) == 100


def test_a_group_that_came_after_the_word_is_not_covered_by_it(changing_town: Store, add: Any) -> None:
    token = new_token()
    changing_town.ask_confirmation(new_asking("volunteers", token, NOW - 20 * DAY))

    assert changing_town.confirm(hash_of(token), NOW - 10 * DAY)
    changing_town.regroup("volunteers", NOW)

    (kept,) = changing_town.groups("volunteers")
    assert kept.group.last_confirmed >= kept.group.first_seen > NOW - 10 * DAY
