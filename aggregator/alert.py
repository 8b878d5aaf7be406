"""Alerts: the operator is told once that a source went down, and once that it is back."""

import asyncio
import json
import logging
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from aggregator.collect import Tools
from aggregator.errors import FetchError
from aggregator.health import Health, examine
from aggregator.run import Outcome, Run
from aggregator.settings import Settings
from aggregator.source import Request

log = logging.getLogger("hobnob.alert")

RUNS = 30
"""How many runs tell how a source is doing."""

MAIL_SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is told of one source."""

    source: str
    health: Health
    run: Run | None

    @property
    def line(self) -> str:
        """One line for the log and the subject of a letter."""
        state = self.health.state
        if not state.is_down:
            return f"{self.source}: back: {self.run.kept if self.run else 0} events"
        if self.run and self.run.outcome is Outcome.QUARANTINED:
            return f"{self.source}: held back: {self.health.reason}; see `hobnob sources accept` and `reject`"
        return f"{self.source}: down, {state.value.replace('_', ' ')}: {self.health.reason}"

    def as_json(self) -> bytes:
        """What a webhook is sent."""
        health = self.health
        told = {
            "source": self.source,
            "state": health.state.value,
            "isDown": health.state.is_down,
            "reason": health.reason,
            "advice": health.advice,
            "since": health.since and health.since.isoformat(),
            "text": self.line,
        }
        return json.dumps(told, ensure_ascii=False).encode()


async def tell_if_news(source: str, tools: Tools, settings: Settings | None) -> Alert | None:
    """Look at the source after a run; the alert, if there was one. What cannot be sent is logged, and stops nothing."""
    status = await asyncio.to_thread(tools.store.source, source)
    if status is None:
        return None
    runs = await asyncio.to_thread(tools.store.history, source, RUNS)
    health = examine(status, runs, tools.now())
    if not await asyncio.to_thread(tools.store.note_down, source, is_down=health.state.is_down):
        return None
    alert = Alert(source=source, health=health, run=runs[0] if runs else None)
    (log.error if health.state.is_down else log.warning)("%s", alert.line, extra={"source": source})
    if settings is not None:
        await _send(alert, tools, settings)
    return alert


async def _send(alert: Alert, tools: Tools, settings: Settings) -> None:
    if settings.alert_webhook:
        headers = (("content-type", "application/json"),)
        request = Request(url=settings.alert_webhook, method="POST", body=alert.as_json(), headers=headers)
        try:
            await tools.fetcher.fetch(request, permission="granted")
        except FetchError as error:
            log.warning("the webhook was not told of %s: %s", alert.source, error)
    if settings.smtp_url and settings.alert_to:
        letter = write_letter(alert, settings)
        try:
            await asyncio.to_thread(send_letter, letter, settings.smtp_url)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("no mail was sent of %s: %s", alert.source, error)


def write_letter(alert: Alert, settings: Settings) -> EmailMessage:
    """To the operator, from the operator (RFC 3834: nobody answers it by itself)."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = letter["To"] = settings.alert_to
    letter["Subject"] = f"Hobnob: {alert.line}"[:200]
    letter["Auto-Submitted"] = "auto-generated"
    told: Mapping[str, object] = {"What to do": alert.health.advice, "Since": alert.health.since}
    lines = [alert.line, "", *(f"{name}: {value}" for name, value in told.items() if value)]
    letter.set_content("\n".join([*lines, f"All sources: {settings.base_url}/v1/sources", ""]))
    return letter


def send_letter(letter: EmailMessage, smtp_url: str) -> None:
    """Over smtp: with STARTTLS where the server offers it, or smtps:. OSError, or SMTPException, when it cannot."""
    parts = urlsplit(smtp_url)
    host, port = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 25)
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=MAIL_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=MAIL_SECONDS)
    with server:
        server.ehlo()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(letter)
