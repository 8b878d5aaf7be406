"""Secrets of sites: each is told to its own host only, and never stands in a file."""

from pathlib import Path

import pytest

from aggregator.errors import FetchError, SettingsError
from aggregator.fetch.fetcher import fill_keys
from aggregator.settings import Settings, load_settings

KEYS = ("api.elm.example=tulip", "api.oak.example=rose=thorn")
ASKED = (("Accept", "application/json"), ("Authorization", "Bearer {key}"))


def test_a_key_is_filled_in_for_its_own_host() -> None:
    assert fill_keys(ASKED, "https://api.elm.example/v1", KEYS)[1] == ("Authorization", "Bearer tulip")
    assert fill_keys(ASKED, "https://api.oak.example/v1", KEYS)[1] == ("Authorization", "Bearer rose=thorn")


def test_no_other_host_is_told_a_key() -> None:
    with pytest.raises(FetchError, match=r"set HOBNOB_KEYS=evil\.example=…"):
        fill_keys(ASKED, "https://evil.example/api.elm.example", KEYS)


def test_headers_without_a_key_need_none() -> None:
    assert fill_keys(ASKED[:1], "https://evil.example/", ()) == ASKED[:1]


def test_keys_come_from_the_environment_and_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOBNOB_KEYS", "api.elm.example=tulip, api.oak.example=rose")

    assert load_settings().keys == ("api.elm.example=tulip", "api.oak.example=rose")
    assert "tulip" not in repr(load_settings())


def test_keys_in_the_settings_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hobnob.toml").write_text('keys = ["api.elm.example=tulip"]')

    with pytest.raises(SettingsError, match="HOBNOB_KEYS"):
        load_settings()
    assert Settings.model_fields["keys"].default == ()
