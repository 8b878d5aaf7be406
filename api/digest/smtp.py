"""One connection to the mail server, for many letters; what became of each, as far as can be known."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponse, SMTPResponseException

from aggregator.alert import PORTS
from aggregator.errors import DeliveryError

SECONDS, SECONDS_FOR_DOT = 60, 600
"""How long an answer is waited for; after the dot as long as RFC 5321 (4.5.3.2.6) asks for."""

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


class Connection:
    """Open until it breaks; whoever meets a LOST or UNKNOWN letter opens another."""

    def __init__(self, smtp_url: str, our_name: str, ca_file: Path | None = None) -> None:
        parts = urlsplit(smtp_url)
        self._host, self._port = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 25)
        self._name, self._password = parts.username, parts.password
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
        return self._client.is_connected

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
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            if self._client.is_connected:
                await self._client.quit(timeout=5)
        except (SMTPException, OSError):
            self._client.close()

    async def hand_over(self, sender: str, to: str, message: bytes, dot: Callable[[], bool]) -> Handed:
        """Give the server a letter. `dot` is called when all but the last line is sent: False ends it without.

        DeliveryError when the server takes no letters from us at all.
        """
        try:
            if (refusal := await self._begin(sender, to)) is not None:
                return refusal
            protocol = self._client.protocol
            if protocol is None:
                return Handed(ending=Ending.LOST)
            protocol.write(_stuffed(message))
            if not self._may_end(dot):
                return Handed(ending=Ending.STOPPED)
            # A break that is seen before the dot is written is no riddle.
            await asyncio.sleep(0)
            if not self._client.is_connected:
                return Handed(ending=Ending.LOST)
        except (SMTPException, OSError):
            self._client.close()
            return Handed(ending=Ending.LOST)
        return await self._end()

    def _may_end(self, dot: Callable[[], bool]) -> bool:
        """There is no way back from DATA but to hang up, which is done unless `dot` says yes."""
        may_end = False
        try:
            may_end = dot()
        finally:
            if not may_end:
                self._client.close()
        return may_end

    async def _begin(self, sender: str, to: str) -> Handed | None:
        """MAIL, RCPT and DATA; how it ended if it did not get through them."""
        answer = await self._say(b"MAIL", b"FROM:<" + sender.encode() + b">")
        if 400 <= answer.code < 500:
            return await self._put_off(answer)
        if answer.code != 250:
            raise DeliveryError(f"{self._where}: takes no letters from {sender}, {answer.code}")
        answer = await self._say(b"RCPT", b"TO:<" + to.encode() + b">")
        if 400 <= answer.code < 500:
            return await self._put_off(answer)
        if answer.code not in (250, 251):
            await self._say(b"RSET")
            return Handed(ending=Ending.BOUNCED, code=answer.code)
        answer = await self._say(b"DATA")
        if answer.code == 354:
            return None
        if answer.code < 500:
            return await self._put_off(answer)
        await self._say(b"RSET")
        return Handed(ending=Ending.REFUSED, code=answer.code)

    async def _put_off(self, answer: SMTPResponse) -> Handed:
        """421 is a server that hangs up, whatever letter it is at."""
        if answer.code == 421:
            self._client.close()
            return Handed(ending=Ending.LOST, code=answer.code)
        await self._say(b"RSET")
        return Handed(ending=Ending.LATER, code=answer.code)

    async def _end(self) -> Handed:
        try:
            answer = await self._say(b".", seconds=SECONDS_FOR_DOT)
        except (SMTPException, OSError):
            self._client.close()
            return Handed(ending=Ending.UNKNOWN)
        if answer.code == 250:
            return Handed(ending=Ending.TAKEN, code=answer.code)
        if answer.code == 421:
            self._client.close()
        return Handed(ending=Ending.LATER if answer.code < 500 else Ending.REFUSED, code=answer.code)

    async def _say(self, *words: bytes, seconds: float = SECONDS) -> SMTPResponse:
        try:
            return await self._client.execute_command(*words, timeout=seconds)
        except SMTPResponseException as error:
            # What is no answer of SMTP is as good as none.
            raise ConnectionError(f"{self._where}: {error.code}") from error

    @property
    def _where(self) -> str:
        return f"the mail server {self._host}:{self._port}"


def _stuffed(message: bytes) -> bytes:
    """A line that begins with a dot gets another (RFC 5321, 4.5.2)."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    stuffed = whole.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
