"""`/` as a program sees it: headers, languages, faults beside their field, and links that ask the same question."""

import gzip
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from string import Formatter
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.event import Kind, MeetingLine
from aggregator.settings import Settings
from aggregator.store.store import Store
from api.web.form import EVENTS, GROUPS, PLAN
from api.web.language import LANGUAGES, choose_language

pytestmark = pytest.mark.anyio

FRIDAY = datetime(2026, 10, 9, 18, tzinfo=ZoneInfo("America/Los_Angeles"))
VISALIA = {"near": "Visalia, CA", "within": "15mi"}


async def show(client: httpx.AsyncClient, path: str, status: int = 200, **asked: str) -> LexborHTMLParser:
    answer = await client.get(path, params=asked or None)
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def links(page: LexborHTMLParser, selector: str = "a") -> list[str]:
    return [node.attributes["href"] or "" for node in page.css(selector)]


async def test_a_card_tells_when_what_where_cost_and_whether_one_may_come(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", **VISALIA)

    assert texts(page, "h1") == ["Events near Visalia, CA"]
    assert texts(page, ".day h2")[:2] == ["Thursday, October 8", "Friday, October 9"]
    (first, lunch, *_) = texts(page, ".card")
    for words in ("7:00 am – 8:00 am", "Mixer", "Main Street Hall, Visalia", "0.0 mi away", "Elm Valley Chamber",
                  "Visitors welcome", "First-timers expected", "Cost not said", "Chamber"):  # fmt: skip
        assert words in first
    assert "Ask before you come $15" in lunch


async def test_a_reason_has_its_quotation_on_demand(
    changing_town: Store, add: Callable[..., None], api: Callable[..., httpx.AsyncClient]
) -> None:
    lines = (
        MeetingLine(about="time to mix", speaks_for=True, quote="An evening mixer."),
        MeetingLine(about="a sales talk", speaks_for=False, quote="Then our sponsor speaks."),
    )
    told = replace(next(one.event for one in changing_town.stored_listings("chamber").values()), uid="new")
    add(changing_town, Kind.CHAMBER, (replace(told, name="After Hours", start_date=FRIDAY, end_date=FRIDAY,
                                              meeting_people=lines),))  # fmt: skip

    page = await show(api(changing_town), "/", **VISALIA)

    assert texts(page, ".card .why summary") == ["Good for meeting people: time to mix"]
    assert texts(page, ".card .why li") == ["time to mix: An evening mixer.",
                                            "Speaks against it: a sales talk: Then our sponsor speaks."]  # fmt: skip


async def test_freshness_is_told_and_what_was_not_seen_for_long_is_to_be_checked(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", **VISALIA)

    assert texts(page, ".fresh")[0] == "Not seen on the chamber's page for 8 days: check first"
    assert "Seen on the volunteers' page 24 h ago" in texts(page, ".fresh")


async def test_what_is_cancelled_is_shown_and_marked(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", **VISALIA)

    (off,) = page.css(".card.off")
    assert " ".join(off.css_first("h3").text().split()) == "Cancelled Gala"


async def test_the_feeds_and_the_calendar_ask_the_very_same_question(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", **VISALIA, kind="chamber", when="next_7_days", lang="en")

    ways = links(page, ".ways a")
    for link in ways:
        assert dict(parse_qsl(urlsplit(link).query)) == {**VISALIA, "kind": "chamber", "when": "next_7_days"}
    assert [link.partition("?")[0] for link in ways] == [
        "webcal://hobnob.example/v1/events.ics", "/v1/events.rss", "/v1/events.ics", "/v1/events.csv",
    ]  # fmt: skip
    assert (await client.get(ways[1])).status_code == 200


async def test_a_long_list_is_paged(client: httpx.AsyncClient) -> None:
    first = await show(client, "/", limit="3", **VISALIA)
    (following,) = links(first, "a[rel=next]")
    second = await show(client, following)

    assert len(texts(first, ".card")) == len(texts(second, ".card")) == 3
    assert not set(texts(first, ".card h3")) & set(texts(second, ".card h3"))


async def test_what_has_no_place_and_what_is_silent_is_told(client: httpx.AsyncClient) -> None:
    (unplaced, late) = texts(await show(client, "/", **VISALIA), ".note:not([hidden])")

    assert unplaced == "1 more event matches, but nobody says where it is."
    assert late == "Not heard from lately, so something may be missing: chamber. See all sources"


async def test_an_empty_answer_leads_on(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", near="Fresno, CA", kind="chamber", within="5mi", when="next_7_days")

    hints = dict(zip(texts(page, ".empty a"), links(page, ".empty a"), strict=True))
    further = next(link for words, link in hints.items() if words.startswith("Look further"))
    assert texts(await show(client, hints["Ask with fewer filters"]), "h1") == ["Events near Fresno, CA"]
    assert "within=" in further


@pytest.mark.parametrize(
    ("asked", "words", "choice"),
    [
        ({"near": "Springfield"}, "Several places are called “Springfield”. Which one?", "Springfield, IL"),
        ({"near": "Visala"}, "We do not know the place “Visala”.", "Visalia, CA"),
        ({"when": "today"}, "Say where first: whose days are meant depends on the place.", None),
    ],
)
async def test_a_fault_stands_beside_its_field_with_what_would_do(
    client: httpx.AsyncClient, asked: dict[str, str], words: str, choice: str | None
) -> None:
    page = await show(client, "/", 422, **asked)

    assert texts(page, "#near-fault p") == [words]
    field = page.css_first("#near")
    assert (field.attributes["aria-invalid"], field.attributes["aria-describedby"]) == ("true", "near-fault")
    assert (choice in texts(page, "#near-fault a")) == (choice is not None)
    for link in links(page, "#near-fault a"):
        assert (await client.get(link)).status_code == 200


async def test_another_fault_is_said_above_the_form(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", 422, near="Visalia, CA", wen="today")

    assert texts(page, "[role=alert]") == ["wen=today: no such parameter"]


async def test_a_forms_empty_fields_ask_nothing(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", near="93291", within="10mi", when="", kind="", q="", time_from="")

    assert texts(page, ".scope")[0].startswith("Any time · within 10 mi · ")


async def test_what_the_form_has_no_field_for_is_kept_and_can_be_taken_off(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", org="Elm Valley Chamber", **VISALIA)

    assert page.css_first("input[type=hidden][name=org]").attributes["value"] == "Elm Valley Chamber"
    assert "org" not in dict(parse_qsl(urlsplit(links(page, ".chips a")[0]).query))
    assert texts(page, ".chips a") == ["Organiser: Elm Valley Chamber × take off"]


async def test_a_point_in_two_parameters_is_one_place_in_the_form(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", lat="36.33", lng="-119.29")

    assert page.css_first("#near").attributes["value"] == "36.33,-119.29"
    assert texts(page, "h1") == ["Events near you"]
    assert not page.css("input[type=hidden]")


async def test_where_nothing_is_asked_and_no_place_is_set_there_is_a_start(client: httpx.AsyncClient) -> None:
    page = await show(client, "/")

    assert texts(page, "h1") == ["Where people meet near you"]
    assert page.css_first("form #near")


async def test_the_sites_own_place_is_asked_about_at_once(town: Store, api: Callable[..., httpx.AsyncClient]) -> None:
    page = await show(api(town, settings=Settings(place="Visalia, CA")), "/")

    assert texts(page, "h1") == ["Events near Visalia, CA"]
    assert page.css_first("#near").attributes["value"] == "Visalia, CA"


async def test_links_begin_with_the_folder_that_a_proxy_serves(
    town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    page = await show(api(town, settings=Settings(public_url="https://town.example/events")), "/", **VISALIA)

    for link in links(page):
        assert link.startswith(("#", "/events/", "webcal://town.example/events/"))
    assert page.css_first("form").attributes["action"] == "/events/"


async def test_a_page_runs_and_loads_only_ours_and_is_kept_like_the_api(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", params=VISALIA)
    again = await client.get("/", params=VISALIA, headers={"If-None-Match": answer.headers["etag"]})

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "public, max-age=60, s-maxage=60"
    assert (again.status_code, again.content) == (304, b"")
    assert not re.search(r"<script(?![^>]*( src=|ld\+json))|<style| style=| on\w+=", answer.text)


async def test_static_files_may_be_kept_for_ever_under_their_hash(client: httpx.AsyncClient) -> None:
    page = await show(client, "/")
    for link in [*links(page, "link[rel=stylesheet]"), *links(page, "link[rel=icon]")]:
        answer = await client.get(link)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.", link)

    assert (await client.get("/static/hobnob.000000000000.css")).status_code == 404


async def test_a_page_weighs_at_most_60_kb_with_all_it_loads(client: httpx.AsyncClient) -> None:
    page = (await client.get("/", params=VISALIA)).text
    found = LexborHTMLParser(page)
    loaded = [node.attributes["src"] or "" for node in found.css("script[src]")] + links(found, "link[rel=stylesheet]")

    whole = [page.encode(), *[(await client.get(link)).content for link in loaded]]

    assert len(whole) == 3
    assert sum(len(gzip.compress(part, 1)) for part in whole) <= 60_000


async def test_a_page_is_in_the_language_that_is_asked_for(client: httpx.AsyncClient) -> None:
    spanish = {"Accept-Language": "fr, es-MX;q=0.9, en;q=0.5"}
    accepted = await client.get("/", params=VISALIA, headers=spanish)
    named = await client.get("/", params={**VISALIA, "lang": "en"}, headers=spanish)

    assert '<html lang="es">' in accepted.text
    assert "jueves, 8 de octubre" in accepted.text
    assert "Accept-Language" in accepted.headers.get_list("vary", split_commas=True)
    assert '<html lang="en">' in named.text
    assert "Accept-Language" not in named.headers.get_list("vary", split_commas=True)
    assert all("lang=en" in link for link in links(LexborHTMLParser(named.text), ".card h3 a"))


async def test_who_reads_another_language_is_not_given_what_was_kept_for_others(client: httpx.AsyncClient) -> None:
    for code in ("en", "en", "es", "es"):
        answer = await client.get("/", params=VISALIA, headers={"Accept-Language": code})
        assert f'<html lang="{code}">' in answer.text


async def test_what_repeats_can_be_shown_once_with_its_next_dates(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", q="Weekly Sort", collapse="series", **VISALIA)

    assert texts(page, ".card h3") == ["Weekly Sort"]
    assert texts(page, ".card .further") == ["Again on Tue, Oct 20; Tue, Oct 27; Tue, Nov 3"]
    assert page.css_first("input[name=collapse][checked]")


async def test_distances_are_told_in_kilometres_too(client: httpx.AsyncClient) -> None:
    page = await show(client, "/", near="Fresno, CA", within="100mi", view="list")
    (link,) = links(page, ".units a")
    other = await show(client, link)

    assert "about 0.0" not in texts(page, ".card .far")[0]
    assert texts(page, ".card .far")[0].endswith(" mi away")
    assert texts(other, ".card .far")[0].endswith(" km away")
    assert texts(other, ".units a") == ["Show miles"]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [("", "en"), ("es", "es"), ("es-419,en;q=0.1", "es"), ("de,en;q=0.5,es;q=0.6", "es"), ("es;q=0,en", "en"),
     ("es;q=x", "en"), ("de", "en")],
)  # fmt: skip
async def test_the_best_of_our_languages_is_chosen(accepted: str, code: str) -> None:
    assert choose_language(accepted) == code


def catalogue(code: str) -> dict[str, Any]:
    return tomllib.loads(files("api.web").joinpath("languages", f"{code}.toml").read_text("utf-8"))


def values_of(text: Any) -> Iterator[str]:
    for one in [text] if isinstance(text, str) else text.values():
        yield from (name for _, name, _, _ in Formatter().parse(one) if name)


async def test_all_languages_say_the_same() -> None:
    first, *others = map(catalogue, LANGUAGES)
    for other in others:
        assert other["texts"].keys() == first["texts"].keys()
        for key, text in first["texts"].items():
            assert type(text) is type(other["texts"][key]), key
            assert set(values_of(text)) == set(values_of(other["texts"][key])), key


async def test_every_sentence_is_said_somewhere() -> None:
    code = "".join(
        path.read_text("utf-8")
        for folder in (files("api.web"), files("api.web").joinpath("templates"), files("api.routes"))
        for path in folder.iterdir()
        if path.name.endswith((".py", ".jinja"))
    )
    fields = {*EVENTS.names, *GROUPS.names, *PLAN.names}
    for key in catalogue("en")["texts"]:
        stem = key.partition(".")[0]
        assert f'"{key}"' in code or f"'{key}'" in code or f'"{stem}.' in code or stem in fields, key


@pytest.mark.parametrize("text", ["nosuch", "list,map"])
async def test_a_view_or_language_that_there_is_none_of_is_refused_on_a_page(
    client: httpx.AsyncClient, text: str
) -> None:
    for name in ("view", "lang"):
        page = await show(client, "/", 422, **{name: text})
        assert texts(page, "h1") == ["This address asks for something that cannot be answered"]


async def test_who_browses_to_nowhere_is_told_on_a_page_and_a_program_in_json(client: httpx.AsyncClient) -> None:
    browsing = {"Accept": "text/html,*/*;q=0.8"}

    page = await client.get("/nosuch", headers=browsing)
    spanish = await client.get("/nosuch", params={"lang": "es"}, headers=browsing)
    others = [await client.get("/nosuch"), await client.get("/v1/nosuch", headers=browsing)]

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing at this address" in page.text
    assert "No hay nada en esta dirección" in spanish.text
    assert {answer.headers["content-type"] for answer in others} == {"application/problem+json"}


async def test_a_store_that_cannot_be_read_is_told_on_a_page(
    changing_town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    client = api(changing_town)
    changing_town.close()

    answer = await client.get("/", params=VISALIA)

    assert (answer.status_code, answer.headers["retry-after"], answer.headers["cache-control"]) == (
        503,
        "60",
        "no-store",
    )
    assert texts(LexborHTMLParser(answer.text), "h1")[0].startswith("The events cannot be read just now")


@pytest.mark.parametrize("path", ["/", "/groups", "/plan", "/sources", "/about"])
@pytest.mark.parametrize(
    "added", ["fbclid=IwAR0", "utm_source=letter&utm_medium=email", "gclid=a", "mc_cid=1&mc_eid=2"]
)
async def test_a_shared_link_leads_to_its_page_whatever_networks_add_to_it(
    client: httpx.AsyncClient, path: str, added: str
) -> None:
    answer = await client.get(f"{path}?lang=es&{added}")

    assert (answer.status_code, answer.headers["location"]) == (302, f"{path}?lang=es")
    assert (await client.get(f"{path}?lang=es")).status_code == 200


async def test_a_shared_link_keeps_its_question_and_its_folder(
    town: Store, api: Callable[..., httpx.AsyncClient]
) -> None:
    client = api(town, settings=Settings(public_url="https://town.example/events"))

    answer = await client.get("/?near=Visalia,+CA&kind=chamber&kind=civic&fbclid=a")

    assert answer.headers["location"] == "/events/?near=Visalia,+CA&kind=chamber&kind=civic"
    assert (await client.get("/?utmost=1")).status_code == 422


@pytest.mark.parametrize("path", ["/", "/groups", "/plan"])
async def test_kilometres_take_the_distance_along(client: httpx.AsyncClient, path: str) -> None:
    here = {"near": "Visalia, CA"}
    (there,) = links(await show(client, path, **here), "a[href*='units=km']")

    page = LexborHTMLParser((await client.get(there)).text)
    (back,) = links(page, "a[href*='units=mi']")

    assert texts(page, "#within option[selected]") == ["25 km"]
    assert dict(parse_qsl(urlsplit(back).query)) == {**here, "within": "15mi", "units": "mi"}
    (own,) = links(await show(client, path, **here, within="7mi"), "a[href*='units=km']")
    assert dict(parse_qsl(urlsplit(own).query)) == {**here, "within": "7mi", "units": "km"}


async def test_a_cause_that_is_told_in_english_says_so_to_screen_readers(client: httpx.AsyncClient) -> None:
    page = await show(client, "/about", 422, near="Visalia", lang="es")

    (cause,) = page.css('main p[lang="en"]')
    assert cause.text() == "near=Visalia: not known here; lang"
