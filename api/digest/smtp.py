"""One connection to the mail server, for many letters; what became of each, as far as can be known."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Self, cast
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException

from aggregator.alert import PORTS
from aggregator.errors import DeliveryError
from api.digest.answers import Answers

SECONDS, SECONDS_FOR_DOT = 60, 600
"""How long an answer is waited for; after the dot as long as RFC 5321 (4.5.3.2.6) asks for."""

WELL = (250, 251)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Ending(Enum):
    """What is known of a letter that was handed over, or was to be."""

    TAKEN = auto()
    LATER = auto()
    BOUNCED = auto()
    REFUSED = auto()
    LOST = auto()
    UNKNOWN = auto()
    STOPPED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """How it ended, and the server's code; its words are not kept, since they may name an address.

    LOST: the connection broke before the dot, so nothing was taken. UNKNOWN: it broke after the dot.
    """

    ending: Ending
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What a server answered to MAIL, RCPT and DATA; 0 where it was not asked."""

    mail: int
    rcpt: int
    data: int

    @property
    def is_well(self) -> bool:
        """Whether the text of the letter may follow."""
        return self.mail == 250 and self.rcpt in WELL and self.data == 354

    @property
    def refusal(self) -> int:
        """The first code that says no, where one does."""
        if self.mail != 250:
            return self.mail
        return self.data if self.rcpt in WELL else self.rcpt


class Connection:
    """Open until it breaks; whoever meets a LOST or UNKNOWN letter opens another.

    Each letter is begun, then ended. Where the server takes several commands at once (RFC 2920) the next letter is
    begun with the dot of the one before, so that a letter takes one way there and back. aiosmtplib opens the
    connection; from then on it is ours, since it gives one command at a time.
    """

    def __init__(self, smtp_url: str, our_name: str, sender: str, ca_file: Path | None = None) -> None:
        parts = urlsplit(smtp_url)
        self._host, self._port = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 25)
        self._name, self._password = parts.username, parts.password
        self._sender, self._answers = sender, Answers()
        self._transport: asyncio.Transport | None = None
        self._is_pipelined = False
        self.begun: str | None = None
        """Whose letter the server waits for, or was asked to: there is no way back but to hang up."""
        self._client = SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=parts.scheme == "smtps",
            start_tls=False if parts.scheme == "smtps" else None,
            tls_context=ssl.create_default_context(cafile=None if ca_file is None else str(ca_file)),
            local_hostname=our_name,
            timeout=SECONDS,
        )

    @property
    def is_open(self) -> bool:
        """Whether it may take another letter."""
        return self._transport is not None and not (self._transport.is_closing() or self._answers.is_over)

    async def __aenter__(self) -> Self:
        """DeliveryError when the server cannot be reached, or does not know us; a password goes over TLS only."""
        try:
            await self._client.connect()
            if self._client.last_ehlo_response is None:
                await self._client.ehlo()
            if self._name:
                if self._client.get_transport_info("sslcontext") is None and self._host not in LOOPBACK:
                    raise DeliveryError(f"{self._where}: offers no TLS, and no password is sent without")
                await self._client.login(unquote(self._name), unquote(self._password or ""))
        except SMTPAuthenticationError as error:
            self._client.close()
            raise DeliveryError(f"{self._where}: refuses the name and password, {error.code}") from error
        except (SMTPException, OSError) as error:
            self._client.close()
            raise DeliveryError(f"{self._where}: takes no letters now: {type(error).__name__}") from error
        self._take_over()
        return self

    def _take_over(self) -> None:
        self._is_pipelined = self._client.supports_extension("pipelining")
        self._transport = cast("asyncio.Transport", self._client.transport)
        self._transport.set_protocol(self._answers)

    async def __aexit__(self, *_: object) -> None:
        try:
            if self.is_open and self.begun is None:
                await self._say(b"QUIT\r\n", seconds=5)
        except OSError:
            pass
        finally:
            self._client.close()

    async def begin(self, to: str) -> Handed | None:
        """Ask the server to take a letter; None when it does, else how the letter ended.

        DeliveryError when the server takes no letters from us at all.
        """
        try:
            return await self._judge(await self._ask(to))
        except OSError:
            self.close()
            return Handed(ending=Ending.LOST)

    async def end(self, message: bytes, dot: Callable[[], bool], following: str | None) -> Handed:
        """Give the server the letter that was begun, and begin the `following` if it can be.

        `dot` is called just before: False gives nothing, and hangs up.
        """
        self.begun = None
        # Whatever was heard of before the letter is sent, a break too, is no riddle.
        if not (self.is_open and self._answers.is_quiet):
            self.close()
            return Handed(ending=Ending.LOST)
        if not self._may_end(dot):
            return Handed(ending=Ending.STOPPED)
        if following is not None and self._is_pipelined:
            self.begun = following
        self._write(_stuffed(message), b".\r\n", *(self._commands(following) if self.begun and following else ()))
        return await self._read_end()

    def close(self) -> None:
        """Hang up: what was begun is not taken."""
        self.begun = None
        if self._transport is not None:
            self._transport.close()

    def _may_end(self, dot: Callable[[], bool]) -> bool:
        """There is no way back from DATA but to hang up, which is done unless `dot` says yes."""
        may_end = False
        try:
            may_end = dot()
        finally:
            if not may_end:
                self.close()
        return may_end

    def _commands(self, to: str) -> tuple[bytes, bytes, bytes]:
        return b"MAIL FROM:<%b>\r\n" % self._sender.encode(), b"RCPT TO:<%b>\r\n" % to.encode(), b"DATA\r\n"

    async def _ask(self, to: str) -> Codes:
        """What is answered to MAIL, RCPT and DATA; one at a time, as far as the first refusal."""
        commands = self._commands(to)
        if self._is_pipelined:
            if self.begun is None:
                self._write(*commands)
            self.begun = to
            mail, rcpt, data = [await self._answers.next(SECONDS) for _ in commands]
            return Codes(mail=mail, rcpt=rcpt, data=data)
        mail = await self._say(commands[0])
        rcpt = await self._say(commands[1]) if mail == 250 else 0
        return Codes(mail=mail, rcpt=rcpt, data=await self._say(commands[2]) if rcpt in WELL else 0)

    async def _judge(self, codes: Codes) -> Handed | None:
        if codes.is_well:
            return None
        self.begun = None
        if codes.data == 354:
            # A server may wait for a letter to nobody, which is ended at once (RFC 2920, 3.1).
            await self._say(b".\r\n")
        code = codes.refusal
        if code == 421:
            # A server that hangs up, whatever letter it is at.
            self.close()
            return Handed(ending=Ending.LOST, code=code)
        if codes.mail != 250 and not 400 <= code < 500:
            raise DeliveryError(f"{self._where}: takes no letters from {self._sender}, {code}")
        await self._say(b"RSET\r\n")
        if code < 500:
            return Handed(ending=Ending.LATER, code=code)
        return Handed(ending=Ending.BOUNCED if code == codes.rcpt else Ending.REFUSED, code=code)

    async def _read_end(self) -> Handed:
        try:
            code = await self._answers.next(SECONDS_FOR_DOT)
        except OSError:
            self.close()
            return Handed(ending=Ending.UNKNOWN)
        if code == 250:
            return Handed(ending=Ending.TAKEN, code=code)
        if code == 421:
            self.close()
        return Handed(ending=Ending.LATER if code < 500 else Ending.REFUSED, code=code)

    async def _say(self, command: bytes, seconds: float = SECONDS) -> int:
        self._write(command)
        return await self._answers.next(seconds)

    def _write(self, *pieces: bytes) -> None:
        if self._transport is None or not self.is_open:
            raise ConnectionError(f"{self._where} hung up")
        self._transport.write(b"".join(pieces))

    @property
    def _where(self) -> str:
        return f"the mail server {self._host}:{self._port}"


def _stuffed(message: bytes) -> bytes:
    """A line that begins with a dot gets another (RFC 5321, 4.5.2)."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    stuffed = whole.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
