"""All that is kept of an address, as JSON for whoever it belongs to."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing


def write_export(mailing: "Mailing", address: str) -> bytes:
    """Every subscription with what was agreed to, and every letter with what became of it."""
    told = []
    for one in mailing.of_address(address, with_pending=True):
        wish, consent = one.wish, one.consent
        letters = [
            {"period": period, "stage": stage, "due": due.isoformat(), "reason": reason}
            for period, stage, due, reason in mailing.letters_of(one.number)
        ]
        told.append(
            {
                "email": wish.address,
                "search": wish.query,
                "weekday": wish.weekday,
                "hour": wish.hour,
                "timeZone": wish.zone,
                "most": wish.most,
                "state": one.state.value,
                "consent": {"words": consent.words, "at": consent.at.isoformat(), "channel": consent.channel},
                "confirmedAt": one.confirmed_at and one.confirmed_at.isoformat(),
                "letters": letters,
            }
        )
    return json.dumps({"subscriptions": told}, ensure_ascii=False, indent=2).encode() + b"\n"
