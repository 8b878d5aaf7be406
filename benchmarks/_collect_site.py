"""A site of many hosts on one loopback port, as fast as Python serves one: whole answers made before it is asked.

python benchmarks/_collect_site.py FOLDER        # prints its port, and serves the folder until it is killed
"""

import asyncio
import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import cast

import uvloop

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".xml": "application/rss+xml",
    ".json": "application/json",
}
ROBOTS = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 0\n\nUser-agent: nosybot\nDisallow: /\n"
ASKED = re.compile(rb"GET (/[^ /?]*)[^ ]* HTTP/1.1\r\n")
KNOWN = re.compile(rb"\r\nif-none-match: ([^\r]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bytes of a whole answer, and of the one to who has it already."""

    etag: bytes
    whole: bytes
    unchanged: bytes


class Talk(asyncio.Protocol):
    """One connection, kept for as long as the other side wants."""

    def __init__(self, answers: Mapping[bytes, Answer]) -> None:
        self._answers = answers
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        asked, known = ASKED.match(head), KNOWN.search(head)
        answer = self._answers.get(asked[1]) if asked else None
        if answer is None:
            return b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
        return answer.unchanged if known and known[1] == answer.etag else answer.whole


def answer(body: bytes, kind: str) -> Answer:
    etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
    head = f"date: Sun, 03 Jan 2027 00:00:00 GMT\r\netag: {etag}\r\n"
    whole = f"HTTP/1.1 200 OK\r\n{head}content-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    return Answer(
        etag=etag.encode(),
        whole=whole.encode() + body,
        unchanged=f"HTTP/1.1 304 Not Modified\r\n{head}\r\n".encode(),
    )


def answers_of(folder: Path) -> dict[bytes, Answer]:
    pages = (path for path in folder.iterdir() if path.suffix in TYPES)
    made = {f"/{path.name}".encode(): answer(path.read_bytes(), TYPES[path.suffix]) for path in pages}
    return {b"/robots.txt": answer(ROBOTS, "text/plain")} | made


async def serve(folder: Path) -> None:
    answers = answers_of(folder)
    server = await asyncio.get_running_loop().create_server(lambda: Talk(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The port of a site in a process of its own."""
    with subprocess.Popen([sys.executable, __file__, str(folder)], stdout=subprocess.PIPE, text=True) as site:
        try:
            assert site.stdout is not None
            yield int(site.stdout.readline())
        finally:
            site.kill()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
