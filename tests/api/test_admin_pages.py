"""The operator's pages: who is let in, whose forms are done, and what each page shows and does."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store.mailing import Settled, Stage, open_mailing
from aggregator.store.mailing.tables import subscriptions
from aggregator.store.store import Store
from api.app import create_app
from api.cli.inbox import StoreInbox
from api.cli.operator import Desk
from api.web.admin.session import LASTS, make_notice, read_notice

pytestmark = pytest.mark.anyio

TOKEN = "t" * 32
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
SITE = "https://hobnob.example"
OURS = {"Origin": SITE}
WINDOW = {"start": "2026-10-07", "end": "2026-12-31", "limit": 200}
ROW = """[[source]]
name = "chamber"
kind = "chamber"
platform = "ics"
url = "https://chamber.example/events.ics"
"""
HOSTILE = "</textarea><script>alert(1)</script>"
PAGES = (
    "/admin", "/admin/pages/sources", "/admin/pages/sources/chamber", "/admin/pages/sources/chamber/held/1",
    "/admin/pages/matches", "/admin/pages/corrections", "/admin/pages/suggestions", "/admin/pages/events/x",
    "/admin/pages/events?event=x", "/admin/pages/widgets", "/admin/pages/widgets/x", "/admin/pages/widgets/x/preview",
    "/admin/pages/letters",
)  # fmt: skip
FORMS = (
    "sources/chamber/run", "sources/chamber/pause", "sources/chamber/resume", "sources/chamber/edit",
    "sources/chamber/held/1/accept", "sources/chamber/held/1/reject", "matches/join", "matches/split",
    "corrections/1/undo", "events/x/correct", "events/x/hide", "events/x/unhide", "suggestions/1/accept",
    "suggestions/1/reject", "sign-out", "letters/resend", "letters/skip", "widgets", "widgets/x", "widgets/x/remove",
)  # fmt: skip


class Clock:
    at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.toml"
    rows = (f'[[source]]\nname = "{name}"\nplatform = "ics"\nurl = "https://{name}.example/a.ics"\n' for name in "ab")
    path.write_text("\n".join([ROW, *rows]))
    return path


@pytest.fixture
async def visitor(
    changing_town: Store, catalog: Path, tmp_path: Path, gazetteer: Gazetteer, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in, at a site that has an operator."""
    settings = Settings(
        admin_token=TOKEN, public_url=SITE, place="Visalia, CA", suggestions=True, catalogs=(str(catalog),)
    )
    desk = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=(catalog,), now=clock)
    file = str(tmp_path / "hobnob.db")
    with closing(StoreInbox(file)) as inbox, open_mailing(file) as mailing:
        app = create_app(changing_town, settings, gazetteer, operator=desk, inbox=inbox, mailing=mailing, now=clock)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=SITE) as client:
            yield client


@pytest.fixture
async def operator(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same, signed in."""
    assert (await sign_in(visitor)).status_code == 303
    return visitor


@pytest.fixture
def held(changing_town: Store, hold_back: Callable[..., int]) -> int:
    """The number of a run that was held back."""
    return hold_back(changing_town, f"Harvest Supper {HOSTILE}")


async def sign_in(
    client: httpx.AsyncClient, token: str = TOKEN, goal: str = "/admin", **headers: str
) -> httpx.Response:
    given = {"token": token, "goal": goal}
    return await client.post("/admin/pages/sign-in", data=given, headers={**OURS, **headers})


async def send(client: httpx.AsyncClient, path: str, **given: str) -> httpx.Response:
    """As the form on the overview would."""
    page = (await client.get("/admin")).text
    found = re.search(r'name="form_token" value="(\w+)"', page)
    assert found
    return await client.post(f"/admin/pages/{path}", data={"form_token": found[1], **given}, headers=OURS)


async def done(client: httpx.AsyncClient, path: str, **given: str) -> str:
    """What the page says that a form leads to."""
    sent = await send(client, path, **given)
    assert sent.status_code == 303, sent.text
    page = await client.get(sent.headers["location"])
    found = re.search(r'role="status">([^<]*)<', page.text)
    assert (page.status_code, found is not None) == (200, True)
    return found[1] if found else ""


async def ids(client: httpx.AsyncClient) -> dict[str, str]:
    items = (await client.get("/v1/events", params=WINDOW)).json()["items"]
    return {item["name"]: item["id"] for item in items}


@pytest.mark.parametrize("path", PAGES)
async def test_without_a_token_a_page_says_how_to_set_one(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"Cookie": "hobnob_admin=x.y.z"})

    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert "Set <code>admin_token</code>" in answer.text
    assert 'type="password"' not in answer.text
    assert (await client.post("/admin/pages/sign-in", data={"token": ""}, headers=OURS)).status_code == 404


@pytest.mark.parametrize("path", PAGES)
async def test_who_is_not_signed_in_is_asked_for_the_token(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path)

    assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")
    assert 'type="password"' in answer.text
    assert "chamber" not in re.sub('/admin[^"]*', "", answer.text)


async def test_the_token_gives_a_cookie_that_does_not_hold_it(visitor: httpx.AsyncClient) -> None:
    answer = await sign_in(visitor, f" {TOKEN} ", "/admin/pages/sources")

    told = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/pages/sources")
    for part in ("hobnob_admin=", "HttpOnly", "Max-Age=7200", "Path=/admin", "SameSite=strict", "Secure"):
        assert part in told
    assert TOKEN not in told
    assert (await visitor.get("/admin")).status_code == 200
    assert "hobnob_admin" not in str((await visitor.get("/")).request.headers)


@pytest.mark.parametrize("goal", ["https://evil.example", "//evil.example", "/admin/pages//x?y", "/admin/../x", "/x"])
async def test_signing_in_leads_to_no_other_place(visitor: httpx.AsyncClient, goal: str) -> None:
    assert (await sign_in(visitor, goal=goal)).headers["location"] == "/admin"


async def test_a_session_ends_by_itself(operator: httpx.AsyncClient, clock: Clock) -> None:
    cookie = {"Cookie": f"hobnob_admin={operator.cookies['hobnob_admin']}"}
    operator.cookies.clear()
    clock.at = NOW + LASTS - timedelta(seconds=1)
    before = await operator.get("/admin", headers=cookie)
    clock.at = NOW + LASTS

    assert (before.status_code, (await operator.get("/admin", headers=cookie)).status_code) == (200, 401)


@pytest.mark.parametrize("made_up", ["{0}0", "9{0}", "", "é.é.é", "9{1}"])
async def test_a_cookie_that_was_made_up_lets_nobody_in(operator: httpx.AsyncClient, made_up: str) -> None:
    session = operator.cookies["hobnob_admin"]
    operator.cookies.clear()
    cookie = made_up.format(session, session.rpartition(".")[0])

    answer = await operator.get("/admin", headers={"Cookie": f"hobnob_admin={cookie}".encode()})

    assert answer.status_code == 401


async def test_who_has_tried_five_wrong_tokens_waits_and_another_does_not(
    visitor: httpx.AsyncClient, clock: Clock
) -> None:
    wrong = [await sign_in(visitor, "guess", **{"X-Forwarded-For": "198.51.100.7"}) for _ in range(6)]
    right = await sign_in(visitor, **{"X-Forwarded-For": "198.51.100.7"})
    other = await sign_in(visitor, **{"X-Forwarded-For": "198.51.100.8"})
    clock.at = NOW + timedelta(hours=1)
    after = await sign_in(visitor, **{"X-Forwarded-For": "198.51.100.7"})

    assert [answer.status_code for answer in wrong] == [401] * 5 + [429]
    assert (right.status_code, right.headers["retry-after"]) == (429, "3600")
    assert "Try again in 61 minutes" in right.text
    assert (other.status_code, after.status_code) == (303, 303)


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_that_is_not_ours_is_not_done(
    operator: httpx.AsyncClient, changing_town: Store, held: int, path: str
) -> None:
    found = re.search(r'name="form_token" value="(\w+)"', (await operator.get("/admin")).text)
    assert found
    url, before = f"/admin/pages/{path}", (changing_town.data_version(), changing_town.sources())
    given = {"form_token": found[1], "why": "w", "one": "a/1", "other": "b/1", "row": ROW}

    foreign = await operator.post(url, data=given, headers={"Origin": "https://evil.example"})
    silent = await operator.post(url, data=given)
    guessed = await operator.post(url, data=given | {"form_token": "0" * 64}, headers=OURS)
    bare = await operator.post(url, data={"why": "w"}, headers=OURS)
    json = await operator.post(url, json=given, headers=OURS)
    signed_out = await operator.post(url, data=given, headers={**OURS, "Cookie": "hobnob_admin="})

    statuses = [answer.status_code for answer in (foreign, silent, guessed, bare, json)]
    assert statuses == [403, 403, 403, 403, 415]
    assert signed_out.status_code == 401
    assert (changing_town.data_version(), changing_town.sources()) == before
    assert (await operator.get("/admin")).status_code == 200


async def test_signing_in_from_another_site_does_nothing(visitor: httpx.AsyncClient) -> None:
    for origin in ("https://evil.example", "null", ""):
        answer = await sign_in(visitor, Origin=origin)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_signing_out_takes_the_cookie_back(operator: httpx.AsyncClient) -> None:
    answer = await send(operator, "sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
    assert (await operator.get("/admin")).status_code == 401


async def test_the_routes_for_programs_know_no_cookie(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/admin/sources")).status_code == 401
    shown = {"Authorization": f"Bearer {TOKEN}"}
    assert (await operator.get("/admin/sources", headers=shown)).headers["content-type"] == "application/json"


async def test_the_overview_tells_what_needs_a_person(
    operator: httpx.AsyncClient, changing_town: Store, held: int, list_alike: Callable[[Store], None]
) -> None:
    list_alike(changing_town)
    sent = await operator.post("/v1/suggestions", json={
        "type": "event", "name": "Seed Swap", "startDate": "2026-10-24T10:00", "location": "Visalia, CA",
    })  # fmt: skip

    answer = await operator.get("/admin")

    assert sent.status_code == 202
    assert f'href="/admin/pages/sources/chamber/held/{held}"' in answer.text
    for words in ("2 of 6", "1 pair of listings may be one happening", "1 waits for your word", "quarantined",
                  "Nobody has subscribed yet", "2026-10-07 17:30 UTC"):  # fmt: skip
        assert words in answer.text
    assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("no-store", "noindex")
    assert "etag" not in answer.headers


async def test_one_sees_what_a_held_back_run_would_change_and_accepts_it(
    operator: httpx.AsyncClient, held: int
) -> None:
    before = await ids(operator)

    page = (await operator.get(f"/admin/pages/sources/chamber/held/{held}")).text
    told = await done(operator, f"sources/chamber/held/{held}/accept")
    again = await send(operator, f"sources/chamber/held/{held}/accept")

    assert "New: 1" in page
    assert "Changed: 1" in page
    assert "Gone: 4" in page
    assert "<li><b>1</b> as they were</li>" in page
    assert 'Thu, Oct 8 2026, 07:00</span><span role="cell">Thu, Oct 8 2026, 18:00' in page
    assert "Harvest Supper &lt;/textarea&gt;" in page
    assert "<script>" not in page
    assert told == f"chamber: accepted run {held}: 1 new, 1 changed, 4 not seen"
    assert set(await ids(operator)) - set(before) == {f"Harvest Supper {HOSTILE}"}
    assert (again.status_code, f"run {held} is not held back" in again.text) == (409, True)


async def test_a_rejected_run_changes_nothing(operator: httpx.AsyncClient, held: int) -> None:
    before = await ids(operator)

    told = await done(operator, f"sources/chamber/held/{held}/reject")

    assert told == f"chamber: rejected run {held}; what was told before stays"
    assert await ids(operator) == before
    assert (await operator.get(f"/admin/pages/sources/chamber/held/{held}")).status_code == 404


async def test_a_source_is_run_paused_and_resumed(operator: httpx.AsyncClient) -> None:
    ran = await done(operator, "sources/chamber/run")
    paused = await done(operator, "sources/chamber/pause", until="2099-01-01")
    page = (await operator.get("/admin/pages/sources/chamber")).text
    resumed = await done(operator, "sources/chamber/resume")
    for_good = await done(operator, "sources/chamber/pause", until="")
    refused = await send(operator, "sources/chamber/pause", until="soon")

    assert (ran, resumed) == ("chamber: is due now", "chamber: is due now")
    assert paused == "chamber: paused until 2099-01-01; what it told stays"
    assert "/chamber/resume" in page
    assert for_good == "chamber: paused; what it told stays"
    assert (refused.status_code, "is no day such as 2026-12-31" in refused.text) == (422, True)
    assert (await send(operator, "sources/nosuch/run")).status_code == 409


async def test_a_row_is_edited_and_one_that_is_none_is_kept_in_the_form(
    operator: httpx.AsyncClient, catalog: Path
) -> None:
    before = read(catalog)
    wrong = await send(operator, "sources/chamber/edit", row=ROW.replace("ics", "icz") + f"# {HOSTILE}")
    unchanged = read(catalog)
    told = await done(operator, "sources/chamber/edit", row=(ROW + 'every = "1d"\n').replace("\n", "\r\n"))
    other = await operator.get("/admin/pages/sources/volunteers")

    assert (wrong.status_code, unchanged) == (422, before)
    assert "platform “icz” is not known" in wrong.text
    assert "# &lt;/textarea&gt;&lt;script&gt;" in wrong.text
    assert told.startswith("chamber: written to catalog.toml")
    assert 'every = "1d"\n' in read(catalog)
    assert "\r" not in read(catalog)
    assert "It stands in no catalogue file of your own" in other.text


async def test_all_sources_are_listed_those_that_want_a_person_first(operator: httpx.AsyncClient, held: int) -> None:
    answer = await operator.get("/admin/pages/sources")

    names = re.findall(r'href="/admin/pages/sources/(\w+)"', answer.text)
    assert names == ["chamber", "volunteers"]
    assert (await operator.get("/admin/pages/sources/nosuch")).status_code == 404


async def test_two_that_may_be_one_are_shown_side_by_side_joined_and_split(
    operator: httpx.AsyncClient, changing_town: Store, list_alike: Callable[[Store], None]
) -> None:
    list_alike(changing_town)
    pair = {"one": "a/1", "other": "b/1"}

    page = (await operator.get("/admin/pages/matches")).text
    joined = await done(operator, "matches/join", **pair)
    once = [event_id for name, event_id in (await ids(operator)).items() if name.startswith("Harvest Walk")]
    event = (await operator.get(f"/admin/pages/events/{once[0]}")).text
    split = await done(operator, "matches/split", **pair)
    refused = await send(operator, "matches/join", one="a/9", other="b/1")

    assert "Thu, Oct 8 2026, 07:00" in page
    assert "Harvest Walk with the Elm Valley Friends of Birds" in page
    assert 'class="same"' in page
    assert (joined, split) == (
        "joined; 2 events told otherwise now",
        "split; 2 events told otherwise now",
    )
    assert (len(once), "Told from a/1, b/1" in event, "/admin/pages/matches/split" in event) == (1, True, True)
    assert "Nothing is to be decided" in (await operator.get("/admin/pages/matches")).text
    assert (refused.status_code, "there is no such listing" in refused.text) == (409, True)


async def test_the_overview_counts_pairs_as_the_last_matching_left_them(
    operator: httpx.AsyncClient, changing_town: Store, list_alike: Callable[[Store], None]
) -> None:
    async def tells_one() -> bool:
        return "1 pair of listings may be one happening" in (await operator.get("/admin")).text

    before = await tells_one()
    list_alike(changing_town)
    after = await tells_one()
    await done(operator, "matches/split", one="a/1", other="b/1")

    assert (before, after, await tells_one()) == (False, True, False)


async def test_an_event_is_found_by_its_address_corrected_and_put_right_again(operator: httpx.AsyncClient) -> None:
    mixer = (await ids(operator))["Mixer"]
    found = await operator.get("/admin/pages/events", params={"event": f" {SITE}/events/{mixer}?on=2026-10-08 "})
    word = {"field": "name", "value": "Summer Mixer", "why": "they rang", "by": "Ed", "until": "2030-01-01"}

    made = await done(operator, f"events/{mixer}/correct", **word)
    after = await ids(operator)
    page, listed = [
        (await operator.get(path)).text for path in (f"/admin/pages/events/{mixer}", "/admin/pages/corrections")
    ]
    undone = await done(operator, "corrections/1/undo")
    wrong = await send(operator, f"events/{mixer}/correct", **word | {"field": "startDate", "value": f"x{HOSTILE}"})

    assert found.headers["location"] == f"/admin/pages/events/{mixer}"
    assert made.startswith("1: name is “Summer Mixer” until 2030-01-01")
    assert after["Summer Mixer"] == mixer
    for text in (page, listed):
        assert "they rang · Ed" in text
    assert undone == "1: name of chamber/Mixer is its source&#39;s again"
    assert (wrong.status_code, "x&lt;/textarea&gt;" in wrong.text) == (422, True)
    assert "<option selected>startDate</option>" in wrong.text
    assert (await send(operator, "corrections/1/undo")).status_code == 409
    assert (
        (await operator.get("/admin/pages/events", params={"event": "/"})).headers["location"].endswith("corrections")
    )
    assert (await operator.get("/admin/pages/events/nosuch")).status_code == 404


async def test_an_event_is_hidden_and_told_again(operator: httpx.AsyncClient) -> None:
    mixer = (await ids(operator))["Mixer"]

    unsaid = await send(operator, f"events/{mixer}/hide", why=" ")
    hidden = await done(operator, f"events/{mixer}/hide", why="spam", by="Ed")
    gone = await ids(operator)
    page, listed = [
        (await operator.get(path)).text for path in (f"/admin/pages/events/{mixer}", "/admin/pages/corrections")
    ]
    shown = await done(operator, f"events/{mixer}/unhide")

    assert unsaid.status_code == 422
    assert hidden.startswith(f"{mixer}: hidden, 1 listing")
    assert "Mixer" not in gone
    assert "by Ed: spam" in page
    assert "spam · Ed" in listed
    assert shown == f"{mixer}: told again, 1 listing"
    assert (await ids(operator))["Mixer"] == mixer


async def test_suggestions_are_accepted_and_rejected_with_a_reason(operator: httpx.AsyncClient) -> None:
    swap = {"type": "event", "name": "Seed Swap", "startDate": "2026-10-24T10:00", "location": "Visalia, CA"}
    for name in ("Seed Swap", f"Junk {HOSTILE}"):
        await operator.post("/v1/suggestions", json=swap | {"name": name})

    page = (await operator.get("/admin/pages/suggestions")).text
    accepted = await done(operator, "suggestions/1/accept", kind="volunteer")
    unsaid = await send(operator, "suggestions/2/reject", why="")
    rejected = await done(operator, "suggestions/2/reject", why="an advertisement")
    settled = (await operator.get("/admin/pages/suggestions")).text

    assert page.count("<dd>2026-10-24T10:00</dd>") == 2
    assert "<script>" not in page
    assert accepted == "1: accepted: “Seed Swap” is told by the source suggested_volunteer"
    assert unsaid.status_code == 422
    assert rejected == "2: rejected"
    assert ("an advertisement" in settled, "Nothing waits" in settled) == (True, True)
    assert "Seed Swap" in await ids(operator)


async def test_a_widget_is_saved_from_a_pasted_address_shown_changed_and_removed(operator: httpx.AsyncClient) -> None:
    mixer = (await ids(operator))["Mixer"]
    search = f"{SITE}/?near=Visalia%2C+CA&kind=chamber&kind=volunteer&lang=es&view=map"

    saved = await done(
        operator, "widgets", name="library-main", search=search, layout="compact", title=f"Meet {HOSTILE}"
    )
    page = await operator.get("/admin/pages/widgets/library-main")
    preview = await operator.get("/admin/pages/widgets/library-main/preview")
    changed = await done(
        operator, "widgets/library-main", search="near=Visalia,+CA", picks=f" {mixer} ", blocked="volunteers"
    )
    shown = (await operator.get("/v1/widgets/library-main")).json()["items"]
    listed = (await operator.get("/admin/pages/widgets")).text
    removed = await done(operator, "widgets/library-main/remove")

    assert saved == changed == "library-main: saved; pages show it within a minute"
    assert 'value="near=Visalia,+CA&amp;kind=chamber,volunteer"' in page.text
    assert "&lt;hobnob-events config=&#34;library-main&#34;" in page.text.replace('"', "&#34;")
    assert "<script>alert" not in page.text + preview.text
    assert page.headers["content-security-policy"].endswith("; frame-src 'self'")
    assert (preview.headers["cache-control"], "Mixer" in preview.text, "etag" in preview.headers) == (
        "no-store",
        True,
        False,
    )
    assert [row["name"] for row in shown] == ["Mixer"]
    assert '<span class="reason">near=Visalia,+CA</span>' in listed
    assert removed == "library-main: removed; pages that show it show their own link"
    assert (await operator.get("/admin/pages/widgets/library-main")).status_code == 404


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("widgets", {"name": "Library Main"}, "small letters, digits and hyphens"),
        ("widgets", {"name": "x", "search": f"nearby=x{HOSTILE}"}, "no parameter of a widget"),
        ("widgets", {"name": "x", "search": "near"}, "is no search such as near=Visalia,+CA&amp;kind=chamber"),
        ("widgets", {"name": "x", "blocked": "chambr"}, "there is no such source"),
        ("widgets/kept", {"layout": "table"}, "is none of list, compact, calendar"),
        ("widgets/kept", {"pins": "a/b"}, "no id of an event"),
    ],
)
async def test_a_widget_that_cannot_be_is_not_saved_and_its_form_is_kept(
    operator: httpx.AsyncClient, changing_town: Store, path: str, given: dict[str, str], said: str
) -> None:
    await done(operator, "widgets", name="kept", search="near=Visalia,+CA")
    before = changing_town.widgets()

    answer = await send(operator, path, **{"title": "Typed before", **given})

    assert (answer.status_code, said in answer.text, 'value="Typed before"' in answer.text) == (422, True, True)
    assert "<script>" not in answer.text
    assert changing_town.widgets() == before


async def test_what_was_done_is_said_once_and_by_nobody_else(operator: httpx.AsyncClient) -> None:
    sent = await send(operator, "sources/chamber/run")
    first = await operator.get(sent.headers["location"])
    second = await operator.get(sent.headers["location"])

    assert ("is due now" in first.text, 'role="status"' in second.text) == (True, False)
    session = operator.cookies["hobnob_admin"]
    own = make_notice(TOKEN, session, "x" * 2000)
    assert (read_notice(TOKEN, session, own) or "").startswith("xxx")
    assert len(own) < 2000
    assert read_notice(TOKEN, f"{session}0", own) is None
    assert read_notice(TOKEN, session, own[:-1]) is None
    assert read_notice(TOKEN, session, "eA==.") is None


async def test_the_forms_lead_where_a_proxy_serves_us(
    changing_town: Store, gazetteer: Gazetteer, catalog: Path, clock: Clock
) -> None:
    settings = Settings(admin_token=TOKEN, public_url=f"{SITE}/town")
    desk = Desk(token=TOKEN, settings=settings, store=changing_town, catalogs=(catalog,), now=clock)
    app = create_app(changing_town, settings, gazetteer, operator=desk, now=clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000") as client:
        answer = await client.post("/admin/pages/sign-in", data={"token": TOKEN}, headers=OURS)
        direct = await client.post(
            "/admin/pages/sign-in", data={"token": TOKEN}, headers={"Origin": "http://127.0.0.1:8000"}
        )

    assert (answer.status_code, direct.status_code, answer.headers["location"]) == (303, 303, "/town/admin")
    assert "Path=/town/admin;" in answer.headers["set-cookie"]


def read(path: Path) -> str:
    return path.read_bytes().decode()


async def test_a_letter_that_may_have_arrived_is_sent_again_or_taken_for_sent(
    operator: httpx.AsyncClient, tmp_path: Path
) -> None:
    empty = (await operator.get("/admin/pages/letters")).text
    with open_mailing(str(tmp_path / "hobnob.db")) as mailing:
        agreed = {"consent_words": "yes", "consent_at": NOW, "consent_channel": "page", "confirmed_at": NOW}
        usual = {"query": "near=Visalia", "weekday": 6, "hour": 7, "zone": "UTC", "most": 25, "state": "confirmed"}
        rows = [{"address": f"{name}@mail.example", "next_due_at": NOW, **usual, **agreed} for name in ("joe", "ann")]
        with mailing._durable._engine.begin() as connection:  # type: ignore[attr-defined]
            connection.execute(insert(subscriptions), rows)
        mailing.queue_due(NOW, lambda _: NOW + timedelta(days=7), lambda *_: "2026-W41")
        for delivery in mailing.claim(NOW, limit=2):
            mailing.settle(Settled(delivery=delivery, stage=Stage.UNKNOWN), NOW)

        page, overview = [(await operator.get(path)).text for path in ("/admin/pages/letters", "/admin")]
        said = [
            await done(operator, "letters/resend", name="1/2026-W41"),
            await done(operator, "letters/skip", name="2/2026-W41"),
        ]
        twice = await send(operator, "letters/skip", name="2/2026-W41")

        assert mailing.stages(NOW - timedelta(days=1)) == {Stage.PENDING: 1, Stage.SENT: 1}
    assert "Nobody has subscribed yet." in empty
    assert 'No letters go out from here.</p><p class="honest">no letter goes out without a postal address' in empty
    assert "<b>2</b> confirmed" in page
    assert "<b>2</b> may have arrived, or not" in page
    assert "since <time" in page
    assert "mail.example" not in page
    assert "2 letters may have arrived, or not" in overview
    assert said == ["1/2026-W41: waits to be sent again", "2/2026-W41: taken for sent"]
    assert (twice.status_code, "is no letter of which nobody knows" in twice.text) == (409, True)
