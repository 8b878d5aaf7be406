"""`hobnob init`: the settings file, with a fresh admin token."""

import os
import secrets
from pathlib import Path

import typer

from aggregator.errors import SettingsError
from aggregator.settings import CONFIG_FILE, Settings

TOKEN_BYTES = 32
QUESTIONS = {
    "contact": "Who runs this? An e-mail address or a page where site owners can reach you",
    "public_url": "Where will people reach this Hobnob? (for links)",
    "place": "Which place does it serve? (such as Visalia, CA)",
}
TEMPLATE = """\
# Settings of this Hobnob; every one is described in docs/operations.md.
contact = {contact}
public_url = {public_url}
place = {place}
admin_token = {admin_token}
"""


def write_settings(contact: str | None, public_url: str | None, place: str | None, *, is_forced: bool) -> None:
    """Write hobnob.toml, readable by its owner only; never over one that is there, unless forced."""
    path = Path(CONFIG_FILE)
    if path.exists() and not is_forced:
        raise SettingsError(f"{CONFIG_FILE} is already here; `hobnob init --force` replaces it")
    answers = {"contact": contact, "public_url": public_url, "place": place}
    told = {key: value or _ask(key) for key, value in answers.items()}
    text = TEMPLATE.format(**{key: _quote(value) for key, value in told.items()}, admin_token=_quote(_fresh_token()))
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    typer.echo(f"Wrote {CONFIG_FILE}. Next: hobnob run --near {_quote(told['place'])}")


def require_contact(settings: Settings) -> None:
    """Refuse to visit other people's sites without saying who does."""
    if not settings.contact:
        raise SettingsError(
            "nobody is named as the operator, and sites are not read anonymously: run `hobnob init`, "
            "or set `contact` in hobnob.toml, or HOBNOB_CONTACT in the environment"
        )


def _ask(key: str) -> str:
    default = Settings.model_fields[key].default
    return str(typer.prompt(QUESTIONS[key], default=default, show_default=default is not None))


def _fresh_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _quote(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(c for c in escaped if c.isprintable())}"'
