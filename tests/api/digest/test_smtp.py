"""One connection to mail servers that answer oddly: what became of a letter is never guessed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import pytest

from aggregator.errors import DeliveryError
from api.digest.smtp import Connection, Ending

pytestmark = pytest.mark.anyio

LETTER = b"Subject: Events\r\n\r\n.hidden\r\n"
USUAL = {
    "EHLO": b"250-here\r\n250 PIPELINING",
    "MAIL": b"250 ok",
    "RCPT": b"250 ok",
    "DATA": b"354 go on",
    ".": b"250 ok",
}
FOUR, FIVE, BYE = b"450 later", b"550 no", b"421 too busy"


class Server:
    """Answers by the first word of a line, oddly to the first letter only, or from the second on; None hangs up."""

    def __init__(self, answers: Mapping[str, bytes | None], odd: int = 1) -> None:
        self.answers, self.odd = answers, odd
        self.heard: list[str] = []
        self.letters: list[bytes] = []
        self.is_over = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        text: list[bytes] | None = None
        while line := await reader.readline():
            if text is not None and line != b".\r\n":
                text.append(line)
                continue
            if text is not None:
                self.letters.append(b"".join(text))
            word = line.split()[0].decode()
            self.heard.append(word)
            answer = self._answer(word)
            if answer is None:
                break
            text = [] if answer.startswith(b"354") else None
            writer.write(answer + b"\r\n")
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self.is_over.set()

    def _answer(self, word: str) -> bytes | None:
        usual = USUAL.get(word, b"250 ok")
        is_odd = word == "EHLO" or self.heard.count("MAIL") == self.odd
        return self.answers.get(word, usual) if is_odd else usual


@asynccontextmanager
async def talk(server: Server) -> AsyncIterator[Connection]:
    async with await asyncio.start_server(server, "127.0.0.1", 0) as listening:
        url = f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        async with Connection(url, "operator.example", "digest@operator.example") as connection:
            yield connection
        await server.is_over.wait()


async def give(connection: Connection, to: str, following: str | None = None) -> tuple[Ending, int | None]:
    handed = await connection.begin(to) or await connection.end(LETTER, lambda: True, following)
    return handed.ending, handed.code


@pytest.mark.parametrize("ehlo", [b"250 here", USUAL["EHLO"]], ids=["one command at a time", "several at once"])
@pytest.mark.parametrize(
    ("answers", "ending"),
    [
        ({}, (Ending.TAKEN, 250)),
        ({"RCPT": b"251 elsewhere"}, (Ending.TAKEN, 250)),
        ({"MAIL": FOUR, "RCPT": b"503 no", "DATA": b"503 no"}, (Ending.LATER, 450)),
        ({"RCPT": FOUR, "DATA": b"503 no"}, (Ending.LATER, 450)),
        ({"RCPT": FIVE, "DATA": b"554 no"}, (Ending.BOUNCED, 550)),
        ({"RCPT": FIVE, ".": b"554 nobody"}, (Ending.BOUNCED, 550)),
        ({"DATA": FIVE}, (Ending.REFUSED, 550)),
        ({"DATA": FOUR}, (Ending.LATER, 450)),
        ({".": FOUR}, (Ending.LATER, 450)),
        ({".": FIVE}, (Ending.REFUSED, 550)),
    ],
)  # fmt: skip
async def test_an_answer_says_what_became_of_the_letter_and_the_next_one_is_taken(
    ehlo: bytes, answers: dict[str, bytes], ending: tuple[Ending, int]
) -> None:
    server = Server({"EHLO": ehlo, **answers})
    async with talk(server) as connection:
        first, second = await give(connection, "ann@mail.example"), await give(connection, "joe@mail.example")

    assert (first, second) == (ending, (Ending.TAKEN, 250))
    assert server.letters[-1] == LETTER.replace(b"\r\n.", b"\r\n..")
    assert server.heard[-1] == "QUIT"


@pytest.mark.parametrize(
    ("answers", "ending"),
    [
        ({"MAIL": BYE}, Ending.LOST),
        ({"RCPT": None}, Ending.LOST),
        ({"DATA": None}, Ending.LOST),
        ({"MAIL": b"hello"}, Ending.LOST),
        ({"DATA": b"354 go on\r\n250 already"}, Ending.LOST),
        ({".": None}, Ending.UNKNOWN),
        ({".": b"what"}, Ending.UNKNOWN),
        ({".": BYE}, Ending.LATER),
    ],
)
async def test_a_server_that_hangs_up_or_talks_out_of_turn_is_left(
    answers: dict[str, bytes | None], ending: Ending
) -> None:
    async with talk(Server(answers)) as connection:
        assert (await give(connection, "ann@mail.example"))[0] is ending
        assert not connection.is_open
        assert connection.begun is None


async def test_the_next_letter_is_begun_with_the_dot_of_the_one_before() -> None:
    server = Server({})
    async with talk(server) as connection:
        first = await give(connection, "ann@mail.example", "joe@mail.example")
        begun = connection.begun
        second = await give(connection, "joe@mail.example")

    assert (first, begun, second) == ((Ending.TAKEN, 250), "joe@mail.example", (Ending.TAKEN, 250))
    assert server.heard == ["EHLO", *["MAIL", "RCPT", "DATA", "."] * 2, "QUIT"]


async def test_a_letter_that_was_begun_is_lost_and_not_unknown_when_the_server_hangs_up() -> None:
    async with talk(Server({"MAIL": None}, odd=2)) as connection:
        first = await give(connection, "ann@mail.example", "joe@mail.example")
        second = await give(connection, "joe@mail.example")

    assert (first[0], second[0]) == (Ending.TAKEN, Ending.LOST)


@pytest.mark.parametrize("following", [None, "joe@mail.example"])
async def test_what_is_not_wanted_any_more_is_not_sent(following: str | None) -> None:
    server = Server({})
    async with talk(server) as connection:
        await give(connection, "ann@mail.example", following)
        assert await connection.begin("joe@mail.example") is None
        handed = await connection.end(LETTER, lambda: False, None)

    assert handed.ending is Ending.STOPPED
    assert len(server.letters) == 1
    assert "QUIT" not in server.heard


async def test_a_server_that_takes_nothing_from_us_ends_the_pass() -> None:
    async with talk(Server({"MAIL": FIVE})) as connection:
        with pytest.raises(DeliveryError, match=r"takes no letters from digest@operator\.example, 550"):
            await connection.begin("ann@mail.example")


async def test_a_mark_that_cannot_be_written_sends_nothing() -> None:
    def fail() -> bool:
        raise DeliveryError("the disk is full")

    server = Server({})
    async with talk(server) as connection:
        await connection.begin("ann@mail.example")
        with pytest.raises(DeliveryError):
            await connection.end(LETTER, fail, None)

    assert server.letters == []
