"""Catalogue files that are edited while a collector runs."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from aggregator.errors import HobnobError
from aggregator.source import Source

log = logging.getLogger("hobnob.cli")
Stamps = tuple[tuple[int, int] | None, ...]


class Watch:
    """Loads the catalogue again when a file of it has changed; what cannot be read changes nothing, and is logged."""

    def __init__(self, paths: Sequence[Path], load: Callable[[], tuple[Source, ...]]) -> None:
        self._paths, self._load = tuple(paths), load
        self._stamps = self._look()

    def news(self) -> tuple[Source, ...] | None:
        """The catalogue as it is now; None when it is what it was."""
        stamps = self._look()
        if stamps == self._stamps:
            return None
        self._stamps = stamps
        try:
            catalogue = self._load()
        except HobnobError as error:
            log.error("%s; the catalogue stays as it was", error)
            return None
        log.info("the catalogue has changed: %d sources", len(catalogue))
        return catalogue

    def _look(self) -> Stamps:
        return tuple(_stamp(path) for path in self._paths)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
