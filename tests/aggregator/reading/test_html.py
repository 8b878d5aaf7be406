"""The tree of a page, and what adapters ask of it."""

import pytest

from aggregator.errors import ParseError
from aggregator.reading.html import absolute, attribute, parse_html, text_of, tokens


def test_text_breaks_where_the_page_breaks_lines() -> None:
    page = "<div id=x>Elm&nbsp;Hall<br>12  Oak\n St<p>Upstairs</p>left<ul><li>one<li>two</ul></div>"

    assert text_of(parse_html(page).css("#x")[0]) == "Elm Hall\n12 Oak St\nUpstairs\nleft\none\ntwo"


def test_text_is_what_a_reader_sees() -> None:
    page = (
        '<p id=x title="a>b">Tom &lt;3 <b title=">">R&amp;B</b><script>no()</script><style>p{}</style><!-- no --></p>'
    )

    assert text_of(parse_html(page).css("#x")[0]) == "Tom <3 R&B"


def test_attributes_are_trimmed_and_empty_ones_are_none() -> None:
    node = parse_html("<a id=x href='  /here ' title='' class=' url  summary'>x</a>").css("#x")[0]

    assert attribute(node, "href") == "/here"
    assert attribute(node, "title") is None
    assert attribute(node, "rel") is None
    assert tokens(node, "class") == ["url", "summary"]


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("/e/1", "https://elm.example/e/1"),
        ("e/1?x=1", "https://elm.example/list/e/1?x=1"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("http://other.example/", "http://other.example/"),
        ("javascript:alert(1)", None),
        ("mailto:someone@elm.example", None),
        ("http://[broken", "http://[broken"),
        ("//[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_made_absolute_or_refused(address: str | None, whole: str | None) -> None:
    assert absolute(address, "https://elm.example/list/") == whole


def test_a_page_that_nests_absurdly_is_refused() -> None:
    with pytest.raises(ParseError, match="nests more than"):
        parse_html("<div>" * 200_000)


def test_a_long_page_that_does_not_nest_is_read() -> None:
    page = "<div><p>one<br><img src=x><li>two</div>" * 20_000

    assert len(parse_html(page).css("div")) == 20_000


def test_a_tag_with_absurdly_many_attributes_is_refused() -> None:
    with pytest.raises(ParseError, match="attributes"):
        parse_html("<div " + " ".join(f"a{n}=1" for n in range(20_000)) + ">")


def test_a_tag_with_one_long_attribute_is_read() -> None:
    page = f'<div id=x data-state="{"a word " * 20_000}">read</div>'

    assert text_of(parse_html(page).css("#x")[0]) == "read"
