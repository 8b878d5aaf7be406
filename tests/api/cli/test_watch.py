"""A catalogue that is edited while a collector runs."""

import logging
from pathlib import Path

import pytest

from aggregator.settings import Settings
from aggregator.source import Source
from api.cli.chosen import load_sources
from api.cli.watch import Watch

ROW = '[[source]]\nname = "{}"\nplatform = "ics"\nurl = "https://{}.example/a.ics"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.toml"
    path.write_text(ROW.format("elm", "elm"))
    return path


@pytest.fixture
def watch(path: Path) -> Watch:
    def load() -> tuple[Source, ...]:
        return load_sources(Settings(), [path])

    return Watch([path], load)


def names(catalogue: tuple[Source, ...] | None) -> list[str] | None:
    return None if catalogue is None else [source.name for source in catalogue]


def test_it_is_told_once_that_a_file_has_changed(path: Path, watch: Watch) -> None:
    assert watch.news() is None
    path.write_text(ROW.format("elm", "elm") + ROW.format("oak", "oak"))

    assert (names(watch.news()), watch.news()) == (["elm", "oak"], None)


def test_what_cannot_be_read_is_logged_once_and_what_is_mended_is_taken(
    path: Path, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text("[[source]")
    with caplog.at_level(logging.ERROR, "hobnob.cli"):
        assert (watch.news(), watch.news()) == (None, None)
    (told,) = caplog.messages
    assert told.startswith(f"{path}: ")
    assert told.endswith("; the catalogue stays as it was")

    path.unlink()
    assert watch.news() is None
    path.write_text(ROW.format("oak", "oak"))
    assert names(watch.news()) == ["oak"]
