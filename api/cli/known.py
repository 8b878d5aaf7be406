"""A store that is there: nobody who asks, accepts or rejects means to begin one."""

from typing import TYPE_CHECKING

from aggregator.errors import StoreError
from aggregator.store import Reader, open_reader, open_store
from aggregator.store.database import is_there, name_of
from aggregator.store.mailing import open_mailing

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing
    from aggregator.store.store import Store


def open_known_reader(address: str) -> Reader:
    """StoreError where there is none."""
    _require(address)
    return open_reader(address)


def open_known_store(address: str) -> "Store":
    """StoreError where there is none."""
    _require(address)
    return open_store(address)


def open_known_mailing(address: str) -> "Mailing":
    """StoreError where there is none."""
    _require(address)
    return open_mailing(address)


def _require(address: str) -> None:
    if not is_there(address):
        where = name_of(address)
        raise StoreError(f"{where}: there is no store here; `hobnob collect` makes one, HOBNOB_STORE names another")
