"""What `hobnob add` and the admin's preview look with."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aggregator.fetch import Fetcher
from aggregator.place.gazetteer import Gazetteer
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.source import Source
from aggregator.survey import Known, Surveyor, Ways
from sources.detect import detect
from sources.induce import induce
from sources.load import source_at

WAYS = Ways(detect=detect, make=source_at, induce=induce)


@asynccontextmanager
async def open_surveyor(settings: Settings, sources: Sequence[Source]) -> AsyncIterator[Surveyor]:
    """One that knows these sources; its children are gone when the block ends."""
    async with Fetcher(settings) as fetcher, Sandbox(1) as sandbox:
        yield Surveyor(
            ways=WAYS,
            fetcher=fetcher,
            sandbox=sandbox,
            gazetteer=Gazetteer.open(settings.places),
            known=tuple(map(known_of, sources)),
        )


def known_of(source: Source) -> Known:
    """What a survey compares a site with."""
    return Known(name=source.name, url=source.request.url, organizer=source.organizer, homepage=source.homepage)
