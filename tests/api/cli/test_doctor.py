"""`hobnob doctor`: what a person should do, worst first."""

import socket
from typing import Any

import pytest

ALL = ("collect", "--all", "--catalog", "catalog.toml")
MARKS = "✗!?✓"


def findings(stdout: str) -> list[str]:
    return [line for line in stdout.splitlines() if line and line[0] in MARKS]


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_an_empty_folder_wants_a_contact_and_a_catalogue_first(folder: Any, call: Any) -> None:
    ran = call("doctor")

    told = findings(ran.stdout)
    assert ran.returncode == 1
    assert told[0] == "✗ contact: nobody is named as the operator, so nothing is fetched"
    assert told[1].startswith("✗ catalogue: nothing says which of the ")
    assert "? network: not tried: there is no site to ask" in told
    assert [line[0] for line in told] == sorted((line[0] for line in told), key=MARKS.index)
    assert not list(folder.path.iterdir())


def test_what_is_well_is_said_last_and_ends_in_0(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}):
        assert folder.run(*ALL).returncode == 0
        ran = folder.run("doctor", "--catalog", "catalog.toml", PLACE="Visalia, CA", ADMIN_TOKEN="t" * 32)

    told = findings(ran.stdout)
    assert ran.returncode == 0, ran.stdout
    assert not [line for line in told if line[0] == "✗"]
    for line in (
        "✓ place: Visalia, CA, time zone America/Los_Angeles",
        "✓ catalogue: 1 source",
        "✓ network: http://chamber.example answers",
        "✓ sources: 1 of 1 source well",
    ):
        assert line in told
    assert any(line.startswith("! connect: opens chamber.example:80=") for line in told)


def test_a_source_that_is_down_is_told_with_what_to_do(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer"), "hikers": calendar_of("Hike")}) as site:
        assert folder.run(*ALL).returncode == 0
        del site.pages["hikers.example", "/a.ics"]
        assert folder.run(*ALL).returncode == 1
        ran = folder.run("doctor", "--catalog", "catalog.toml")

    first, advice = ran.stdout.splitlines()[:2]
    assert ran.returncode == 1
    assert first == "✗ hikers: moved: http://hikers.example/a.ics: answers 404"
    assert advice == "    look for its new address: hobnob add ADDRESS"
    assert "✓ sources: 1 of 2 sources well" in ran.stdout


def test_without_a_network_it_says_so_and_checks_the_rest(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}):
        assert folder.run(*ALL).returncode == 0
    ran = folder.run("doctor", "--catalog", "catalog.toml")

    assert ran.returncode == 1
    assert ran.stdout.startswith("✗ network: no site could be reached (http://chamber.example/robots.txt: ")
    assert "; all else was checked\n" in ran.stdout
    assert "✓ sources: 1 of 1 source well" in ran.stdout


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ALERT_TO": "me@hobnob.example"}, "✗ alerts: alert_to is set and smtp_url is not, so no mail is sent"),
        ({"ALERT_WEBHOOK": "https://hook.example/"}, "✓ alerts: go to the webhook"),
        ({}, "! alerts: when a source goes down only the log tells"),
        ({"PUBLIC_URL": "http://hobnob.example"}, "! public_url: http://hobnob.example: without TLS"),
        ({"PLACE": "Fresmo"}, "✗ place: "),
        ({"PORT": "many"}, "✗ settings: setting port"),
        ({"STORE": "sqlite:///none/there.db"}, "! store: none/there.db is not there yet"),
    ],
)
def test_a_setting_that_was_forgotten_or_is_wrong_is_told(call: Any, settings: dict[str, str], said: str) -> None:
    assert any(line.startswith(said) for line in findings(call("doctor", **settings).stdout))


def test_a_mail_server_that_does_not_answer_is_told(call: Any, closed_port: int) -> None:
    ran = call("doctor", ALERT_TO="me@hobnob.example", SMTP_URL=f"smtp://127.0.0.1:{closed_port}")

    assert f"✗ alerts: the mail server 127.0.0.1:{closed_port} does not answer: " in ran.stdout


def test_a_damaged_store_is_told_with_what_to_do(folder: Any, call: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}):
        assert folder.run(*ALL).returncode == 0
    body = bytearray(folder.store.read_bytes())
    body[4096 * 4 : 4096 * 12] = b"\xff" * 4096 * 8
    folder.store.write_bytes(body)

    ran = call("doctor")

    assert "✗ store: hobnob.db is damaged: " in ran.stdout
    assert "put a backup in its place" in ran.stdout
