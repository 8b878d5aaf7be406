"""Who gets a letter, and what became of each: the only part of the store that holds an address of a person."""

from typing import TYPE_CHECKING

from aggregator.store.database import prepare
from aggregator.store.mailing.values import (
    BOUNCED,
    CONFIRMATION,
    LATELY,
    Consent,
    Delivery,
    Purpose,
    Settled,
    Stage,
    State,
    Subscription,
    Told,
    Unknown,
    Wish,
)

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

__all__ = [
    "BOUNCED",
    "CONFIRMATION",
    "LATELY",
    "Consent",
    "Delivery",
    "Purpose",
    "Settled",
    "Stage",
    "State",
    "Subscription",
    "Told",
    "Unknown",
    "Wish",
    "open_mailing",
]


def open_mailing(address: str) -> "Mailing":
    """The mailing of a store that is there, or is made."""
    from aggregator.store.mailing.mailing import Mailing  # noqa: PLC0415 - SQLAlchemy takes 0.2 s and 27 MB

    prepare(address)
    return Mailing(address)
