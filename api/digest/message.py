"""A letter as it travels: head and two parts (RFC 5322, 2369, 2919, 3834, 8058); pure."""

from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from api.digest.sender import Sender

POLICY = SMTP.clone(max_line_length=998)
"""Python's usual length would break a long List-Unsubscribe in two, which mail programs do not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One letter for one address. Its parts come in pieces that end lines: those that others get too are encoded once.

    `stop_url` is None for the letter that asks for a yes: there is nothing to stop yet.
    """

    to: str
    subject: str
    text: tuple[str, ...]
    html: tuple[str, ...] | None
    message_key: str
    period: str
    stop_url: str | None


def write_message(envelope: Envelope, sender: Sender, now: datetime) -> bytes:
    """Lines end in CRLF; no line is longer than 998 octets, and all octets are ASCII."""
    lines = [
        _sender_lines(sender),
        _plain("To", envelope.to),
        _fold("Subject", " ".join(envelope.subject.split())),
        _plain("Date", format_datetime(now)),
        _plain("Message-ID", f"<{envelope.message_key}@{sender.domain}>"),
        _plain("Auto-Submitted", "auto-generated"),
        *(_list_lines(envelope.stop_url, envelope.period, sender.domain) if envelope.stop_url else ()),
        _plain("MIME-Version", "1.0"),
    ]
    if envelope.html is None:
        return b"".join((*lines, _part("plain", envelope.text)))
    boundary = f"=_{envelope.message_key}"
    lines.append(_plain("Content-Type", f'multipart/alternative; boundary="{boundary}"'))
    between, end = f"\r\n--{boundary}\r\n".encode(), f"\r\n--{boundary}--\r\n".encode()
    return b"".join((*lines, between, _part("plain", envelope.text), between, _part("html", envelope.html), end))


@lru_cache(maxsize=16)
def _sender_lines(sender: Sender) -> bytes:
    told = _fold("From", str(Address(sender.name, addr_spec=sender.address)))
    return told + (_fold("Reply-To", sender.reply_to) if sender.reply_to else b"")


def _list_lines(stop_url: str, period: str, domain: str) -> Iterator[bytes]:
    """What the relay has to sign too, with DKIM: mail programs offer one click only where both are signed."""
    yield _plain("List-Id", f"<weekly.{domain}>")
    yield _plain("List-Unsubscribe", f"<{stop_url}>")
    yield _plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    yield _plain("Precedence", "bulk")
    yield _plain("Feedback-ID", f"{period}:weekly:hobnob:{domain}")


@lru_cache(maxsize=4096)
def _fold(name: str, value: str) -> bytes:
    """Whatever the text, one header: encoded and folded by Python's own rules, which take a third of a millisecond."""
    folded: str = POLICY.fold(name, POLICY.header_store_parse(name, value)[1])
    return folded.encode("ascii")


def _plain(name: str, value: str) -> bytes:
    """A header whose value is of our own making, or was checked when it was taken in."""
    if not (value.isascii() and value.isprintable()) or len(value) > 900:
        raise ValueError(f"{name}: holds what no header may")
    return f"{name}: {value}\r\n".encode("ascii")


def _part(subtype: str, pieces: tuple[str, ...]) -> bytes:
    """The empty line ends the part's own head."""
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return b"".join((head.encode("ascii"), *map(_quote, pieces)))


@lru_cache(maxsize=1024)
def _quote(text: str) -> bytes:
    """Quoted-printable, by the C library: EmailMessage's own way takes most of a letter's time."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")
