"""`hobnob doctor mail`, against a name server on loopback: what is missing, and what to set."""

import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest

from aggregator.errors import QueryError
from aggregator.settings import Settings
from api.cli.doctor.finding import MARKS
from api.cli.doctor.letters import look_up
from api.cli.doctor.names import connect_names

DOMAIN = "operator.example"
KEY = b64encode(bytes(294)).decode()
GOOD = {
    DOMAIN: ["v=spf1 mx include:relay.example -all", "site-verification=1"],
    f"a1._domainkey.{DOMAIN}": [f"v=DKIM1; k=rsa; p={KEY}"],
    f"_dmarc.{DOMAIN}": [f"v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}"],
}
Ask = Callable[..., Any]


def answer(wire: bytes, texts: dict[str, list[str]]) -> bytes:
    """A text of over 255 letters stands in pieces; `CNAME name` is an alias, and `SERVFAIL` a server that fails."""
    asked = dns.message.from_wire(wire)
    told = dns.message.make_response(asked)
    name = asked.question[0].name
    while found := texts.get(name.to_text(omit_final_dot=True)):
        if found == ["SERVFAIL"]:
            told.set_rcode(dns.rcode.SERVFAIL)
            break
        kind = "CNAME" if found[0].startswith("CNAME ") else "TXT"
        lines = [found[0].removeprefix("CNAME ")] if kind == "CNAME" else [pieces(text) for text in found]
        told.answer.append(rows := dns.rrset.from_text(name, 60, "IN", kind, *lines))
        if kind == "TXT":
            break
        name = rows[0].target
    else:
        told.set_rcode(dns.rcode.NXDOMAIN)
    return told.to_wire()


def pieces(text: str) -> str:
    return " ".join(f'"{text[place : place + 200]}"' for place in range(0, len(text), 200))


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Where it listens, and what its names say; they may be changed."""
    texts = dict(GOOD)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while (told := server.recvfrom(4096))[0] != b"end":
                server.sendto(answer(told[0], texts), told[1])

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", texts
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"end", server.getsockname())
        thread.join()


@pytest.fixture
def ask(server: tuple[str, dict[str, list[str]]]) -> Callable[..., list[str]]:
    """What is told where these names say this, and the rest what they should, a line each with its advice."""
    where, texts = server

    def run(
        changed: dict[str, list[str]], sender: str = f"Events <digest@{DOMAIN}>", selector: str = "a1"
    ) -> list[str]:
        texts.update({**GOOD, **changed})
        found = look_up(Settings(mail_from=sender), [selector] if selector else [], connect_names(where))
        return [f"{MARKS[one.grade][0]} {one.about}: {one.seen} / {one.advice}" for one in found]

    return run


def test_a_domain_that_says_all_is_well(folder: Any, server: tuple[str, dict[str, list[str]]]) -> None:
    words = ("--nameserver", server[0], "--selector", "a1")
    ran = folder.run("doctor", "mail", *words, MAIL_FROM=f"Events <digest@{DOMAIN}>")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "✓ SPF: v=spf1 mx include:relay.example -all",
        f"✓ DKIM: a1._domainkey.{DOMAIN} has a key (rsa)",
        f"✓ DMARC: _dmarc.{DOMAIN}: v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}",
    ]


def test_a_domain_that_says_nothing_is_told_what_to_set(folder: Any, server: tuple[str, dict[str, list[str]]]) -> None:
    server[1].clear()
    ran = folder.run("doctor", "mail", "--nameserver", server[0], MAIL_FROM=f"digest@{DOMAIN}")

    assert ran.returncode == 1
    assert [line[:7] for line in ran.stdout.splitlines()[::2]] == ["✗ SPF: ", "✗ DMARC", "? DKIM:"]
    assert f'set a TXT record of {DOMAIN}: "v=spf1 mx -all"' in ran.stdout
    assert f'set a TXT record of _dmarc.{DOMAIN}: "v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}"' in ran.stdout


def test_without_a_selector_it_says_that_it_cannot_know_it(ask: Ask) -> None:
    _, dkim, _ = ask({}, selector="")

    assert dkim.startswith("? DKIM: not looked at: nothing in the domain says by which selectors")
    assert " / hobnob doctor mail --selector NAME; " in dkim


@pytest.mark.parametrize(
    ("name", "texts", "said"),
    [
        (DOMAIN, ["v=spf1 +all"], "✗ SPF: everybody may send: v=spf1 +all"),
        (DOMAIN, ["v=spf1 mx -all", "v=spf1 a -all"], f"✗ SPF: {DOMAIN} has 2 SPF records"),
        (DOMAIN, ["v=spf1 " + "include:a.example " * 11 + "-all"], "✗ SPF: 11 terms ask other names, and only 10 may"),
        (DOMAIN, ["v=spf1 " + "include:a.example " * 10 + "-all"], "✓ SPF: "),
        (DOMAIN, ["v=spf1 ip4:192.0.2.1"], "! SPF: says nothing of all others: "),
        (DOMAIN, ["v=spf1 redirect=relay.example"], "✓ SPF: "),
        (DOMAIN, ["v=spf10 mx -all"], f"✗ SPF: {DOMAIN} does not say who may send for it"),
        ("a1._domainkey", [f"p={KEY}"], "✓ DKIM: "),
        ("a1._domainkey", [f"k=ed25519; p={b64encode(bytes(32)).decode()}"], "✓ DKIM: "),
        ("a1._domainkey", ["v=DKIM1; p="], f"✗ DKIM: the key of a1._domainkey.{DOMAIN} was revoked"),
        ("a1._domainkey", [f"v=DKIM1; p={KEY[:-3]}"], f"✗ DKIM: the key of a1._domainkey.{DOMAIN} is cut or misspelt"),
        ("a1._domainkey", [f"p={b64encode(bytes(94)).decode()}"], "✗ DKIM: the key of"),
        ("a1._domainkey", [f"p={b64encode(bytes(162)).decode()}"], "! DKIM: the key of"),
        ("a1._domainkey", [f"t=s:y; p={KEY}"], "! DKIM: a1._domainkey.operator.example says t=y, a test"),
        ("a1._domainkey", [f"p={KEY}", f"k=rsa; p={KEY}"], f"✗ DKIM: a1._domainkey.{DOMAIN} has 2 keys"),
        ("a1._domainkey", ["v=spf1 -all"], f"✗ DKIM: a1._domainkey.{DOMAIN} has no key"),
        (
            "_dmarc",
            ["v=DMARC1; p=maybe; rua=mailto:a@b.example"],
            f"✗ DMARC: _dmarc.{DOMAIN} has no policy that counts",
        ),
        ("_dmarc", ["v=DMARC1; p=reject"], "! DMARC: nobody gets its reports: v=DMARC1; p=reject"),
        ("_dmarc", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], f"✗ DMARC: _dmarc.{DOMAIN} has 2 records"),
        ("_dmarc", ["v=DMARC10; p=none"], f"✗ DMARC: _dmarc.{DOMAIN} says nothing"),
    ],
)
def test_what_is_wrong_with_a_record_is_told(ask: Ask, name: str, texts: list[str], said: str) -> None:
    told = ask({name if name == DOMAIN else f"{name}.{DOMAIN}": texts})

    (line,) = [line for line in told if line.startswith(said[:5])]
    assert line.startswith(said)
    assert sum(line.startswith("✓") for line in told) == (3 if said.startswith("✓") else 2)


def test_a_key_behind_an_alias_is_found(ask: Ask) -> None:
    alias = {f"a1._domainkey.{DOMAIN}": ["CNAME a1.relay.example."], "a1.relay.example": [f"v=DKIM1; p={KEY}"]}

    assert ask(alias)[1].startswith("✓ DKIM: ")


@pytest.mark.parametrize(
    ("policy", "said"),
    [("p=none; sp=maybe", "✗ DMARC: _dmarc.operator.example has no"), ("p=none", "✓ DMARC: _dmarc.op")],
)
def test_the_policy_of_a_domain_above_counts_and_its_word_on_those_below(ask: Ask, policy: str, said: str) -> None:
    above = {f"_dmarc.{DOMAIN}": [f"v=DMARC1; {policy}; rua=mailto:a@b.example"]}

    assert ask(above, sender=f"digest@letters.{DOMAIN}")[2].startswith(said)


def test_a_name_server_that_fails_is_not_taken_for_a_no(ask: Ask) -> None:
    told = ask({name: ["SERVFAIL"] for name in GOOD})

    assert [line.partition(":")[0] for line in told] == ["? SPF", "? DKIM", "? DMARC"]


@pytest.mark.parametrize(
    ("sender", "said"),
    [("", "✗ mail_from: nobody is named as the sender"), ("the club", "✗ mail_from: setting mail_from: is no address")],
)
def test_without_a_sender_there_is_no_domain_to_look_at(ask: Ask, sender: str, said: str) -> None:
    (line,) = ask({}, sender=sender)

    assert line.startswith(said)


@pytest.mark.parametrize("text", ["dns.example", "127.0.0.1:many", ""])
def test_a_name_server_is_an_address_and_may_have_a_port(text: str) -> None:
    with pytest.raises(QueryError, match=r"is no address such as 192\.0\.2\.53"):
        connect_names(text)
    assert connect_names("::1")
    assert connect_names("192.0.2.53:5353")
