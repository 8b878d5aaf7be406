"""Forged ends of links: flipped, cut, made up, and used for another purpose."""

import argparse
import secrets
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from office import add_subscribers, make_town

from aggregator.store.mailing import Purpose, open_mailing
from api.digest.period import next_send, period_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def measure(asked: argparse.Namespace) -> int:
    """Bar: none is accepted; the one that was sent is."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hobnob.db"
        make_town(path, 3, now)
        add_subscribers(path, 1, now)
        with open_mailing(str(path)) as mailing:
            mailing.queue_due(now, lambda wish: next_send(wish, now), period_of)
            (delivery,) = mailing.claim(now, limit=1)
            token = secrets.token_urlsafe(32)
            assert mailing.dot(delivery, sent="[]", token=token, expires_at=now + timedelta(days=400), now=now)
            began = time.perf_counter()
            accepted = sum(mailing.find(one, Purpose.LETTER, now) is not None for one in forged(token, asked.count))
            seconds = time.perf_counter() - began
            assert mailing.find(token, Purpose.LETTER, now)
            assert mailing.find(token, Purpose.CONFIRM, now) is None
    print(f"{asked.count:,} forged links in {seconds:.1f} s: {accepted} accepted")
    return 1 if accepted else 0


def forged(token: str, count: int) -> Iterator[str]:
    """None of them is the token."""
    made = 0
    for one in _near(token):
        if made == count:
            return
        made += 1
        yield one
    for _ in range(count - made):
        yield secrets.token_urlsafe(32)


def _near(token: str) -> Iterator[str]:
    for place, right in enumerate(token):
        yield token[:place]
        for letter in LETTERS:
            if letter != right:
                yield token[:place] + letter + token[place + 1 :]
    yield from (token + letter for letter in LETTERS)
