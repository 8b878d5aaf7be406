"""Mending JSON as pages really carry it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import read_json

EVENT = '{"@type":"Event","name":"Mixer"}'
READ = {"@type": "Event", "name": "Mixer"}


@pytest.mark.parametrize(
    "text",
    [
        EVENT,
        f"\ufeff{EVENT}",
        f"//<![CDATA[\n{EVENT}\n//]]>",
        f"/* <![CDATA[ */ {EVENT} /* ]]> */",
        f"<!-- {EVENT} -->",
        f"<!-- Made by a plugin. -->\n{EVENT}",
        f"{EVENT};",
        '{"@type":"Event","name":"Mixer",}',
        '{"@type":"Event", // the kind\n "name":"Mixer" /* the name */}',
        "{&quot;@type&quot;:&quot;Event&quot;,&quot;name&quot;:&quot;Mixer&quot;}",
    ],
)
def test_one_object_is_read_through_every_wrapper_and_litter(text: str) -> None:
    assert read_json(text) == [READ]


def test_objects_written_one_after_the_other_are_all_read() -> None:
    assert read_json(f"{EVENT}\n{EVENT},{EVENT}") == [READ, READ, READ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"one\nline\tand another"', "one\nline\tand another"),
        (r'"it\'s on"', "it's on"),
        (r'"C:\qd"', "C:qd"),
        ('{"a":"<a href="https://x.example/1">boom</a>, then","b":"c"}', None),
        ('{"a":"say "hello" twice","b":"c"}', None),
    ],
)
def test_strings_are_mended(text: str, value: object) -> None:
    (read,) = read_json(text)

    assert isinstance(read, dict | str)
    assert read == value if value else isinstance(read, dict) and read["b"] == "c"


def test_an_unescaped_link_keeps_its_address() -> None:
    (read,) = read_json('{"description":"<a href="https://x.example/1">boom</a>"}')

    assert read == {"description": '<a href="https://x.example/1">boom</a>'}


def test_an_address_in_a_string_is_no_comment() -> None:
    assert read_json('{"url":"https://x.example/a//b",}') == [{"url": "https://x.example/a//b"}]


def test_numbers_stay_as_the_page_writes_them() -> None:
    assert read_json('{"price":15.00,"latitude":-36.70,"count":' + "9" * 5000 + "}") == [
        {"price": "15.00", "latitude": "-36.70", "count": "9" * 5000}
    ]


def test_what_is_not_a_number_is_nothing() -> None:
    assert read_json('{"latitude":NaN,"longitude":-Infinity}') == [{"latitude": None, "longitude": None}]


@pytest.mark.parametrize("text", ["", "  ", "{not json", "[" * 100_000 + "]" * 100_000, '{"a":', "<p>Sorry</p>"])
def test_what_no_repair_helps_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="no JSON"):
        read_json(text)


plain = st.recursive(
    st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(plain)
def test_sound_json_is_never_changed(value: object) -> None:
    assert read_json(json.dumps(value)) == [value]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_json(text)
    except ParseError:
        assert True
