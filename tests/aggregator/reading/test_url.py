"""A link becomes an address of the web, or nothing."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.reading.url import clean_url

PAGE = "https://example.org/events/list"

CLEANED = {
    "HTTPS://Example.ORG:443/a": "https://example.org/a",
    "http://example.org:8080": "http://example.org:8080/",
    "https://example.org?utm_source=x&id=5&UTM_Medium=y&fbclid=1#top": "https://example.org/?id=5#top",
    "https://example.org/?utm_source=x": "https://example.org/",
    "https://example.org/?a=1&amp;b=2": "https://example.org/?a=1&b=2",
    "https://user:secret@example.org/x": "https://example.org/x",
    "https://good.example@evil.example/": "https://evil.example/",
    " \n https://example.org/a b\t": "https://example.org/a%20b",
    "https://münchen.example/ü?q=ü": "https://xn--mnchen-3ya.example/%C3%BC?q=%C3%BC",
    "https://exаmple.org/": "https://xn--exmple-4nf.org/",
    "https://example.org/100%": "https://example.org/100%25",
    'https://example.org/"onmouseover=alert(1)': "https://example.org/%22onmouseover=alert(1)",
    "webcal://example.org/c.ics": "https://example.org/c.ics",
    "www.example.org/x": "https://www.example.org/x",
    "\u200bhttps://example.org/\u202ex": "https://example.org/x",
    "http://[::1]:8099/x": "http://[::1]:8099/x",
    "//other.example/x": "https://other.example/x",
    "/x?y#z": "https://example.org/x?y#z",
    "../x": "https://example.org/x",
    "?page=2": "https://example.org/events/list?page=2",
}

REFUSED = [
    None, "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
    "data:text/html,x", "https:evil.example", "vbscript:x", "file:///etc/passwd",
    "mailto:pat@example.org", "intent://x#Intent;end", "blob:https://example.org/1",
    "https://", "https://?x", "http://h:99999/", "http://h:0/", "http://h:x/", "http://a..b/", "http://a b/", "http://-/",
    "http://INTERNAL:80\\@PUBLIC/", "http://[::1/", "http://[not]/", "https://" + "a" * 300 + ".example/", "https://℀.example/",
    "https://example.org/" + "a" * 3000, "http://" + "a" * 200 + "!/",
]  # fmt: skip


@pytest.mark.parametrize(("told", "address"), CLEANED.items())
def test_a_link_becomes_one_absolute_address(told: str, address: str) -> None:
    assert clean_url(told, PAGE) == address


@pytest.mark.parametrize("told", REFUSED)
def test_what_is_no_address_of_the_web_is_none(told: str | None) -> None:
    assert clean_url(told, PAGE) is None


@pytest.mark.parametrize("told", ["//other.example/x", "/x", "x", "#top"])
def test_without_its_page_a_relative_link_is_none(told: str) -> None:
    assert clean_url(told) is None


@given(st.text(max_size=60) | st.from_regex(r"(https?|webcal)://[^ ]{0,20}[/?#:@\\%&.]?[^ ]{0,20}", fullmatch=True))
@example("https://a/?utm_a&&b")
@example("https://a/%%30%30?&amp;amp;x")
@example("https://a/?x&am\tp;y")
@example("https://a/&?utm_a#38;x")
@example("https://a/?x&&utm_a#38;x")
@settings(max_examples=200, deadline=None)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for base in (None, PAGE):
        address = clean_url(text, base)
        if address is not None:
            assert clean_url(address) == address
            assert clean_url(address, PAGE) == address
            assert re.fullmatch(r"https?://[^/?#@\s]+/[!-~]*", address)
