"""What is kept in front of the app: the same bytes, for as long as they are true."""

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from aggregator.event import Event, Kind
from aggregator.settings import Settings
from aggregator.store.store import Store
from api import cache
from api.kept import accepts_gzip

pytestmark = pytest.mark.anyio
PLAIN = {"accept-encoding": "identity"}


@pytest.mark.parametrize("path", ["/v1/events", "/v1/events.ics", "/v1/sources", "/v1/sources/chamber/runs"])
async def test_an_answer_is_the_same_from_the_app_and_from_the_cache(client: httpx.AsyncClient, path: str) -> None:
    made = await client.get(path, headers=PLAIN)
    await client.get(path, headers=PLAIN)
    kept = await client.get(path, headers=PLAIN)
    packed = await client.get(path, headers={"accept-encoding": "gzip"})

    assert (kept.content, kept.headers) == (made.content, made.headers)
    assert packed.content == made.content
    assert packed.headers.get("content-encoding") == ("gzip" if len(made.content) > 500 else None)
    assert made.headers["cache-control"] == "public, max-age=60, s-maxage=60"
    assert made.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("form", ["{}", '{}, W/"x"', "*", "strong"])
async def test_who_has_it_already_is_told_so(client: httpx.AsyncClient, form: str) -> None:
    tag = (await client.get("/v1/events")).headers["etag"]
    value = tag.removeprefix("W/") if form == "strong" else form.format(tag)

    for address in ("/v1/events", "/v1/events", "/v1/events", "/v1/events?limit=50"):
        again = await client.get(address, headers={"if-none-match": value})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get("/v1/events", headers={"if-none-match": 'W/"other"'})).status_code == 200


async def test_the_same_question_in_other_words_has_the_same_tag(client: httpx.AsyncClient) -> None:
    spellings = (
        "near=Visalia,+CA&limit=50",
        "limit=50&near=Visalia,%20CA",
        "near=Visalia,++CA",
        "near=Visalia,+CA&sort=start",
    )

    tags = {(await client.get(f"/v1/events?{spelling}")).headers["etag"] for spelling in spellings}

    assert len(tags) == 1
    assert (await client.get("/v1/events?near=Fresno,+CA")).headers["etag"] not in tags


async def test_a_new_event_is_told_at_once(
    changing_town: Store,
    api: Callable[..., httpx.AsyncClient],
    add: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cache, "_RECHECK", 0)
    client = api(changing_town)
    before = await client.get("/v1/events?q=surprise")
    start = datetime(2026, 10, 9, 9, tzinfo=ZoneInfo("America/Los_Angeles"))

    add(
        changing_town,
        Kind.CHAMBER,
        (Event(source="chamber", uid="s", name="Surprise", start_date=start, time_zone="UTC"),),
    )

    after = await client.get("/v1/events?q=surprise", headers={"if-none-match": before.headers["etag"]})
    assert (before.json()["items"], after.status_code) == ([], 200)
    assert [event["name"] for event in after.json()["items"]] == ["Surprise"]


async def test_an_event_that_is_withdrawn_is_told_as_such_to_who_asks_for_changes(
    changing_town: Store, api: Callable[..., httpx.AsyncClient], add: Callable[..., None]
) -> None:
    (mixer,) = (await api(changing_town).get("/v1/events?q=mixer")).json()["items"]
    start = datetime(2026, 10, 9, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
    another = Event(source="chamber", uid="s", name="Another", start_date=start, time_zone="UTC")

    add(changing_town, Kind.CHAMBER, (another,), unseen=("Mixer",), withdrawn=("Mixer",))

    client = api(changing_town)
    changed = {"updated_since": "2026-10-07", "q": "mixer"}
    assert (await client.get("/v1/events?q=mixer")).json()["items"] == []
    assert [event["withdrawn"] for event in (await client.get("/v1/events", params=changed)).json()["items"]] == [True]
    assert (await client.get(f"/v1/events/{mixer['id']}")).json()["withdrawn"] is True
    assert "No longer listed: Mixer" in (await client.get("/v1/events.rss", params=changed)).text
    assert "X-HOBNOB-WITHDRAWN:TRUE" in (await client.get("/v1/events.ics", params=changed)).text
    assert '"hobnob:withdrawn":true' in (await client.get("/v1/events.jsonld", params=changed)).text


async def test_the_minute_decides_what_now_means(town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    clock = [datetime(2026, 10, 7, 18, 30, 20, tzinfo=ZoneInfo("UTC"))]

    async def tag() -> str:
        return str((await api(town, now=lambda: clock[0]).get("/v1/events")).headers["etag"])

    first = await tag()
    clock[0] += timedelta(seconds=39)
    same_minute = await tag()
    clock[0] += timedelta(seconds=1)
    assert first == same_minute != await tag()


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        head = await client.head("/v1/events", headers=PLAIN)
        assert (head.status_code, head.content) == (200, b"")
    got = await client.get("/v1/events", headers=PLAIN)
    assert head.headers == got.headers
    assert (await client.head("/health/live")).status_code == 200


async def test_errors_are_not_kept(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await client.get("/v1/events?limit=0")).status_code == 422


async def test_a_full_cache_begins_anew(town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    client = api(town)
    kept: cache.Cache = client._transport.app  # type: ignore[attr-defined]
    kept._most_bytes = 30_000

    sizes = []
    for limit in range(1, 20):
        for _ in range(2):
            assert (await client.get(f"/v1/events?limit={limit}")).status_code == 200
        sizes.append(kept._size)
    assert 0 in sizes
    assert 0 < max(sizes) <= 30_000


@pytest.mark.parametrize(
    ("header", "is_accepted"),
    [(b"gzip", True), (b"br, gzip;q=0.8", True), (b"br", False), (b"gzip;q=0, br", False), (b"x, gzip; q=0.0", False)],
)  # fmt: skip
def test_gzip_is_sent_to_who_accepts_it(header: bytes, is_accepted: bool) -> None:
    assert accepts_gzip(header) is is_accepted


async def test_a_feed_too_long_to_keep_streams_compressed(
    changing_town: Store,
    api: Callable[..., httpx.AsyncClient],
    add: Callable[..., None],
) -> None:
    start = datetime(2026, 10, 9, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
    add(changing_town, Kind.CHAMBER, tuple(
        Event(source="chamber", uid=f"{n}", name=f"Long {n}", start_date=start, time_zone="UTC", description="é" * 1000)
        for n in range(400)
    ))  # fmt: skip
    client = api(changing_town)

    plain = await client.get("/v1/events.geojson?q=long", headers=PLAIN)
    async with client.stream("GET", "/v1/events.geojson?q=long", headers={"accept-encoding": "gzip"}) as packed:
        raw = b"".join([part async for part in packed.aiter_raw()])

    assert len(plain.content) > 700_000
    assert len(raw) < 100_000
    assert gzip.decompress(raw) == plain.content
    assert "content-length" not in packed.headers


async def test_what_is_asked_once_takes_no_room(client: httpx.AsyncClient) -> None:
    kept: cache.Cache = client._transport.app  # type: ignore[attr-defined]

    for limit in range(1, 9):
        await client.get(f"/v1/events?limit={limit}")
    await client.get("/v1/events?limit=8")

    assert list(kept._by_address) == [("/v1/events", b"limit=8")]


async def test_two_apis_of_one_store_make_one_tag_and_one_that_is_set_otherwise_another(
    town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    told = {"public_url": "https://hobnob.example"}
    one, same, other = (
        api(town, settings=Settings(**told, **more)) for more in ({"port": 8001}, {"port": 8002}, {"units": "km"})
    )

    tags = [(await client.get("/v1/sources")).headers["etag"] for client in (one, same, other)]

    assert tags[0] == tags[1] != tags[2]


@pytest.mark.parametrize(
    "path", ["/v1/events", "/v1/events?near=Visalia,+CA", "/?lang=en", "/", "/v1/widget", "/about"]
)
async def test_who_has_it_already_is_told_the_same_of_caching_and_nothing_is_searched(
    town: Store, api: Callable[..., httpx.AsyncClient], path: str
) -> None:
    client = api(town, settings=Settings(admin_token="t" * 32))
    made = await client.get(path)
    searches = await count_searches(client)

    again = await client.get(path, headers={"if-none-match": made.headers["etag"]})

    assert again.status_code == 304
    for name in ("etag", "cache-control", "access-control-allow-origin"):
        assert again.headers[name] == made.headers[name]
    varying = [set(answer.headers.get_list("vary", split_commas=True)) for answer in (made, again)]
    assert varying[0] == varying[1]
    assert await count_searches(client) == searches


async def count_searches(client: httpx.AsyncClient) -> str:
    told = (await client.get("/metrics", headers={"Authorization": "Bearer " + "t" * 32})).text
    return next(line for line in told.splitlines() if line.startswith("hobnob_search_seconds_count"))
