"""<hobnob-events> in pages of other sites, as a browser shows it."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from aggregator.query import EventQuery
from aggregator.store import Widget
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
VISALIA = 'near="Visalia, CA" days="30"'
HOSTILE = """<style>
* { all: initial; font-size: 60px !important; color: #eee; line-height: 3; text-align: right }
main * { display: none !important; visibility: visible; transform: rotate(0) }
h2, ul, li, a, time, p, strong { position: absolute !important; left: -9999px !important; content: "x" !important }
</style>"""
STRICT = (
    "default-src 'none'; script-src {base}; connect-src {base}; style-src 'none'; require-trusted-types-for 'script'; "
    "base-uri 'none'; form-action 'none'"
)
DOCS = Path(__file__).parents[3] / "docs" / "widget.md"
LIBRARY = Widget(
    name="library-main",
    query={"near": "Visalia, CA", "days": "30", "limit": "3"},
    layout="list",
    link="source",
    title=None,
    pins=(),
    picks=(),
    blocked=(),
    updated_at=NOW,
)
HOSTS = ("plain", "hostile", "strict")

Show = Callable[..., Awaitable[Page]]


@pytest.fixture
async def show(
    town: Store, serve: Callable[..., str], open_page: Callable[..., Awaitable[Page]], web_site: Any, new_reply: Any
) -> Show:
    """A page of a library, on a host of its own, that shows the widget with these attributes; `page.wrong` is what the
    browser complained of, and `page.asked` what it asked of us.
    """

    async def open_it(attributes: str = VISALIA, host: str = "plain", **more: Any) -> Page:
        base = more.pop("base", None) or serve(more.pop("store", town), host="hobnob.example")
        policy = {"Content-Security-Policy": STRICT.format(base=base)} if host == "strict" else {}
        text = PAGE.format(
            base=base,
            attributes=attributes,
            lang=more.pop("lang", "en"),
            dir=more.pop("dir", "ltr"),
            head=more.pop("head", HOSTILE if host == "hostile" else "").replace("BASE", base),
            children=more.pop("children", f'<a href="{base}/?near=Visalia">Events near Visalia</a>'),
        )
        headers = {"Content-Type": "text/html; charset=utf-8", **policy}
        web_site.pages["library.example/"] = new_reply(text.encode(), headers=headers)
        page = await open_page(**more)
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.url.startswith(base) else None)
        page.on("console", lambda told: wrong.append(told.text) if told.type in ("error", "warning") else None)
        await page.goto(f"http://library.example:{web_site.port}/")
        page.asked, page.wrong = asked, wrong  # type: ignore[attr-defined]
        return page

    return open_it


PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Blue Oak Public Library</title><link rel="icon" href="data:,">{head}
<script type="module" src="{base}/widget.js"></script>
<main><h1>Blue Oak Public Library</h1>
<hobnob-events {attributes}>{children}</hobnob-events></main></html>
"""


async def all_events(store: Store) -> list[dict[str, Any]]:
    found = await store.search(EventQuery(start=NOW, end=NOW + timedelta(days=60)))
    return [json.loads(b"{" + hit.json) for hit in found.hits]


def names(page: Page) -> Any:
    return page.locator("hobnob-events [part=name]:visible")


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("host", HOSTS)
async def test_events_are_shown_in_any_page(
    show: Show, keep_picture: Callable[[Page, str], Awaitable[None]], host: str, width: int
) -> None:
    page = await show(f'{VISALIA} theme="light"', host=host, viewport={"width": width, "height": 800})

    await expect(names(page)).to_have_text(
        ["Mixer", "Lunch & Learn", "Weekly Sort", "Gala", "=SUM(A1) Breakfast", "River Clean-up", "Weekly Sort",
         "Weekly Sort", "Weekly Sort"]
    )  # fmt: skip
    await keep_picture(page, f"widget-{host}-{width}")
    size = await names(page).first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert 13 <= size <= 22
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert [text for text in page.wrong if "style-src" not in text and "img-src" not in text] == []  # type: ignore[attr-defined]


async def test_all_is_asked_in_one_question_without_a_cookie_or_a_trace(show: Show) -> None:
    page = await show()
    await expect(names(page).first).to_be_visible()

    paths = [re.sub(r"^http://[^/]+", "", url) for url in page.asked]  # type: ignore[attr-defined]
    assert paths == ["/widget.js", "/v1/widget?near=Visalia,+CA&days=30"]
    assert await page.context.cookies() == []
    assert await page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


async def test_what_the_page_preloads_is_not_asked_again(show: Show) -> None:
    head = '<link rel="preload" as="fetch" crossorigin="anonymous" href="BASE/v1/widget?near=Visalia,+CA&amp;days=30">'

    page = await show(head=head)
    await expect(names(page).first).to_be_visible()

    assert len([url for url in page.asked if "/v1/" in url]) == 1  # type: ignore[attr-defined]


async def test_without_javascript_the_pages_own_link_is_there(show: Show) -> None:
    page = await show(java_script_enabled=False)

    await expect(page.get_by_role("link", name="Events near Visalia")).to_be_visible()


@pytest.mark.parametrize(
    ("attributes", "why"),
    [('near="Nowhereville, ZZ"', "Nowhereville"), ('config="nosuch"', "there is no widget nosuch")],
)
async def test_when_there_is_no_answer_the_editor_is_told_why_and_the_reader_has_the_link(
    show: Show, attributes: str, why: str
) -> None:
    page = await show(attributes)
    async with page.expect_console_message(lambda told: told.text.startswith("hobnob-events:")) as waiting:
        await page.reload()

    assert why in (await waiting.value).text
    await expect(page.get_by_role("link", name="Events near Visalia")).to_be_visible()
    await expect(names(page)).to_have_count(0)


async def test_a_page_that_brings_no_link_gets_one(show: Show) -> None:
    page = await show('near="Nowhereville, ZZ"', children="")

    await expect(page.get_by_role("link", name="Events")).to_have_attribute(
        "href", re.compile(r"hobnob\.example:\d+/$")
    )


async def test_the_zone_is_named_to_a_reader_elsewhere_only(show: Show) -> None:
    here = await show()
    there = await show(timezone_id="America/New_York")

    await expect(here.locator("hobnob-events time").first).to_have_text("7:00–8:00 am")
    await expect(there.locator("hobnob-events time").first).to_have_text("7:00–8:00 am PDT")


async def test_the_language_is_that_of_the_page_unless_said(show: Show) -> None:
    page = await show(lang="es-MX")
    await expect(page.locator("hobnob-events [part=day]").first).to_have_text("Jueves, 8 de octubre")

    await page.locator("hobnob-events").evaluate("element => element.setAttribute('lang', 'en')")

    await expect(page.locator("hobnob-events [part=day]").first).to_have_text("Thursday, October 8")


async def test_the_mark_the_terms_and_the_links_are_there(show: Show) -> None:
    page = await show()

    gala = page.locator("hobnob-events li", has_text="Gala")
    await expect(gala.locator("strong")).to_have_text("Cancelled")
    await expect(gala.locator("s")).to_have_text("Gala")
    mixer = page.locator("hobnob-events li", has_text="Mixer")
    await expect(mixer.locator("p")).to_have_text(["Main Street Hall, Visalia · 0.0 mi away", "Visitors welcome"])
    subscribe = page.get_by_role("link", name="Subscribe")
    await expect(subscribe).to_have_attribute(
        "href", re.compile(r"^webcal://hobnob\.example:\d+/v1/events\.ics\?near=")
    )
    await expect(page.get_by_role("link", name="Calendar file")).to_have_attribute("href", re.compile(r"^http://"))


async def test_nothing_found_is_said(show: Show) -> None:
    page = await show('near="Visalia, CA" when="tomorrow" q="xylophone"')

    await expect(page.locator("hobnob-events [part=empty]")).to_have_text("Nothing is announced for this time.")
    await expect(page.get_by_role("link", name="All events")).to_be_visible()


async def test_a_changed_filter_is_asked_for_and_a_changed_look_is_not(show: Show) -> None:
    page = await show()
    await expect(names(page).first).to_be_visible()
    element = page.locator("hobnob-events")

    await element.evaluate(
        "element => { element.setAttribute('kind', 'volunteer'); element.setAttribute('limit', '1') }"
    )
    await expect(names(page)).to_have_text(["Weekly Sort"])
    await element.evaluate(
        "element => { element.setAttribute('layout', 'compact'); element.setAttribute('theme', 'dark') }"
    )
    await expect(page.locator("hobnob-events time")).to_have_text("Tue, Oct 13, 6:00–7:00 pm")

    assert len([url for url in page.asked if "/v1/" in url]) == 2  # type: ignore[attr-defined]


async def test_a_saved_widget_needs_nothing_but_its_name(show: Show, changing_town: Store) -> None:
    gala = next(hit["id"] for hit in await all_events(changing_town) if hit["name"] == "Gala")
    changing_town.save_widget(
        replace(LIBRARY, pins=(gala,), blocked=("volunteers",), link="page", title="At the library")
    )

    page = await show('config="library-main"', store=changing_town)

    await expect(page.locator("hobnob-events h2")).to_have_text("At the library")
    await expect(page.locator("hobnob-events h3")).to_have_text(
        ["Featured", "Thursday, October 8", "Friday, October 9"]
    )
    await expect(names(page)).to_have_text(["Gala", "Mixer", "Lunch & Learn"])
    await expect(names(page).first).to_have_attribute("href", re.compile(rf"hobnob\.example:\d+/events/{gala}$"))
    await expect(page.locator("hobnob-events time").first).to_have_text("Thu, Oct 15, 7:00–8:00 pm")


async def test_a_keyboard_reaches_every_event_and_link(show: Show) -> None:
    page = await show('near="Visalia, CA" days="3"')
    await expect(names(page)).to_have_count(2)

    reached = []
    for _ in range(5):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.shadowRoot.activeElement.textContent"))

    assert reached == ["Mixer", "Lunch & Learn", "All events", "Subscribe", "Calendar file"]
    outline = "getComputedStyle(document.activeElement.shadowRoot.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"


async def test_a_screen_reader_hears_headings_lists_and_times(show: Show) -> None:
    page = await show('near="Visalia, CA" days="3" level="3"')

    await expect(page.locator("hobnob-events")).to_match_aria_snapshot("""
      - heading "Thursday, October 8" [level=3]
      - list:
        - listitem:
          - time: 7:00–8:00 am
          - link "Mixer"
          - paragraph: Main Street Hall, Visalia · 0.0 mi away
          - paragraph: Visitors welcome
      - heading "Friday, October 9" [level=3]
      - list:
        - listitem:
          - time: 12:00–1:00 pm
          - link "Lunch & Learn"
    """)


async def test_from_right_to_left_the_time_stands_at_the_right(show: Show) -> None:
    page = await show(dir="rtl", viewport={"width": 768, "height": 800})
    row = page.locator("hobnob-events li").first
    time, told = await row.locator("time").bounding_box(), await row.locator("[part=name]").bounding_box()

    assert time
    assert told
    assert time["x"] > told["x"]
    assert time["x"] + time["width"] > 700


async def test_on_paper_there_are_no_links_that_nobody_can_follow(show: Show) -> None:
    page = await show()
    await expect(names(page).first).to_be_visible()

    await page.emulate_media(media="print")

    await expect(page.get_by_role("link", name="Subscribe")).to_be_hidden()
    await expect(names(page).first).to_be_visible()


async def test_a_calendar_shows_a_month_and_turns_by_keyboard(show: Show) -> None:
    page = await show(f'{VISALIA} layout="calendar"', viewport={"width": 1280, "height": 900}, host="strict")
    month = page.locator("hobnob-events [part=month-name]")
    await expect(month).to_have_text("October 2026")
    await expect(page.get_by_role("cell", name="17 All day – Sun, Oct 18 River Clean-up")).to_be_visible()
    await expect(page.get_by_role("cell", name="18 All day – Sun, Oct 18 River Clean-up")).to_be_visible()
    await expect(page.locator("hobnob-events [aria-current]")).to_have_text("7")
    assert await page.locator("hobnob-events th").all_text_contents() == [
        "Sun",
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
    ]

    await page.get_by_role("button", name="Next month").focus()
    await page.keyboard.press("Enter")

    await expect(month).to_have_text("November 2026")
    await expect(names(page)).to_have_text(["Weekly Sort"])
    await expect(page.get_by_role("button", name="Next month")).to_have_attribute("aria-disabled", "true")


async def test_where_there_is_no_room_a_calendar_is_a_list(show: Show) -> None:
    page = await show(f'{VISALIA} layout="calendar"', viewport={"width": 360, "height": 800})

    await expect(page.locator("hobnob-events [part=day]").first).to_be_visible()
    await expect(page.locator("hobnob-events table")).to_be_hidden()


async def test_a_pinned_version_runs_under_its_hash(show: Show, town: Store, serve: Callable[..., str]) -> None:
    base = serve(town, host="hobnob.example")
    asker = await show(base=base)
    line = (await (await asker.request.get(f"{base.replace('hobnob.example', '127.0.0.1')}/widget.json")).json())[
        "html"
    ]

    page = await show(base=base, head=line)

    await expect(names(page).first).to_be_visible()
    assert [url for url in page.asked if re.search(r"/widget/\w{16}\.js$", url)]  # type: ignore[attr-defined]
    assert not [text for text in page.wrong if "integrity" in text]  # type: ignore[attr-defined]


@pytest.mark.parametrize("layout", ["list", "compact", "calendar"])
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_axe_finds_no_fault(
    show: Show,
    find_faults: Callable[[Page], Awaitable[list[str]]],
    keep_picture: Callable[[Page, str], Awaitable[None]],
    width: int,
    theme: str,
    layout: str,
) -> None:
    """An `auto` stands in a page that is dark because its reader likes it so."""
    scheme = "light" if theme == "light" else "dark"
    head = '<meta name="color-scheme" content="light dark">'
    page = await show(
        f'{VISALIA} layout="{layout}" theme="{theme}"',
        head=head,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    await expect(names(page).first).to_be_visible()

    await keep_picture(page, f"widget-{layout}-{theme}-{width}")
    assert await find_faults(page) == []


async def test_auto_is_as_dark_as_the_page_and_no_darker_than_a_page_that_stays_light(show: Show) -> None:
    color = "getComputedStyle(document.querySelector('hobnob-events')).color"
    follows = '<meta name="color-scheme" content="light dark">'

    dark = await show(head=follows, color_scheme="dark")
    light = await show(color_scheme="dark")

    assert await dark.evaluate(color) == "rgb(255, 255, 255)"
    assert await light.evaluate(color) == "rgb(0, 0, 0)"


async def test_a_page_dresses_it_by_its_own_font_by_properties_and_by_parts(show: Show) -> None:
    head = """<style>body { font-family: Georgia; font-size: 17px }
    hobnob-events { --hobnob-accent: rgb(0, 90, 60) } hobnob-events::part(day) { color: rgb(120, 0, 0) }</style>"""
    page = await show(head=head)

    name, day = names(page).first, page.locator("hobnob-events [part=day]").first
    await expect(name).to_have_css("font-family", "Georgia")
    await expect(name).to_have_css("font-size", "17px")
    await expect(name).to_have_css("color", "rgb(0, 90, 60)")
    await expect(day).to_have_css("color", "rgb(120, 0, 0)")


@pytest.mark.parametrize(
    "attributes",
    [VISALIA, f'{VISALIA} layout="compact"', f'{VISALIA} layout="calendar"', 'near="Visalia, CA" q="xylophone"'],
)
async def test_every_part_is_documented(show: Show, attributes: str) -> None:
    page = await show(attributes, viewport={"width": 1280, "height": 800})
    await page.locator("hobnob-events [part=links]").wait_for()

    parts = "element => [...element.shadowRoot.querySelectorAll('[part]')].flatMap((one) => [...one.part])"
    told = DOCS.read_text("utf-8").split("## Dress it")[1].split("\n## ")[0]
    for part in await page.locator("hobnob-events").evaluate(parts):
        assert f"`{part}`" in told, part


@pytest.mark.parametrize("number", range(4))
async def test_what_the_docs_give_to_copy_works(
    changing_town: Store,
    serve: Callable[..., str],
    open_page: Callable[..., Awaitable[Page]],
    web_site: Any,
    new_reply: Any,
    number: int,
) -> None:
    blocks = re.findall(r"^```html\n(.*?)^```", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    (policy,) = re.findall(r"^```text\n(script-src.*?)\n```", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    changing_town.save_widget(LIBRARY)
    base = serve(changing_town, host="hobnob.example")
    text = f"<!doctype html><title>Library</title>{blocks[number]}".replace("https://hobnob.example", base)
    headers = {"Content-Type": "text/html", "Content-Security-Policy": policy.replace("https://hobnob.example", base)}
    web_site.pages["library.example/"] = new_reply(text.encode(), headers=headers)
    page = await open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/v1/" in request.url else None)

    await page.goto(f"http://library.example:{web_site.port}/")

    is_frame = "<iframe" in blocks[number]
    mixer = (page.frame_locator("iframe") if is_frame else page).get_by_role("link", name="Mixer")
    await expect(mixer).to_be_visible()
    assert len(asked) == (0 if is_frame else 1)


async def test_what_the_page_hides_stays_hidden_and_a_language_that_is_none_is_english(show: Show) -> None:
    hidden = await show(f"{VISALIA} hidden")
    odd = await show(lang="x")

    await hidden.locator("hobnob-events [part=name]").first.wait_for(state="attached")
    await expect(names(hidden)).to_have_count(0)
    await expect(odd.locator("hobnob-events [part=day]").first).to_have_text("Thursday, October 8")


async def test_in_a_row_of_flexible_boxes_it_has_room(show: Show) -> None:
    page = await show(
        head="<style>main { display: flex } h1 { width: 10rem }</style>", viewport={"width": 768, "height": 800}
    )
    await expect(names(page).first).to_be_visible()

    box = await page.locator("hobnob-events").bounding_box()

    assert box
    assert box["width"] > 400
