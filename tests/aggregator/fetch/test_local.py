"""Sources that need no network."""

from datetime import UTC, datetime

import pytest

from aggregator.errors import AddressRefusedError, FetchError, TooLargeError
from aggregator.fetch.local import read_files, read_inline
from aggregator.source import Request

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "kind", "body"),
    [
        ("data:text/calendar,BEGIN%3AVCALENDAR", "text/calendar", b"BEGIN:VCALENDAR"),
        ("data:text/html;charset=utf-8;base64,PGI+", "text/html;charset=utf-8", b"<b>"),
        ("data:,plain", "text/plain;charset=US-ASCII", b"plain"),
        ("data:text/plain,a,b", "text/plain", b"a,b"),
    ],
)
def test_a_data_address_is_its_own_page(url, kind, body):
    page = read_inline(Request(url=url), NOW, 100)
    assert (page.header("content-type"), page.body, page.is_whole) == (kind, body, True)


@pytest.mark.parametrize("url", ["data:text/calendar", "data:;base64,====", "data:;base64,a*b"])
def test_a_data_address_that_holds_nothing_readable_is_an_error(url):
    with pytest.raises(FetchError):
        read_inline(Request(url=url), NOW, 100)


def test_a_data_address_has_the_same_cap_as_a_page():
    with pytest.raises(TooLargeError):
        read_inline(Request(url="data:," + "a" * 101), NOW, 100)


def test_a_folder_gives_a_page_for_each_of_its_files_by_name(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"second")
    (tmp_path / "a é.ics").write_bytes(b"first")
    (tmp_path / ".hidden").write_bytes(b"no")
    (tmp_path / "deeper").mkdir()
    pages = read_files(Request(url=tmp_path.as_uri()), NOW, 100)
    assert [page.body for page in pages] == [b"first", b"second"]
    assert [page.header("content-type") for page in pages] == ["text/calendar", "text/csv"]
    assert pages[0].url == (tmp_path / "a é.ics").as_uri()


@pytest.mark.parametrize(
    "name", ["README", "README.md", "flyer.pdf", "photo.jpg", ".hidden.ics", "a.ics~", "deeper.ics/"]
)
def test_what_is_no_calendar_in_a_folder_is_left_alone(tmp_path, name):
    (tmp_path / "EVENTS.ICS").write_bytes(b"calendar")
    (tmp_path / "rules.toml").write_bytes(b"rules")
    if name.endswith("/"):
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(b"other")
    pages = read_files(Request(url=tmp_path.as_uri()), NOW, 100)
    assert [page.body for page in pages] == [b"calendar", b"rules"]


def test_a_file_that_is_named_is_read_whatever_it_is_called(tmp_path):
    (tmp_path / "events.txt").write_bytes(b"named")
    (page,) = read_files(Request(url=(tmp_path / "events.txt").as_uri()), NOW, 100)
    assert page.body == b"named"


def test_an_empty_folder_gives_no_page(tmp_path):
    assert read_files(Request(url=tmp_path.as_uri()), NOW, 100) == ()


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FetchError, match=r"absent\.ics"):
        read_files(Request(url=(tmp_path / "absent.ics").as_uri()), NOW, 100)


@pytest.mark.parametrize("url", ["file://elsewhere.example/a.ics", "http://chamber.example/a.ics"])
def test_only_files_of_this_machine_are_read(url):
    with pytest.raises(FetchError, match="on this machine"):
        read_files(Request(url=url), NOW, 100)


def test_a_file_over_the_cap_is_refused(tmp_path):
    (tmp_path / "a.ics").write_bytes(b"x" * 101)
    with pytest.raises(TooLargeError):
        read_files(Request(url=(tmp_path / "a.ics").as_uri()), NOW, 100)


@pytest.mark.anyio
async def test_a_page_cannot_have_files_fetched(open_fetcher, tmp_path):
    (tmp_path / "a.ics").write_bytes(b"x")
    request = Request(url=(tmp_path / "a.ics").as_uri())
    async with open_fetcher() as fetcher:
        assert [page.body for page in await fetcher.fetch_files(request)] == [b"x"]
        with pytest.raises(AddressRefusedError):
            await fetcher.fetch(request)
