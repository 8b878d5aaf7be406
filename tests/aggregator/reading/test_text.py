"""Bytes become text, and text becomes clean text."""

import re
import time
from unicodedata import category, is_normalized

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.reading.text import clean_line, clean_text, decode, fold

HOSTILE = st.text(
    alphabet=st.sampled_from("<>&;#/!ablt\u0300\u0301\u200b\u200d\ufe0f\u202e👩👧 \n\x00\x85é\u0cc6\u0cc2amp")
    | st.characters(),
    max_size=80,
)
BANNED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\u3164\U000e0000-\U000e0fff]"
)

LINES = {
    "Caf&eacute; &amp;amp; Bar": "Café & Bar",
    "Business After Hours &#8211; October": "Business After Hours – October",
    "<b>Mixer</b>&nbsp;&nbsp;<i>now</i>": "Mixer now",
    "Elm Hall<br>12 Oak St": "Elm Hall 12 Oak St",
    "&lt;p&gt;Free&lt;/p&gt;": "Free",
    "Runners aged 5 < 6, I <3 you": "Runners aged 5 < 6, I <3 you",
    "Kids <ages 5-7": "Kids < ages 5-7",
    '<a title="a > b" href="x">Go</a>': "Go",
    "<scr<b>ipt>alert(1)</script>": "",
    "<sp<b>an>alert(1)</span>": "alert(1)",
    "<script>alert(1)</script>Go": "Go",
    "<style>p { x }</style>Go<!-- no -->": "Go",
    "AT&T, R&B, ?a=1&region=CA": "AT&T, R&B, ?a=1&region=CA",
    "\x93Quoted\x94 it\x92s": "“Quoted” it’s",
    "C\u200bo\u200bf\u200bf\u200bee": "Coffee",
    "Free \u202egpj.exe\u202c Event": "Free gpj.exe Event",
    "Z" + "\u0301" * 500 + "algo": "Ź\u0301\u0301\u0301algo",
    "👨\u200d👩\u200d👧 Family \u200dday": "👨\u200d👩\u200d👧 Family day",
    "\U000e0041\U000e0042 tags": "tags",
    "\u3164\u3164\u2800 \u115f": "",
    "e\u0301te\u0301": "été",
    "Mixer\r\nBcc: x\u2028y": "Mixer Bcc: x y",
    "Join <https://example.org/?a=1&amp;b=2>": "Join https://example.org/?a=1&b=2",
    "lone \ud800 surrogate": "lone surrogate",
}

TEXTS = {
    "<p>One</p>\n<p>Two<br/>three</p>": "One\nTwo\nthree",
    "<ul><li>a<li>b</ul>": "a\nb",
    "<p>a source\nline</p>": "a source line",
    "plain\r\nlines\n\n\nkept": "plain\nlines\nkept",
    "<table><tr><td>7 pm</td><td>Doors</td></tr></table>": "7 pm Doors",
    "a\u2029b\u2028c": "a\nb\nc",
    "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;": "One\nTwo",
}


@pytest.mark.parametrize(("told", "clean"), LINES.items())
def test_a_line_is_one_line_of_visible_text(told: str, clean: str) -> None:
    assert clean_line(told) == clean


@pytest.mark.parametrize(("told", "clean"), TEXTS.items())
def test_a_text_keeps_its_line_ends(told: str, clean: str) -> None:
    assert clean_text(told) == clean


@given(HOSTILE)
@example("&am\u200bp;amp;lt;b&amp;gt;")
@example("<<b>script>&amp;amp;amp;lt;")
@example("👩\u0300\u0300\u0300\ufe0f\u200d👧")
@example("a\u0300\u0300\u0cc6\u0300\u0cc2")
def test_cleaning_twice_changes_nothing_and_leaves_nothing_banned(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)

        assert clean(once) == once
        assert is_normalized("NFC", once)
        assert not BANNED.search(once.replace("\n", "") if clean is clean_text else once)


@given(st.text(alphabet=st.sampled_from("ae \u0300\u0301\u20dd\u0e49\u0e01"), max_size=60))
def test_a_base_bears_three_marks_at_most(text: str) -> None:
    marks = "".join("m" if category(c) in {"Mn", "Me"} else "." for c in clean_line(text))

    assert "mmmm" not in marks


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "&amp;", "<script", "<!--", "<b>",
      "&", "\u0300", "<a \"'", "<a x=\"'<a '\"", "a\u200d", "<p", " ", "\n",
      "&#x26;#38;", "👩\u0300\u0300\u0300\ufe0f\u200d"],
)  # fmt: skip
def test_a_hundred_kilobytes_of_one_thing_are_cleaned_at_once(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()

    clean_text(text)

    assert time.process_time() - began < 0.5


DECODED = [
    (b"\xef\xbb\xbfCaf\xc3\xa9", "text/html; charset=iso-8859-1", "Café"),
    (b"\xef\xbb\xbfCaf\xe9", None, "Café"),
    ("Café".encode("utf-16"), None, "Café"),
    ('<?xml encoding="us-ascii"?>é'.encode("utf-16-be"), None, '<?xml encoding="us-ascii"?>é'),
    ("Жар".encode("koi8-r"), "text/plain; charset=koi8-r", "Жар"),
    ('<meta charset="shift_jis">日本'.encode("shift_jis"), "text/html", '<meta charset="shift_jis">日本'),
    ('<?xml encoding="windows-1251"?>Ж'.encode("cp1251"), None, '<?xml encoding="windows-1251"?>Ж'),
    ("Жар".encode("koi8-r") + b'<meta charset="cp1251">', "text/plain; charset='koi8-r'", 'Жар<meta charset="cp1251">'),
    ("Café".encode(), "text/html; charset=ISO-8859-1", "Café"),
    ("Café –".encode("cp1252"), "text/html; charset=ISO-8859-1", "Café –"),
    ("Café –".encode("cp1252"), "text/html; charset=utf-8", "Café –"),
    ("Café –".encode("cp1252"), None, "Café –"),
    ("Café ".encode() + b"\x93q\x94", "text/html; charset=utf-8", "Café “q”"),
    ("Café".encode(), "text/html; charset=bogus-8", "Café"),
    ("Café".encode(), "text/html; charset=../../etc/passwd", "Café"),
    ("Café".encode(), "text/html; charset=punycode", "Café"),
    (b"+AGE-", "text/html; charset=utf-7", "+AGE-"),
    (b"", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "content_type", "text"), DECODED)
def test_bytes_are_read_as_what_they_are(body: bytes, content_type: str | None, text: str) -> None:
    assert decode(body, content_type) == text


@given(
    st.binary(max_size=200), st.none() | st.text(max_size=30) | st.sampled_from(["utf-16", "gb18030", "iso-2022-jp"])
)
def test_decoding_never_fails(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, f"text/html; charset={charset}"), str)


def test_a_foreign_body_of_a_megabyte_is_decoded_at_once() -> None:
    began = time.process_time()

    decode(b"\xff\xe9" * 500_000, "text/html; charset=utf-8")

    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(("one", "other"), [("CAFÉ", "cafe\u0301"), ("Straße", "STRASSE"), ("ﬁn", "FIN"), ("İ", "i")])
def test_what_a_person_would_call_the_same_folds_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
