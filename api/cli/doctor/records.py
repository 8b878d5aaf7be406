"""What SPF, DKIM and DMARC records say, and what they should say instead; pure."""

from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator, Sequence

from api.cli.doctor.finding import Finding, Grade

MOST_LOOKUPS = 10
_LOOKUPS = ("include", "a", "mx", "ptr", "exists", "redirect")
LEAST_KEY, USUAL_KEY = 160, 290
"""Octets of an RSA key as it stands in a record: 162 for 1024 bits, 294 for 2048."""
POLICIES = ("none", "quarantine", "reject")


def judge_spf(domain: str, texts: Sequence[str]) -> Iterator[Finding]:
    """RFC 7208. Lookups of what is included are not counted."""
    found = [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    if not found:
        advice = f'set a TXT record of {domain}: "v=spf1 mx -all", or with the include: that your mail provider names'
        yield Finding(grade=Grade.WRONG, about="SPF", seen=f"{domain} does not say who may send for it", advice=advice)
    elif len(found) > 1:
        seen = f"{domain} has {len(found)} SPF records, so receivers heed none of them (RFC 7208, 4.5)"
        yield Finding(grade=Grade.WRONG, about="SPF", seen=seen, advice="make one record of them")
    else:
        yield _judge_senders(found[0])


def _judge_senders(text: str) -> Finding:
    terms = [term.lower() for term in text.split()[1:]]
    asked = sum(term.lstrip("+-~?").replace("=", ":").replace("/", ":").partition(":")[0] in _LOOKUPS for term in terms)
    if {"all", "+all"} & {*terms}:
        advice = "end it with -all, and name before it who sends for you"
        return Finding(grade=Grade.WRONG, about="SPF", seen=f"everybody may send: {text}", advice=advice)
    if asked > MOST_LOOKUPS:
        seen = f"{asked} terms ask other names, and only {MOST_LOOKUPS} may (RFC 7208, 4.6.4): {text}"
        return Finding(grade=Grade.WRONG, about="SPF", seen=seen, advice="take out what sends nothing for you")
    if not any(term in ("-all", "~all") or term.startswith("redirect=") for term in terms):
        advice = "end it with -all, or with ~all as long as you are not sure that it names all who send for you"
        return Finding(grade=Grade.DOUBTFUL, about="SPF", seen=f"says nothing of all others: {text}", advice=advice)
    return Finding(grade=Grade.WELL, about="SPF", seen=text)


def judge_dkim(name: str, texts: Sequence[str]) -> Iterator[Finding]:
    """RFC 6376, with key lengths by RFC 8301. `name` is the selector's."""
    keys = [tags for text in texts if "p" in (tags := _tags(text)) and tags.get("v", "DKIM1") == "DKIM1"]
    if not keys:
        advice = "set it as a TXT record, as your mail server or its provider shows it: v=DKIM1; k=rsa; p=…"
        yield Finding(grade=Grade.WRONG, about="DKIM", seen=f"{name} has no key", advice=advice)
    elif len(keys) > 1:
        seen = f"{name} has {len(keys)} keys, and receivers take any of them (RFC 6376, 3.6.2.2)"
        yield Finding(grade=Grade.WRONG, about="DKIM", seen=seen, advice="leave the one that signs")
    else:
        yield _judge_key(name, keys[0])


def _judge_key(name: str, tags: dict[str, str]) -> Finding:
    kind = tags.get("k", "rsa")
    try:
        length = len(b64decode("".join(tags["p"].split()), validate=True))
    except NoBase64:
        seen, advice = f"the key of {name} is cut or misspelt", "copy it again from your mail server, all of it"
        return Finding(grade=Grade.WRONG, about="DKIM", seen=seen, advice=advice)
    if not length:
        advice = "sign with another selector, or set its key again"
        return Finding(
            grade=Grade.WRONG, about="DKIM", seen=f"the key of {name} was revoked: p= is empty", advice=advice
        )
    if kind == "rsa" and length < LEAST_KEY:
        seen, advice = f"the key of {name} is shorter than 1024 bits, so receivers refuse it", "make one of 2048 bits"
        return Finding(grade=Grade.WRONG, about="DKIM", seen=seen, advice=advice)
    if "y" in tags.get("t", "").split(":"):
        seen = f"{name} says t=y, a test: receivers treat its letters as unsigned"
        return Finding(grade=Grade.DOUBTFUL, about="DKIM", seen=seen, advice="take out t=y when it works")
    if kind == "rsa" and length < USUAL_KEY:
        seen = f"the key of {name} is shorter than 2048 bits"
        return Finding(grade=Grade.DOUBTFUL, about="DKIM", seen=seen, advice="make one of 2048 bits (RFC 8301)")
    return Finding(grade=Grade.WELL, about="DKIM", seen=f"{name} has a key ({kind})")


def is_dmarc(text: str) -> bool:
    """Whether a text at `_dmarc` is meant for receivers of mail."""
    return text.partition(";")[0].replace(" ", "") == "v=DMARC1"


def judge_dmarc(domain: str, place: str, texts: Sequence[str]) -> Iterator[Finding]:
    """RFC 7489. `texts` are the records of `place`, which is `domain` or one above it."""
    if not texts:
        advice = f'set a TXT record of _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
        seen = f"_dmarc.{domain} says nothing, and large receivers want it of whoever sends many letters"
        yield Finding(grade=Grade.WRONG, about="DMARC", seen=seen, advice=advice)
    elif len(texts) > 1:
        seen = f"_dmarc.{place} has {len(texts)} records, so receivers heed none of them (RFC 7489, 6.6.3)"
        yield Finding(grade=Grade.WRONG, about="DMARC", seen=seen, advice="leave one")
    else:
        yield _judge_policy(place, texts[0], is_own=place == domain)


def _judge_policy(place: str, text: str, *, is_own: bool) -> Finding:
    tags = _tags(text)
    policy = tags.get("p", "") if is_own else tags.get("sp", tags.get("p", ""))
    if policy.lower() not in POLICIES:
        advice = "write p=none to begin with, p=quarantine or p=reject when the reports are clean"
        return Finding(
            grade=Grade.WRONG, about="DMARC", seen=f"_dmarc.{place} has no policy that counts: {text}", advice=advice
        )
    if "rua" not in tags:
        advice = f"add rua=mailto:postmaster@{place}, to hear who sends in your name"
        return Finding(grade=Grade.DOUBTFUL, about="DMARC", seen=f"nobody gets its reports: {text}", advice=advice)
    return Finding(grade=Grade.WELL, about="DMARC", seen=f"_dmarc.{place}: {text}")


def _tags(text: str) -> dict[str, str]:
    """`v=DKIM1; p=…` by name; the first of a name counts."""
    pairs = [(name.strip(), value.strip()) for name, _, value in (part.partition("=") for part in text.split(";"))]
    return dict(reversed(pairs))
