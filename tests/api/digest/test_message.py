"""The head and the parts of a letter, read again by a mail program's own parser."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from api.digest.message import Envelope, write_message
from api.digest.sender import Sender

NOW = datetime(2026, 10, 11, 14, tzinfo=UTC)
SENDER = Sender(
    name="Elm Valley, events", address="digest@operator.example", postal_address="P.O. Box 1, Visalia",
    smtp_url="smtp://127.0.0.1", site="https://hobnob.example", reply_to="events@operator.example",
)  # fmt: skip
STOP = "https://hobnob.example/subscribe/stop/" + "x" * 200


def read(**more: Any) -> EmailMessage:
    told: dict[str, Any] = {
        "to": "joe@mail.example", "subject": "Events near Visalia, CA: 3 new", "text": ("Hello\n", ".dot\nÖ — ü\n"),
        "html": ("<p>Hello Ö</p>\n", "<p>long</p>" * 300), "message_key": "a1b2c3", "period": "2026-W41",
        "stop_url": STOP,
    }  # fmt: skip
    written = write_message(Envelope(**{**told, **more}), SENDER, NOW)
    assert written.isascii()
    assert written.count(b"\n") == written.count(b"\r\n") == written.count(b"\r")
    assert max(map(len, written.split(b"\r\n"))) <= 998
    message = message_from_bytes(written, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not list(message.defects)
    return message


def lines_of(part: EmailMessage) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", '"Elm Valley, events" <digest@operator.example>'),
        ("To", "joe@mail.example"),
        ("Reply-To", "events@operator.example"),
        ("Subject", "Events near Visalia, CA: 3 new"),
        ("Date", "Sun, 11 Oct 2026 14:00:00 +0000"),
        ("Message-ID", "<a1b2c3@operator.example>"),
        ("List-Id", "<weekly.operator.example>"),
        ("List-Unsubscribe", f"<{STOP}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("Feedback-ID", "2026-W41:weekly:hobnob:operator.example"),
        ("MIME-Version", "1.0"),
    ],
)
def test_a_letter_says_of_itself(name: str, value: str) -> None:
    assert str(read()[name]) == value


def test_a_letter_that_asks_for_a_yes_is_none_of_a_list() -> None:
    message = read(html=None, stop_url=None)

    assert not {"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Precedence"} & set(message.keys())
    assert message["Auto-Submitted"] == "auto-generated"
    assert lines_of(message) == "Hello\n.dot\nÖ — ü\n"


def test_both_parts_are_read_as_they_were_written() -> None:
    text, html = read().iter_parts()

    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert (text.get_content_type(), lines_of(text)) == ("text/plain", "Hello\n.dot\nÖ — ü\n")
    assert (html.get_content_type(), lines_of(html)) == ("text/html", "<p>Hello Ö</p>\n" + "<p>long</p>" * 300)


def test_a_hostile_subject_is_one_line_of_the_head() -> None:
    message = read(subject="Mixer\r\nBcc: joe@mail.example\nX: y — “ö”" + "ö" * 300)

    assert str(message["Subject"]).startswith("Mixer Bcc: joe@mail.example X: y — “ö”")
    assert "Bcc" not in message
    assert "X" not in message


def test_what_no_header_may_hold_is_an_error_and_no_header() -> None:
    with pytest.raises(ValueError, match="To"):
        read(to="joe@mail.example\r\nBcc: a@b.example")
