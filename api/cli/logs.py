"""Log lines for a person, or for a program: one JSON object each; neither holds an address of a person or a secret."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from aggregator.settings import Settings
from api.named import request_name

log = logging.getLogger("hobnob.cli")

FIELDS = ("source", "outcome")
"""What a line may be told beside its words, by `extra`."""

HIDDEN = "(hidden)"
LEAST = 6
"""A shorter secret would be found in words that are none."""

_PERSONAL = re.compile(r"(?<=//)[^/\s@]+(?=@)|[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
"""Who signs in to an address, and addresses of mail."""


class Plain(logging.Formatter):
    """`2026-11-28 06:11:15,123 INFO hobnob.schedule: chamber: accepted, 2 events`."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the lines of a traceback."""
        return hide(super().format(record), self._secrets)


class Json(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `message`; where known `source`, `outcome`, `request` and `error`."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        told = {name: hide(text, self._secrets) for name, text in self._tell(record)}
        return json.dumps(told, ensure_ascii=False)

    def _tell(self, record: logging.LogRecord) -> Iterator[tuple[str, str]]:
        moment = datetime.fromtimestamp(record.created, UTC)
        yield "time", moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        yield "level", record.levelname.lower()
        yield "logger", record.name
        yield "message", record.getMessage()
        yield from ((name, str(getattr(record, name))) for name in FIELDS if hasattr(record, name))
        if request := request_name():
            yield "request", request
        if record.exc_info:
            yield "error", self.formatException(record.exc_info)


def hide(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text without addresses of mail, without who signs in where, and without these."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _PERSONAL.sub(HIDDEN, text) if "@" in text else text


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What the settings keep to themselves."""
    passwords = [urlsplit(address or "").password or "" for address in (settings.smtp_url, settings.store)]
    keys = (key.partition("=")[2] for key in settings.keys)
    told = dict.fromkeys((settings.admin_token or "", *passwords, *map(unquote, passwords), *keys))
    return tuple(secret for secret in told if len(secret) >= LEAST)


def log_to_stderr(settings: Settings, level: str | None = None) -> None:
    """Lines of Hobnob's own from that level on, the settings' one otherwise, and warnings of its libraries."""
    written = logging.StreamHandler(sys.stderr)
    written.setFormatter((Json if settings.log_format == "json" else Plain)(secrets_of(settings)))
    logging.basicConfig(handlers=[written], level=logging.WARNING)
    logging.getLogger("hobnob").setLevel((level or settings.log_level).upper())


def announce(settings: Settings, words: str) -> None:
    """What whoever started a command wants to know, whatever the level."""
    if settings.log_format == "json":
        log.info("%s", words)
    else:
        sys.stderr.write(f"hobnob: {words}\n")
