"""`hobnob init`: a settings file that only its owner reads, never over one that is there."""

import stat
import tomllib
from typing import Any

from aggregator.settings import Settings

OPTIONS = ("--contact", "events@operator.example", "--public-url", "https://events.example", "--place", "Visalia, CA")


def test_options_are_written_with_a_fresh_token_for_the_owner_only(folder: Any, call: Any) -> None:
    ran = call("init", *OPTIONS)

    path = folder.path / "hobnob.toml"
    told = tomllib.loads(path.read_text())
    assert (ran.returncode, ran.stderr) == (0, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert told.pop("admin_token") not in ran.stdout
    assert told == {"contact": OPTIONS[1], "public_url": OPTIONS[3], "place": OPTIONS[5]}


def test_every_token_is_another(folder: Any, call: Any) -> None:
    path, tokens = folder.path / "hobnob.toml", set()

    for _ in range(3):
        call("init", "--force", *OPTIONS)
        tokens.add(tomllib.loads(path.read_text())["admin_token"])

    assert len(tokens) == 3
    assert all(len(token) >= 32 for token in tokens)


def test_what_is_written_is_read_as_settings(folder: Any, call: Any) -> None:
    call("init", "--contact", 'Ann "The Owl" \\ Events', *OPTIONS[2:])

    assert Settings().contact == 'Ann "The Owl" \\ Events'


def test_what_no_option_says_is_asked(folder: Any) -> None:
    ran = folder.run("init", "--place", "Fresno, CA", stdin="events@operator.example\n\n")

    told = tomllib.loads((folder.path / "hobnob.toml").read_text())
    assert ran.returncode == 0, ran.stderr
    assert "Who runs this?" in ran.stdout
    assert told["contact"] == "events@operator.example"
    assert "http://127.0.0.1:8000" in ran.stdout
    assert "public_url" not in told
    assert "Which place" not in ran.stdout


def test_nobody_to_ask_is_one_line_and_nothing_is_written(folder: Any) -> None:
    ran = folder.run("init", *OPTIONS[:4])

    assert ran.returncode == 2
    assert ran.stderr == "hobnob: nothing was written: --place is not given, and nobody answered\n"
    assert not list(folder.path.iterdir())


def test_a_file_that_is_there_is_kept_unless_forced(folder: Any, call: Any) -> None:
    path = folder.write("hobnob.toml", "port = 9000\n")

    refused = call("init", *OPTIONS)

    assert (refused.returncode, path.read_text()) == (2, "port = 9000\n")
    assert refused.stderr == "hobnob: hobnob.toml is already here; `hobnob init --force` replaces it\n"
    assert call("init", "--force", *OPTIONS).returncode == 0
    assert "port" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
