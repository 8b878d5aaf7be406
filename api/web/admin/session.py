"""Who is signed in: cookies that only who knows the token can make, and of which nothing is kept."""

import binascii
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

LASTS = timedelta(hours=2)
LONGEST_NOTICE = 600
"""Characters; a browser keeps 4 kB of a cookie."""


def make_session(token: str, now: datetime) -> str:
    """Until when, a word made by chance, and what proves both."""
    claim = f"{int((now + LASTS).timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{claim}.{_prove(token, 'session', claim)}"


def is_session(token: str, given: str, now: datetime) -> bool:
    """Whether it was made with this token, and is not over."""
    claim, _, proof = given.rpartition(".")
    return is_same(proof, _prove(token, "session", claim)) and int(claim.partition(".")[0]) > now.timestamp()


def make_form_token(token: str, session: str) -> str:
    """What every form of this session holds: another site can send a form of ours, and not this."""
    return _prove(token, "form", session)


def make_notice(token: str, session: str, words: str) -> str:
    """What was just done, for the next page to say; nobody else can put words there."""
    text = words if len(words) <= LONGEST_NOTICE else f"{words[:LONGEST_NOTICE]}…"
    packed = urlsafe_b64encode(text.encode("utf-8", "replace")).decode()
    return f"{packed}.{_prove(token, 'notice', session + packed)}"


def read_notice(token: str, session: str, given: str) -> str | None:
    """The words; None where they are none of ours."""
    packed, _, proof = given.partition(".")
    if not is_same(proof, _prove(token, "notice", session + packed)):
        return None
    try:
        return urlsafe_b64decode(packed).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def is_same(given: str, wanted: str) -> bool:
    """In a time that does not tell how much of it is right."""
    return hmac.compare_digest(*(sha256(text.encode("utf-8", "replace")).digest() for text in (given, wanted)))


def _prove(token: str, purpose: str, text: str) -> str:
    return hmac.new(token.encode(), f"{purpose}\n{text}".encode("utf-8", "replace"), sha256).hexdigest()
