"""Sources and their turns: the catalogue into rows, who may collect which, and when it is due again."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Engine, Update, and_, bindparam, false, func, insert, or_, select, true, update
from sqlalchemy.sql.dml import ReturningUpdate

from aggregator.errors import StaleLeaseError
from aggregator.source import Source
from aggregator.store.bulk import chunks, writing
from aggregator.store.kept import Lease
from aggregator.store.tables import sources

# Statements that every run needs are made once: to make one costs more than to run it.
_IT = sources.c.name == bindparam("of_source")
_IS_FREE = or_(sources.c.lease_until.is_(None), sources.c.lease_until <= bindparam("now"))
_IS_ON = or_(sources.c.paused_until.is_(None), sources.c.paused_until <= bindparam("now"))
_IS_WANTED = and_(sources.c.enabled, sources.c.in_catalogue, sources.c.next_due_at <= bindparam("now"), _IS_ON)
_IS_DUE = (
    select(sources.c.name)
    .where(_IS_WANTED, _IS_FREE)
    .order_by(sources.c.next_due_at, sources.c.name)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(sources)
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"), lease_token=sources.c.lease_token + 1)
    .returning(sources.c.next_due_at, sources.c.name, sources.c.lease_token)
)
_TAKE_DUE, _TAKE_ONE = _TAKE.where(sources.c.name.in_(_IS_DUE)), _TAKE.where(_IT, _IS_FREE)
_TAKE_IF_DUE = _TAKE.where(_IT, _IS_WANTED, or_(_IS_FREE, sources.c.lease_owner == bindparam("owner")))
_OURS = update(sources).where(_IT, sources.c.lease_token == bindparam("token"))
_RENEW = _OURS.values(lease_until=bindparam("until"))
_FINISH = _OURS.values(
    lease_owner=None,
    lease_until=None,
    next_due_at=bindparam("due"),
    failures=bindparam("failed"),
    last_full_fetch_at=func.coalesce(
        bindparam("full", type_=sources.c.last_full_fetch_at.type), sources.c.last_full_fetch_at
    ),
)


def register(engine: Engine, catalogue: Iterable[Source], now: datetime, *, is_whole: bool) -> None:
    """Rows for the catalogue; a source that is new or was changed is due at once. When it is the whole catalogue, a
    source that is no longer in it is not due any more, but what it told stays until it is over.
    """
    with writing(engine) as connection:
        known = dict(connection.execute(select(sources.c.name, sources.c.config_hash)).all())
        listed = {source.name: source for source in catalogue}
        for source in listed.values():
            if known.get(source.name) != _config_hash(source):
                write_source(connection, source, now)
        if is_whole:
            connection.execute(update(sources).where(sources.c.in_catalogue).values(in_catalogue=false()))
        for chunk in chunks(listed):
            connection.execute(update(sources).where(sources.c.name.in_(chunk)).values(in_catalogue=true()))


def lease_due(engine: Engine, now: datetime, *, limit: int, owner: str, ttl: timedelta) -> tuple[Lease, ...]:
    """Take those that have been due longest and that nobody else holds."""
    return _take(engine, _TAKE_DUE, {"now": now, "most": limit, "owner": owner, "until": now + ttl})


def lease_one(engine: Engine, name: str, now: datetime, *, owner: str, ttl: timedelta) -> Lease | None:
    """Take this source, due or not; None when somebody else holds it, or there is none of that name."""
    taken = _take(engine, _TAKE_ONE, {"of_source": name, "now": now, "owner": owner, "until": now + ttl})
    return taken[0] if taken else None


def lease_if_due(engine: Engine, name: str, now: datetime, *, owner: str, ttl: timedelta) -> Lease | None:
    """Take this source if it is due and nobody else holds it. What the same owner holds is taken over: a job is given
    to one worker at a time, so whoever had it before is gone.
    """
    taken = _take(engine, _TAKE_IF_DUE, {"of_source": name, "now": now, "owner": owner, "until": now + ttl})
    return taken[0] if taken else None


def renew(engine: Engine, lease: Lease, until: datetime) -> Lease:
    """The same lease, for longer; StaleLeaseError when somebody else has taken over."""
    _change(engine, lease, _RENEW, until=until)
    return replace(lease, until=until)


def finish(
    engine: Engine,
    lease: Lease,
    *,
    next_due_at: datetime,
    failures: int = 0,
    last_full_fetch_at: datetime | None = None,
) -> None:
    """Give the lease back, and say when the source is due again; `failures` is how many runs in a row had no answer."""
    _change(engine, lease, _FINISH, due=next_due_at, failed=failures, full=last_full_fetch_at)


def enable(engine: Engine, name: str, *, enabled: bool) -> None:
    """Switch a source on or off, whatever the catalogue says."""
    with writing(engine) as connection:
        connection.execute(update(sources).where(sources.c.name == name).values(enabled=enabled))


def pause(engine: Engine, name: str, until: datetime | None) -> None:
    """Collect it no more until then; None ends a pause."""
    with writing(engine) as connection:
        connection.execute(update(sources).where(sources.c.name == name).values(paused_until=until))


def make_due(engine: Engine, name: str, now: datetime) -> None:
    """Its turn is now."""
    with writing(engine) as connection:
        connection.execute(update(sources).where(sources.c.name == name).values(next_due_at=now))


def note_down(engine: Engine, name: str, *, is_down: bool) -> bool:
    """Whether this is news to whoever was told last; the next one is told that it is not."""
    known = update(sources).where(sources.c.name == name, sources.c.told_down != is_down)
    with writing(engine) as connection:
        return connection.execute(known.values(told_down=is_down)).rowcount == 1


def _take(engine: Engine, statement: ReturningUpdate[Any], given: dict[str, Any]) -> tuple[Lease, ...]:
    with writing(engine, is_alone=False) as connection:
        rows = connection.execute(statement, given).all()
    owner, until = given["owner"], given["until"]
    return tuple(Lease(source=name, owner=owner, token=token, until=until) for _, name, token in sorted(rows))


def _change(engine: Engine, lease: Lease, statement: Update, **values: object) -> None:
    ours = {"of_source": lease.source, "token": lease.token}
    with writing(engine, is_alone=False) as connection:
        if connection.execute(statement, ours | values).rowcount != 1:
            raise StaleLeaseError(f"{lease.source}: {lease.owner}'s lease {lease.token} is over")


def write_source(connection: Connection, source: Source, now: datetime, *, in_catalogue: bool = True) -> None:
    """Its row, new or in the place of what was known of it; a new one is due at once if it is in the catalogue."""
    values = {
        "kind": source.kind.value,
        "platform": source.platform,
        "url": source.request.url,
        "homepage": source.homepage,
        "organizer": source.organizer,
        "time_zone": source.time_zone,
        "config_hash": _config_hash(source),
        "every": int(source.every.total_seconds()),
        "next_due_at": now,
        "settled_as": None,
    }
    changed = update(sources).where(sources.c.name == source.name).values(values)
    if connection.execute(changed).rowcount == 0:
        connection.execute(insert(sources).values(name=source.name, in_catalogue=in_catalogue, enabled=True, **values))


def _config_hash(source: Source) -> bytes:
    """Of all that the catalogue says of reading it; the functions follow from the platform."""
    return blake2b(json.dumps(_config(source), default=str).encode(), digest_size=16).digest()


def _config(source: Source) -> dict[str, object]:
    told = {
        name: getattr(source, name)
        for name in source.__slots__
        if name not in {"parse", "follow", "ends_whole", "fallbacks", "confirm_to"}
    }
    plain = {"request": asdict(source.request), "location": asdict(source.location)}
    return told | plain | {"fallbacks": [_config(fallback) for fallback in source.fallbacks]}
