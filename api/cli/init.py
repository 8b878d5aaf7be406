"""`hobnob init`: the settings file, with a fresh admin token."""

import os
import secrets
from pathlib import Path

import typer

from aggregator.errors import SettingsError
from aggregator.place.gazetteer import Gazetteer
from aggregator.reading.url import clean_url
from aggregator.settings import CONFIG_FILE, Settings

TOKEN_BYTES = 32
QUESTIONS = {
    "contact": "Who runs this? An e-mail address or a page where site owners can reach you",
    "public_url": "Where will people reach this Hobnob? (for links)",
    "place": "Which place does it serve? (such as Visalia, CA)",
}
HERE = Settings.model_construct().base_url
"""Where it is reached when nothing is set; then nothing is written, so that it follows host and port."""

HEADING = "# Settings of this Hobnob; every one is described in docs/operations.md."


def write_settings(contact: str | None, public_url: str | None, place: str | None, *, is_forced: bool) -> None:
    """Write hobnob.toml, readable by its owner only; never over one that is there, unless forced."""
    path = Path(CONFIG_FILE)
    if path.exists() and not is_forced:
        raise SettingsError(f"{CONFIG_FILE} is already here; `hobnob init --force` replaces it")
    told = {
        "contact": _answer("contact", contact),
        "public_url": _check_url(_answer("public_url", public_url, HERE)),
        "place": _check_place(_answer("place", place)),
        "admin_token": secrets.token_urlsafe(TOKEN_BYTES),
    }
    rows = [f"{key} = {_quote(value)}" for key, value in told.items() if value != HERE]
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join((HEADING, *rows, "")))
    typer.echo(f"Wrote {CONFIG_FILE}. Next: hobnob run; hobnob add ADDRESS adds what is missing")


def require_contact(settings: Settings) -> None:
    """Refuse to visit other people's sites without saying who does."""
    if not settings.contact:
        raise SettingsError(
            "nobody is named as the operator, and sites are not read anonymously: run `hobnob init`, "
            "or set `contact` in hobnob.toml, or HOBNOB_CONTACT in the environment"
        )


def _answer(key: str, told: str | None, default: str | None = None) -> str:
    """What the option says, else what a person answers."""
    try:
        return told or str(typer.prompt(QUESTIONS[key], default=default))
    except typer.Abort as error:
        option = key.replace("_", "-")
        raise SettingsError(f"nothing was written: --{option} is not given, and nobody answered") from error


def _check_url(url: str) -> str:
    if clean_url(url) is None:
        raise SettingsError(f"--public-url {url}: is no address such as https://events.example.org")
    return url


def _check_place(place: str) -> str:
    """As it was written; PlaceError or AmbiguousPlaceError when it is not one known place."""
    Gazetteer.open().resolve(place)
    return place


def _quote(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(c for c in escaped if c.isprintable())}"'
