"""What the end of a letter at the mail server means for its row in the ledger; pure."""

from datetime import datetime, timedelta

from aggregator.store.mailing import BOUNCED, CONFIRMATION, Delivery, Settled, Stage
from api.digest.smtp import Ending, Handed

PUT_OFF_FOR = timedelta(hours=24)
"""A letter that the server puts off (grey-listing) is tried again for so long."""

LONGEST_WAIT = timedelta(hours=4)


def judge(delivery: Delivery, handed: Handed, now: datetime) -> Settled:
    """Its next stage, why, and when it is tried again."""
    code = "" if handed.code is None else f" ({handed.code})"
    if handed.ending is Ending.LATER:
        return _put_off(delivery, now, code)
    is_address_bad = handed.ending is Ending.BOUNCED and delivery.period != CONFIRMATION
    stage, reason, again = {
        Ending.TAKEN: (Stage.SENT, None, None),
        Ending.STOPPED: (Stage.SKIPPED, None, None),
        Ending.UNKNOWN: (Stage.UNKNOWN, "the connection broke while the server was taking it", None),
        Ending.LOST: (Stage.PENDING, f"the connection broke before the server took it{code}", now),
        Ending.BOUNCED: (Stage.FAILED, BOUNCED if is_address_bad else f"the server refused it{code}", None),
        Ending.REFUSED: (Stage.FAILED, f"the server refused it{code}", None),
    }[handed.ending]
    return Settled(delivery=delivery, stage=stage, reason=reason, next_attempt_at=again)


def _put_off(delivery: Delivery, now: datetime, code: str) -> Settled:
    again = now + min(timedelta(minutes=1) * 2 ** min(delivery.attempts, 10), LONGEST_WAIT)
    if again > delivery.due_at + PUT_OFF_FOR:
        return Settled(delivery=delivery, stage=Stage.FAILED, reason=f"put off for a day{code}")
    return Settled(delivery=delivery, stage=Stage.PENDING, reason=f"put off by the server{code}", next_attempt_at=again)
