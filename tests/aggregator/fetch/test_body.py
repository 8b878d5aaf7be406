"""Bodies are inflated with a cap, and a broken one is an error."""

import gzip
import zlib
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FetchError, TooLargeError
from aggregator.fetch.body import Gzip, is_whole, read_body, read_start

pytestmark = pytest.mark.anyio

GZIPPED = {"content-encoding": "gzip"}
BOMB = gzip.compress(b"\0" * 4_000_000, mtime=0)


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=4), st.lists(st.integers(0, 3000), max_size=6))
def test_gzip_inflates_the_same_however_it_is_cut(members, cuts):
    packed = b"".join(gzip.compress(member, mtime=0) for member in members)
    ends = sorted({0, len(packed), *(cut % (len(packed) + 1) for cut in cuts)})
    reader = Gzip()
    pieces = [piece for start, end in pairwise(ends) for piece in reader.feed(packed[start:end])]
    assert b"".join([*pieces, reader.finish()]) == b"".join(members)


async def test_a_body_as_large_as_the_cap_is_read_whole():
    assert await read_body(stream(b"ab", b"cd"), {}, 4) == b"abcd"
    assert await read_body(stream(BOMB), GZIPPED, 4_000_000) == b"\0" * 4_000_000


@pytest.mark.parametrize(("headers", "body"), [({}, b"abcde"), (GZIPPED, BOMB), ({"content-length": "5"}, b"")])
async def test_a_body_over_the_cap_is_refused(headers, body):
    with pytest.raises(TooLargeError):
        await read_body(stream(body), headers, 4)


async def test_no_more_is_read_than_the_start_that_is_wanted():
    chunks = stream(b"abcd", b"efgh", b"never asked for")
    assert await read_start(chunks, {}, 6) == b"abcdef"
    assert await anext(chunks) == b"never asked for"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "x" * 5000])
async def test_an_encoding_that_was_not_asked_for_is_refused(encoding):
    with pytest.raises(FetchError, match="not asked for"):
        await read_body(stream(b"x"), {"content-encoding": encoding}, 100)


@pytest.mark.parametrize("encoding", ["", "identity", "Identity "])
async def test_a_plain_body_may_say_so(encoding):
    assert await read_body(stream(b"x"), {"content-encoding": encoding}, 100) == b"x"


@pytest.mark.parametrize(
    "body",
    [
        b"BEGIN:VCALENDAR",
        b"",
        gzip.compress(b"x" * 99, mtime=0)[:-1],
        gzip.compress(b"x" * 99, mtime=0)[:-8] + b"\xff" * 8,
        BOMB[:40] + b"\xff" * 40,
    ],
)
async def test_a_gzip_that_is_broken_is_an_error_and_not_half_a_page(body):
    with pytest.raises(FetchError, match="gzip is broken"):
        await read_body(stream(body), GZIPPED, 10_000_000)


async def test_gzip_members_without_end_are_refused():
    with pytest.raises(FetchError, match="members"):
        await read_body(stream(gzip.compress(b"", mtime=0) * 2000), GZIPPED, 100)


def test_output_that_zlib_holds_back_at_the_very_end_is_not_lost():
    packed = gzip.compress(bytes(1_048_577))
    reader = Gzip()
    assert sum(map(len, reader.feed(packed))) + len(reader.finish()) == 1_048_577


@pytest.mark.parametrize(
    ("headers", "body", "whole"),
    [
        ({"content-length": "3"}, b"<p>", True),
        ({"transfer-encoding": "chunked"}, b"<p>", True),
        (GZIPPED, b"<p>", True),
        ({}, b"<html><p>some", False),
        ({}, b"<html></html>\n", True),
        ({}, b"END:VCALENDAR\r\n", True),
        ({}, b'{"events": [{"id": 1', False),
        ({}, b"", False),
    ],
)
def test_a_body_that_only_the_connection_ends_has_to_end_itself(headers, body, whole):
    assert is_whole(headers, body) is whole


def test_the_reader_refuses_what_follows_a_member_and_is_no_gzip():
    reader = Gzip()
    with pytest.raises(zlib.error):
        list(reader.feed(gzip.compress(b"x", mtime=0) + b"trailing junk"))
