"""Street addresses to points, where the operator turned a remote geocoder on."""

import logging
from collections.abc import Mapping

from aggregator.errors import FetchError, PlaceError
from aggregator.event import Event
from aggregator.place.geocode import Geocoder

log = logging.getLogger("hobnob.collect")


async def refine(events: Mapping[str, Event], geocoder: Geocoder) -> dict[str, Event]:
    """The events, better placed as far as the service answers; once it fails, only what it said before is used."""
    refined, asks = {}, True
    for uid, event in events.items():
        try:
            refined[uid] = await geocoder.refine(event, asks=asks)
        except (FetchError, PlaceError) as error:
            log.warning("the geocoder does not answer: %s", error)
            refined[uid], asks = event, False
    return refined
