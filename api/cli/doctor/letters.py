"""`hobnob doctor mail`: whether the names of our own domain let receivers trust our letters."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from aggregator.errors import SettingsError
from aggregator.settings import Settings, load_settings
from api.cli.doctor.finding import Finding, Grade, show
from api.cli.doctor.names import Names, NamesError, connect_names
from api.cli.doctor.records import is_dmarc, judge_dkim, judge_dmarc, judge_spf
from api.digest.sender import domain_of

NO_SELECTOR = Finding(
    grade=Grade.UNKNOWN,
    about="DKIM",
    seen="not looked at: nothing in the domain says by which selectors its mail server signs",
    advice="hobnob doctor mail --selector NAME; NAME stands as s= in the DKIM-Signature of a letter that it sent",
)


def examine_domain(selectors: Sequence[str], nameserver: str | None) -> int:
    """1 when something is wrong."""
    findings = list(look_up(load_settings(), selectors, connect_names(nameserver)))
    show(findings, Console(soft_wrap=True))
    return 1 if any(finding.grade is Grade.WRONG for finding in findings) else 0


def look_up(settings: Settings, selectors: Sequence[str], names: Names) -> Iterator[Finding]:
    """What is said of the host of `mail_from`, which stands in From and, by the relay, in the envelope."""
    if not settings.mail_from:
        seen, advice = "nobody is named as the sender of letters", "set `mail_from`, or HOBNOB_MAIL_FROM"
        yield Finding(grade=Grade.WRONG, about="mail_from", seen=seen, advice=advice)
        return
    try:
        domain = domain_of(settings.mail_from)
    except SettingsError as error:
        yield Finding(grade=Grade.WRONG, about="mail_from", seen=str(error), advice="mend `mail_from`")
        return
    yield from _spf(domain, names)
    for selector in selectors:
        yield from _dkim(domain, selector, names)
    if not selectors:
        yield NO_SELECTOR
    yield from _dmarc(domain, names)


def _spf(domain: str, names: Names) -> Iterator[Finding]:
    try:
        yield from judge_spf(domain, names.texts(domain))
    except NamesError as error:
        yield _unanswered("SPF", error)


def _dkim(domain: str, selector: str, names: Names) -> Iterator[Finding]:
    name = f"{selector}._domainkey.{domain}"
    try:
        yield from judge_dkim(name, names.texts(name))
    except NamesError as error:
        yield _unanswered("DKIM", error)


def _dmarc(domain: str, names: Names) -> Iterator[Finding]:
    """The record of the nearest parent counts where the domain has none of its own (RFC 7489, 6.6.3)."""
    labels = domain.split(".")
    above = [".".join(labels[depth:]) for depth in range(len(labels) - 1)]
    try:
        for place in above:
            texts = [text for text in names.texts(f"_dmarc.{place}") if is_dmarc(text)]
            if texts or place == above[-1]:
                yield from judge_dmarc(domain, place if texts else domain, texts)
                return
    except NamesError as error:
        yield _unanswered("DMARC", error)


def _unanswered(about: str, error: NamesError) -> Finding:
    return Finding(grade=Grade.UNKNOWN, about=about, seen=str(error), advice="try again, or name a --nameserver")
