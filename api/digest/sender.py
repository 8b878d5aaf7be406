"""Who sends the letters, as far as the settings say; letters go out only when all of it is known."""

from dataclasses import dataclass
from email.utils import parseaddr

from aggregator.errors import QueryError, SettingsError
from aggregator.settings import Settings
from api.digest.wish import read_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """`name` and `address` stand in From, `site` is what links begin with, `reply_to` a person's address, if known."""

    name: str
    address: str
    postal_address: str
    smtp_url: str
    site: str
    reply_to: str | None

    @property
    def domain(self) -> str:
        """What identifiers of letters end in."""
        return self.address.rpartition("@")[2]


def read_sender(settings: Settings) -> Sender:
    """SettingsError names the first thing that is missing: the postal address first, without which no law lets a letter
    go (CAN-SPAM).
    """
    if not (settings.postal_address or "").strip():
        raise SettingsError(
            "no letter goes out without a postal address, which stands under each: set `postal_address` in "
            "hobnob.toml, or HOBNOB_POSTAL_ADDRESS; a post office box will do"
        )
    if not settings.mail_from:
        raise SettingsError("nobody is named as the sender of letters: set `mail_from`, or HOBNOB_MAIL_FROM")
    if not settings.smtp_url:
        raise SettingsError("there is no mail server to send letters by: set HOBNOB_SMTP_URL")
    name, address = parseaddr(settings.mail_from)
    return Sender(
        name=" ".join(name.split()),
        address=_read(address, "mail_from"),
        postal_address=" ".join((settings.postal_address or "").split()),
        smtp_url=settings.smtp_url,
        site=settings.base_url,
        reply_to=settings.contact if settings.contact and "@" in settings.contact else None,
    )


def domain_of(mail_from: str) -> str:
    """The host of `mail_from`; SettingsError when it is no address."""
    return _read(parseaddr(mail_from)[1], "mail_from").rpartition("@")[2]


def has_sender(settings: Settings) -> bool:
    """Whether letters can go out, so that somebody may subscribe."""
    try:
        read_sender(settings)
    except SettingsError:
        return False
    return True


def _read(address: str, name: str) -> str:
    try:
        return read_address(address)
    except QueryError as error:
        raise SettingsError(f"setting {name}: is no address such as Visalia events <digest@example.org>") from error
