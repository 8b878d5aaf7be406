"""What is done for `hobnob digest letter --publish` and `hobnob digest withdraw`."""

import sys

from aggregator.errors import StoreError
from aggregator.settings import Settings, load_settings
from api.cli.known import open_known_store
from api.digest.archive import keep_printed
from api.digest.printed import Printed


def publish(name: str, printed: Printed, settings: Settings) -> None:
    """StoreError when there is one of that name. Where it is goes to standard error: the letter itself is printed."""
    with open_known_store(settings.store) as store:
        store.publish(keep_printed(name, printed))
    sys.stderr.write(f"{name}: published at {settings.base_url}/letters/{name}\n")


def withdraw(name: str) -> None:
    """StoreError when there is none of that name."""
    with open_known_store(load_settings().store) as store:
        if not store.withdraw_edition(name):
            raise StoreError(f"{name}: no such letter is published; /letters lists them")
    print(f"{name}: withdrawn; pages and feeds of letters lack it within a minute")
