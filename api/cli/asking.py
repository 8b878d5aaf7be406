"""`hobnob confirm ask`: organisers are asked by mail whether what is told of them is still right."""

import smtplib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from aggregator.alert import send_letter
from aggregator.confirm import Ends, meeting_lines, new_asking, new_token, write_letter
from aggregator.errors import CatalogError, HobnobError, SettingsError, StoreError
from aggregator.settings import Settings, load_settings
from aggregator.store import SourceStatus
from aggregator.store.store import Store
from api.cli.chosen import load_sources
from api.cli.known import open_known_store
from api.cli.sources import known_status
from api.cli.tools import now_in_utc


def ask_organisers(source: str | None, to: str | None, catalogs: Sequence[Path] | None, *, is_printed: bool) -> int:
    """The one source, or all that have an address; how many could not be asked. Printed letters are not sent."""
    settings, now = load_settings(), now_in_utc()
    reader = _reader(settings)
    if not is_printed and not settings.smtp_url:
        raise SettingsError("no mail can be sent: set `smtp_url`, or --print the letters and send them yourself")
    failed = 0
    with open_known_store(settings.store) as store:
        for name, mailbox in _mailboxes(settings, source, to, catalogs):
            try:
                ends = Ends(settings.mail_from or reader, reader, mailbox)
                _ask(store, settings, known_status(store, name), ends, now, is_printed=is_printed)
            except (StoreError, OSError, smtplib.SMTPException) as error:
                failed += 1
                print(f"{name}: not asked: {error}")
    return failed


def _mailboxes(
    settings: Settings, source: str | None, to: str | None, catalogs: Sequence[Path] | None
) -> Iterator[tuple[str, str]]:
    if source is not None and to is not None:
        yield source, to
        return
    named = {one.name: one.confirm_to for one in load_sources(settings, catalogs) if one.confirm_to}
    if source is not None and source not in named:
        raise CatalogError(f"{source}: its row has no confirm_to; --to names an address")
    yield from ((name, mailbox) for name, mailbox in named.items() if source in (None, name))


def _ask(
    store: Store, settings: Settings, status: SourceStatus, ends: Ends, now: datetime, *, is_printed: bool
) -> None:
    """Kept before it is sent, so that nobody is asked twice; and forgotten when it could not be sent."""
    token = new_token()
    asking = new_asking(status.name, token, now)
    lines = meeting_lines(store.groups(status.name))
    letter = write_letter(ends, status, lines, f"{settings.base_url}/confirm/{token}")
    store.ask_confirmation(asking)
    try:
        _deliver(letter, settings, is_printed=is_printed)
    except BaseException:
        store.forget_asking(asking.token_hash)
        raise
    print(f"{status.name}: {'to be asked by this letter' if is_printed else 'asked'}")


def _deliver(letter: EmailMessage, settings: Settings, *, is_printed: bool) -> None:
    if is_printed:
        print(letter.as_string())
    else:
        send_letter(letter, settings.smtp_url or "")


def _reader(settings: Settings) -> str:
    """The operator, who is answered."""
    for mailbox in (settings.contact, settings.alert_to):
        if mailbox and "@" in mailbox and "://" not in mailbox:
            return mailbox
    raise HobnobError("nobody could be answered: `contact` is no mail address, and `alert_to` is not set")
