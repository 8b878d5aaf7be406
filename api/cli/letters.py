"""What is done for `hobnob digest`."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aggregator.errors import QueryError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings, load_settings
from aggregator.store import Reader
from aggregator.store.mailing import LATELY, Stage, State, Wish
from api.cli.events import read_more
from api.cli.known import open_known_mailing, open_known_reader
from api.cli.logs import log_to_stderr
from api.cli.post import make_outgoing
from api.cli.tools import now_in_utc
from api.cli.words import count
from api.digest.deliver import Pass, deliver
from api.digest.export import write_export
from api.digest.gather import Writer
from api.digest.sender import Sender, read_sender
from api.digest.wish import USUAL_MOST, canonical
from api.digest.write import write_html, write_text
from api.query import parse_query

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing


def show_preview(named: dict[str, str | None], more: Sequence[str], format_: str) -> None:
    """The first letter of a search, with links of nobody; needs no sender."""
    if format_ not in ("text", "html"):
        raise QueryError("format", format_, "is none of text, html")
    settings, now = load_settings(), now_in_utc()
    gazetteer = Gazetteer.open(settings.places)
    pairs = [(name, value) for name, value in named.items() if value is not None] + read_more(more)
    asked = parse_query(pairs, now=now, settings=settings, gazetteer=gazetteer)
    query, zone = canonical(asked, settings), asked.window["timeZone"]
    wish = Wish(address="you@example.org", query=query, weekday=6, hour=7, zone=zone, most=USUAL_MOST)
    with open_known_reader(settings.store) as store:
        writer = Writer(store, settings, gazetteer, somebody(settings))
        letter = asyncio.run(writer.compose(wish, (None, {}), now))
    if letter is None:
        print("Nothing is to be told, so no letter would be sent.")
        return
    footer = writer.footer(wish, None, "preview")
    sys.stdout.write("".join((write_text if format_ == "text" else write_html)(letter, footer)))


def send_letters() -> int:
    """One pass; the exit code. What the settings lack is said before the store or the server is asked for."""
    settings = load_settings()
    sender = read_sender(settings)
    log_to_stderr(settings)
    with open_known_reader(settings.store) as store, open_known_mailing(settings.store) as mailing:
        mailing.forget_old(now_in_utc())
        done = asyncio.run(_send(store, mailing, settings, sender))
    if done is None:
        print("another process is sending letters of this store")
        return 0
    print(", ".join(f"{number} {stage.value}" for stage, number in sorted(done.stages.items())) or "no letter is due")
    if done.trouble:
        sys.stderr.write(f"hobnob: {done.trouble}; what was not sent waits\n")
    return 1 if done.trouble else 0


def show_status() -> None:
    """Numbers alone: no address is shown."""
    settings, now = load_settings(), now_in_utc()
    with open_known_mailing(settings.store) as mailing:
        states, stages, unknown = mailing.states(), mailing.stages(now - LATELY), mailing.unknown()
    print("subscriptions: " + (", ".join(f"{states[one]} {one.value}" for one in State if one in states) or "none"))
    print(
        "letters of 30 days: " + (", ".join(f"{stages[one]} {one.value}" for one in Stage if one in stages) or "none")
    )
    if unknown:
        print(f"{count(len(unknown), 'letter')} may have arrived, or not: hobnob digest resolve")


def resolve_letters(names: Sequence[str], *, is_resent: bool, is_skipped: bool) -> None:
    """Without names all are listed; with names one of the two words is needed."""
    settings, now = load_settings(), now_in_utc()
    with open_known_mailing(settings.store) as mailing:
        if not names:
            _list_unknown(mailing)
            return
        if is_resent == is_skipped:
            raise QueryError("resolve", " ".join(names), "say --resend or --skip")
        for name in names:
            mailing.resolve(name, is_sent_again=is_resent, now=now)
    print(f"{count(len(names), 'letter')} {'wait to be sent again' if is_resent else 'taken for sent'}")


def export_address(address: str) -> None:
    """JSON on standard output."""
    with open_known_mailing(load_settings().store) as mailing:
        sys.stdout.buffer.write(write_export(mailing, address))


def erase_address(address: str) -> None:
    """What it says is not what was erased."""
    with open_known_mailing(load_settings().store) as mailing:
        gone = mailing.erase(address)
    print(f"erased: {count(gone, 'subscription')}")


def _list_unknown(mailing: "Mailing") -> None:
    found = mailing.unknown()
    for one in found:
        print(f"{one.name}  since {one.since:%Y-%m-%d %H:%M} UTC")
    told = "hobnob digest resolve NAMES --resend, or --skip" if found else "nothing is to be resolved"
    print(f"{count(len(found), 'letter')}: {told}")


async def _send(store: Reader, mailing: "Mailing", settings: Settings, sender: Sender) -> Pass | None:
    """SIGTERM and Ctrl-C end it after the letter that it is at."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    gazetteer = Gazetteer.open(settings.places)
    return await deliver(
        make_outgoing(store, mailing, settings, gazetteer, sender, now=now_in_utc, is_stopped=stopped.is_set)
    )


def somebody(settings: Settings) -> Sender:
    """For a letter that goes nowhere."""
    postal = settings.postal_address or "(postal_address is not set: no letter goes out)"
    return Sender(
        name="", address="you@example.org", postal_address=postal, smtp_url="", site=settings.base_url, reply_to=None
    )
