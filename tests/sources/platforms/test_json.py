"""JSON by a recipe of paths."""

import json as standard
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import json

RECIPE = {
    "events": "data.results[*].event",
    "identifier": "id",
    "name": "title",
    "start_date": "when.start",
    "url": "links[0].href",
    "keywords": "tags[*].name",
    "only": {"status": "published", "public": True},
}
ANSWER = {
    "data": {
        "results": [
            {
                "event": {
                    "id": 7,
                    "title": "Mixer",
                    "status": "published",
                    "public": True,
                    "when": {"start": "2030-01-08T18:00:00-08:00"},
                    "links": [{"href": "/e/7"}, {"href": "/x"}],
                    "tags": [{"name": "Business"}, {"name": "Social"}],
                }
            },
            {"event": {"id": 8, "title": "Draft", "status": "draft", "public": True}},
            {"event": {"id": 9, "title": "Members", "status": "published", "public": False}},
        ]
    },
    "paging": {"next": "/api?cursor=b"},
}
MIXER = Draft(
    identifier="7",
    name="Mixer",
    start_date="2030-01-08T18:00:00-08:00",
    url="https://elm.example/e/7",
    keywords=("Business", "Social"),
)


def page(body: str, url: str = "https://elm.example/api?page=1") -> Page:
    return Page(request=Request(url=url), url=url, body=body.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_each_event_at_the_path_that_fulfils_only_is_told() -> None:
    assert list(json.parse(page(standard.dumps(ANSWER)), RECIPE)) == [MIXER]


@pytest.mark.parametrize(
    ("embedded", "html"),
    [
        ({"script": "__NEXT_DATA__"}, '<script id="__NEXT_DATA__" type="application/json">{}</script>'),
        ({"variable": "window.__STATE__"}, "<script>var a = 1; window.__STATE__ = {};\nrun();</script>"),
        ({"attribute": "data-state"}, '<div data-state="{}"></div>'),
    ],
)
def test_json_inside_a_page_is_found(embedded: dict[str, str], html: str) -> None:
    told = standard.dumps(ANSWER)
    body = "<html><body>" + html.replace("{}", escape(told) if "attribute" in embedded else told) + "</body></html>"

    assert list(json.parse(page(body), {**RECIPE, "embedded": embedded})) == [MIXER]


def test_xml_is_read_as_if_it_were_json() -> None:
    recipe = {"events": "event[*]", "identifier": "id", "name": "title", "start_date": "when.start", "keywords": "tag"}
    one = "<Event><ID>7</ID><Title>Mixer</Title><When><Start>2030-01-08</Start></When><Tag>A</Tag><Tag>B</Tag></Event>"
    mixer = Draft(identifier="7", name="Mixer", start_date="2030-01-08", keywords=("A", "B"))

    assert list(json.parse(page(f"<?xml version='1.0'?><Events>{one}</Events>"), recipe)) == [mixer]
    assert list(json.parse(page(f"<Events>{one}{one}</Events>"), recipe)) == [mixer, mixer]
    assert list(json.parse(page("<Events/>"), recipe)) == []
    with pytest.raises(ParseError):
        list(json.parse(page("<Events><Happening>1</Happening></Events>"), recipe))


def test_the_next_page_is_named_by_the_answer_or_counted() -> None:
    whole, empty = page(standard.dumps(ANSWER)), page('{"data": {"results": []}}')
    counted: dict[str, Any] = {**RECIPE, "page": "page"}

    assert [r.url for r in json.follow(whole, {**RECIPE, "next": "paging.next"})] == [
        "https://elm.example/api?cursor=b"
    ]
    assert [r.url for r in json.follow(whole, counted)] == ["https://elm.example/api?page=2"]
    assert list(json.follow(empty, counted)) == []


def test_an_empty_list_is_honest_and_a_missing_one_is_not() -> None:
    assert list(json.parse(page('{"data": {"results": []}}'), RECIPE)) == []
    for body in ('{"data": {}}', "<html></html>", ""):
        with pytest.raises(ParseError):
            list(json.parse(page(body), RECIPE))


def test_no_page_is_recognised() -> None:
    assert json.recognise(page(standard.dumps(ANSWER))) is None
