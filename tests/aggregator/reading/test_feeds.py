"""Feeds of every format, well formed or not, are read into the same members."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.reading.feeds import Feed, Member, ends_whole, is_feed, read_feed
from aggregator.reading.feeds.broken import mend, read_broken
from aggregator.reading.feeds.rss_atom import NotWellFormedError, read_well_formed
from aggregator.reading.text import clean_line, clean_text

RSS = (
    '<rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/" xmlns:x="https://elm.example/x"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:georss="http://www.georss.org/georss">'
    "<channel><title>Elm</title><link>https://elm.example/</link><generator>G</generator>{}</channel></rss>"
)
FULL = (
    "<item><title>Mixer &amp;amp; Expo</title><link>https://elm.example/{0}</link><guid isPermaLink='false'>g{0}</guid>"
    "<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</description>"
    "<pubDate>Tue, 13 Oct 2026 18:00:00 -0700</pubDate>"
    "<category>Networking</category><category>Coffee</category><ev:startdate>2026-10-13T18:00:00-07:00</ev:startdate>"
    "<x:Room>2</x:Room><georss:point>36.7 -119.8</georss:point>"
    "<enclosure url='https://elm.example/i.png' type='image/png'/></item>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:ev="urn:ev"><title>Elm</title><link href="https://elm.example/"/>'
    '<entry><title type="html">Mixer</title><link href="https://elm.example/1"/><id>urn:1</id>'
    '<published>2026-09-01T00:00:00Z</published><updated>2026-09-02T00:00:00Z</updated><category term="a"/>'
    "<summary>Short</summary><ev:start>2026-10-13</ev:start></entry></feed>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc='
    '"http://purl.org/dc/elements/1.1/" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><title>Elm</title>'
    "<link>https://elm.example/</link></channel><item><title>Mixer</title><link>https://elm.example/1</link>"
    "<dc:date>2026-09-01</dc:date><ev:startdate>2026-10-13</ev:startdate></item></rdf:RDF>"
)
BOMB = (
    "<!DOCTYPE r [<!ENTITY lol 'lol'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
).replace("&l0;", "&lol;")


def _feed(*members: str) -> str:
    return RSS.format("".join(members))


def _item(title: str, rest: str = "") -> str:
    return f"<item><title>{title}</title>{rest}</item>"


def _neutral(feed: Feed) -> list[Member]:
    """What matters of a member whichever reader read it: markup is compared as the text that it becomes."""
    return [
        replace(
            member,
            identifier=member.identifier or member.url,
            title=clean_line(member.title or ""),
            description=clean_text(member.description or ""),
        )
        for member in feed.members
    ]


@pytest.mark.parametrize(
    "text", [_feed(FULL.format(1), FULL.format(2)), ATOM, RDF, _feed()], ids=["rss", "atom", "rdf", "none"]
)
def test_expat_and_feedparser_agree(text: str) -> None:
    fast, slow = read_well_formed(text), read_broken(text)

    assert _neutral(fast) == _neutral(slow)
    assert fast.url == slow.url == "https://elm.example/"
    assert fast.generator == slow.generator


def _reads_as_utf_8(title: str) -> bool:
    """Whether feedparser would mend it, taking it for UTF-8 that was read as Latin-1."""
    try:
        return not title.isascii() and bool(title.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return False


TITLES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"))).filter(
    lambda t: not _reads_as_utf_8(t)
)


@given(st.lists(TITLES, max_size=4))
def test_expat_and_feedparser_agree_on_any_titles(titles: list[str]) -> None:
    text = _feed(*(_item(escape(escape(title)), "<guid>g</guid>") for title in titles))

    assert [clean_line(m.title or "") for m in read_well_formed(text).members] == [
        clean_line(m.title or "") for m in read_broken(text).members
    ]


def test_a_member_is_told_whole() -> None:
    (member,) = read_feed(_feed(FULL.format(1))).members

    assert member == Member(
        identifier="g1",
        title="Mixer &amp; Expo",
        url="https://elm.example/1",
        description="<p>One</p><p>Two</p>",
        published="Tue, 13 Oct 2026 18:00:00 -0700",
        image="https://elm.example/i.png",
        categories=("Networking", "Coffee"),
        elements={"ev:startdate": "2026-10-13T18:00:00-07:00", "x:room": "2", "georss:point": "36.7 -119.8"},
    )
    assert member.element("nothing", "room") == "2"
    assert member.element("nothing") is None


def test_markup_inside_a_description_and_elements_inside_elements_are_kept() -> None:
    text = _feed(
        _item("A", "<description>One<br/>Two <b>3 &lt; 4</b></description><ev:meta><ev:start>x</ev:start></ev:meta>")
    )

    (member,) = read_feed(text).members

    assert clean_text(member.description or "") == "One\nTwo 3 < 4"
    assert member.element("start") == "x"


@pytest.mark.parametrize(
    ("broken", "titles"),
    [
        (_feed(_item("R&B &nbsp;&eacute; &bogus; night")), ["R&B é &bogus; night"]),
        (_feed(_item("Ctrl \x0b\x00 &#11;&#xD800;&#1114112; chars")), ["Ctrl chars"]),
        (_feed(_item("A"), _item("B")).removesuffix("</channel></rss>") + "<item><title>Cof", ["A", "B"]),
        (ATOM.removesuffix("</feed>") + "<entry><title>Cof", ["Mixer"]),
        (RDF.removesuffix("</rdf:RDF>"), ["Mixer"]),
        ("Warning: <b>x</b> on line 3\n" + _feed(_item("A")), ["A"]),
        (_feed(_item("A", "<undeclared:thing>x</undeclared:thing>")), ["A"]),
        (_feed(_item("Under 5 < 6 free"), _item("B")), ["Under 5 < 6 free", "B"]),
        (_feed("<item><title>A</title><description><p>never closed</description></item>", _item("B")), ["A", "B"]),
        (_feed(_item("A")) + "<!-- cached -->\n", ["A"]),
    ],
)
def test_a_broken_feed_keeps_its_whole_members(broken: str, titles: list[str]) -> None:
    assert [clean_line(member.title or "") for member in read_feed(broken).members] == titles


@pytest.mark.parametrize(
    "doctype", [BOMB, '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://elm.example/rss.dtd">']
)
def test_nothing_that_a_doctype_declares_is_expanded(doctype: str) -> None:
    feed = read_feed(f"<?xml version='1.0'?>{doctype}" + _feed(_item("Mixer &l9;")))

    assert [clean_line(member.title or "") for member in feed.members] == ["Mixer &l9;"]


def test_a_file_is_never_read_for_an_entity() -> None:
    text = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _feed(
        _item("A &x;")
    )

    assert [clean_line(member.title or "") for member in read_feed(text).members] == ["A &x;"]


@pytest.mark.parametrize(
    "text",
    [
        "", "<html><rss></rss>", "<feedback/>", "{}",
        '{"version": "https://jsonfeed.org/version/1"}', "<rss><channel><item><ti",
        "<rss>" + "<b>" * 200_000, '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_at_once(text: str) -> None:
    began = time.process_time()

    with pytest.raises(ParseError):
        read_feed(text)

    assert time.process_time() - began < 1


def test_a_doctype_further_down_is_refused() -> None:
    with pytest.raises(NotWellFormedError):
        read_well_formed("<rss></rss><!DOCTYPE r [<!ENTITY a 'a'>]>")


@pytest.mark.parametrize(
    ("body", "is_whole"),
    [
        (_feed().encode(), True),
        (_feed().encode() + b"\n<!-- cached -- by -->\r\n <!-- x -->", True),
        (ATOM.encode(), True),
        (RDF.encode(), True),
        (_feed().encode("utf-16"), True),
        (b'{"version": "https://jsonfeed.org/version/1", "items": []}\n', True),
        (_feed().encode()[:-3], False),
        (ATOM.encode()[:-1], False),
        (RDF.encode()[:-10], False),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', False),
        (b"", False),
        (b"<!--" * 3000, False),
    ],
)
def test_a_whole_feed_is_told_from_one_that_was_cut(body: bytes, is_whole: bool) -> None:
    assert ends_whole(body) is is_whole


@given(st.text(alphabet=st.sampled_from("<>&;/!?[]- rssitemtl=\"'\x00é#x0") | st.characters(), max_size=60))
def test_reading_never_fails_but_by_refusing(inner: str) -> None:
    for text in (_feed(inner), _feed(_item(inner)), _feed(_item("A")) + inner, "<rss>" + inner):
        is_feed(text)
        try:
            assert all(isinstance(member, Member) for member in read_feed(text).members)
        except ParseError:
            continue


def test_mending_changes_nothing_of_a_sound_feed() -> None:
    assert mend(_feed(FULL.format(1))) == _feed(FULL.format(1))


def test_well_formed_feeds_are_read_five_times_as_fast_as_by_feedparser() -> None:
    start = datetime(2026, 10, 13, 18, tzinfo=UTC)
    dates = "".join(
        FULL.format(n).replace("Tue, 13 Oct 2026 18:00:00 -0700", format_datetime(start + timedelta(days=n)))
        for n in range(100)
    )
    text = _feed(dates)

    fast, slow = min(_seconds(read_feed, text) for _ in range(3)), _seconds(feedparser.parse, text)

    assert fast * 5 < slow


def _seconds(read: object, text: str) -> float:
    began = time.process_time()
    read(text)  # type: ignore[operator]
    return time.process_time() - began
