"""Fetches from the store what a letter is composed of, once for all who ask the same, and writes the letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from aggregator.group.words import words_of
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store import KeptGroup, Reader
from aggregator.store.mailing import CONFIRMATION, Delivery, Told, Wish
from api.digest.compose import Found, Past, compose
from api.digest.happening import Happening, Key, Sent, read_hit, read_sent, told_by, write_sent
from api.digest.letter import Footer, Letter
from api.digest.message import Envelope, write_message
from api.digest.sender import Sender
from api.digest.wish import ask_again, tell_when
from api.digest.write import write_html, write_text
from api.feeds.title import write_title
from api.web.language import read_language

MOST_DATES = 500
"""So many dates of a search are looked at; a letter has a tenth of it at most."""

MOST_OF_EVENT = 200
_ENGLISH = read_language("en")
"""Letters are in English, whatever language their pages are looked at in."""

MOST_LETTERS = 500
"""So many different letters are kept for who is told the same."""
TOKEN_BYTES = 32
LIFE = {True: timedelta(days=7), False: timedelta(days=400)}
"""How long the links of a letter are good: of one that asks for a yes, and of every other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter ready to go: its octets, what it tells, and the end of its links."""

    message: bytes
    sent: str
    token: str
    expires_at: datetime


class Writer:
    """For one pass: what it found of a search is not asked again."""

    def __init__(self, store: Reader, settings: Settings, gazetteer: Gazetteer, sender: Sender) -> None:
        self._store = store
        self._settings, self._gazetteer, self._sender = settings, gazetteer, sender
        self._found: dict[str, Found] = {}
        self._letters: dict[tuple[object, ...], Letter | None] = {}
        self._groups: Mapping[tuple[str, str], KeptGroup] | None = None
        self._rhythms: dict[str, str] = {}

    async def write(self, delivery: Delivery, before: Sequence[Told], now: datetime) -> Written | None:
        """Given what the letters before it told. None when there is nothing to tell.

        QueryError or PlaceError when the search can no longer be asked.
        """
        is_first = delivery.period == CONFIRMATION
        token = token_urlsafe(TOKEN_BYTES)
        if is_first:
            envelope, sent = self._confirmation(delivery, token, now), "[]"
        else:
            letter = await self.compose(delivery.subscription.wish, _past_of(before), now)
            if letter is None:
                return None
            envelope, sent = self._weekly(delivery, letter, token), write_sent(letter.sent)
        message = write_message(envelope, self._sender, now)
        return Written(message=message, sent=sent, token=token, expires_at=now + LIFE[is_first])

    async def compose(self, wish: Wish, past: tuple[datetime | None, dict[Key, Sent]], now: datetime) -> Letter | None:
        """The letter of a wish now, given when the last one was composed and what all told.

        Whoever asks the same and was told the same gets the same, composed once.
        """
        alike = wish.query, wish.most, wish.zone, past[0], frozenset(past[1].values())
        if alike not in self._letters:
            if len(self._letters) >= MOST_LETTERS:
                self._letters.clear()
            self._letters[alike] = await self._compose(wish, past, now)
        return self._letters[alike]

    async def _compose(self, wish: Wish, past: tuple[datetime | None, dict[Key, Sent]], now: datetime) -> Letter | None:
        found = await self.find(wish.query, now)
        last, sent = past
        sent = {one.key: one for one in (self._renamed(one, found) for one in sent.values())}
        told = {one.key for one in found.coming}
        still: dict[Key, Happening | None] = {}
        for key, one in sent.items():
            if key not in told and one.start >= now.timestamp():
                still |= await self._as_it_is(one, now)
        return compose(
            found,
            Past(sent=sent, still=still, last=last),
            now=now,
            zone=ZoneInfo(wish.zone),
            most=wish.most,
            site=self._sender.site,
        )

    def footer(self, wish: Wish, since: datetime | None, token: str) -> Footer:
        """What stands under a letter whose links end in `token`."""
        site = self._sender.site
        asked = f" on {since.day} {since:%B %Y}" if since else ""
        return Footer(
            search_url=f"{site}/?{wish.query}",
            manage_url=f"{site}/subscribe/manage/{token}",
            stop_url=f"{site}/subscribe/stop/{token}",
            reason=f"You get this letter {tell_when(wish, _ENGLISH)}, because you asked for it{asked}.",
            postal_address=self._sender.postal_address,
        )

    async def find(self, query: str, now: datetime) -> Found:
        """What a canonical search finds; asked once."""
        if query not in self._found:
            asked = ask_again(query, now=now, settings=self._settings, gazetteer=self._gazetteer)
            groups = self._by_listing()
            hits = self._store.stream(asked.query, MOST_DATES)
            self._found[query] = Found(
                title=write_title(asked, self._settings),
                country=asked.place.country if asked.place else None,
                coming=[read_hit(hit, asked.units, groups, self._rhythms) async for hit in hits],
            )
        return self._found[query]

    async def _as_it_is(self, sent: Sent, now: datetime) -> dict[Key, Happening | None]:
        """How a date that the search no longer gives is told now; nothing when its event is not known any more."""
        hits = await self._store.event(sent.id, now=now, limit=MOST_OF_EVENT)
        if not hits:
            return {}
        groups = self._by_listing()
        found = (read_hit(hit, self._settings.units, groups, self._rhythms) for hit in hits)
        return {sent.key: next((one for one in found if one.key == sent.key), None)}

    async def next_of(self, event_id: str, now: datetime) -> Happening | None:
        """The next date of an event, wherever it is; None when it is over, or not known."""
        hits = await self._store.event(self._store.merged_into(event_id) or event_id, now=now, limit=1)
        coming = [hit for hit in hits if hit.end > now.timestamp()]
        groups = self._by_listing()
        return read_hit(coming[0], self._settings.units, groups, self._rhythms) if coming else None

    def _renamed(self, sent: Sent, found: Found) -> Sent:
        """By the id of the event that tells it now: what was told by one source is no news when two are told as one."""
        survivor = self._store.merged_into(sent.id)
        return told_by(sent, survivor, found.coming) if survivor else sent

    def _by_listing(self) -> Mapping[tuple[str, str], KeptGroup]:
        if self._groups is None:
            kept = self._store.groups()
            self._groups = {listing: one for one in kept for listing in one.group.listings}
            self._rhythms |= {one.group.id: words_of(one.group.rhythm) for one in kept}
        return self._groups

    def _weekly(self, delivery: Delivery, letter: Letter, token: str) -> Envelope:
        one = delivery.subscription
        footer = self.footer(one.wish, one.confirmed_at, token)
        return Envelope(
            to=one.wish.address,
            subject=letter.subject,
            text=write_text(letter, footer),
            html=write_html(letter, footer),
            message_key=delivery.message_key,
            period=delivery.period,
            stop_url=footer.stop_url,
        )

    def _confirmation(self, delivery: Delivery, token: str, now: datetime) -> Envelope:
        wish, site = delivery.subscription.wish, self._sender.site
        asked = ask_again(wish.query, now=now, settings=self._settings, gazetteer=self._gazetteer)
        title = write_title(asked, self._settings)
        lines = (
            f"Somebody, probably you, asked for this letter to your address:\n\n  {title}, {tell_when(wish, _ENGLISH)}",
            f"  {delivery.subscription.consent.words}",
            f"Open this page and say yes there:\n\n  {site}/subscribe/confirm/{token}",
            "It is good for seven days. If it was not you, do nothing: no letter comes, and your address is forgotten.",
            self._sender.postal_address,
        )
        return Envelope(
            to=wish.address,
            subject=f"Do you want a letter each week? {title}",
            text=("\n\n".join(lines) + "\n",),
            html=None,
            message_key=delivery.message_key,
            period=delivery.period,
            stop_url=None,
        )


def _past_of(letters: Sequence[Told]) -> tuple[datetime | None, dict[Key, Sent]]:
    sent = {one.key: one for _, text in letters for one in read_sent(text)}
    return (letters[-1][0] if letters else None), sent
