"""Writes which letters of an editor everybody may read; answers that were kept are old from then on."""

from dataclasses import asdict

from sqlalchemy import Engine, insert, select

from aggregator.errors import StoreError
from aggregator.store.bulk import bump_version, remove_named, writing
from aggregator.store.kept import KeptEdition
from aggregator.store.people import editions


def publish(engine: Engine, edition: KeptEdition) -> None:
    """StoreError when there is one of that name: what was published is taken away by nobody's slip."""
    with writing(engine) as connection:
        if connection.execute(select(editions.c.name).where(editions.c.name == edition.name)).first():
            raise StoreError(
                f"{edition.name}: published already; `hobnob digest withdraw {edition.name}` takes it away"
            )
        connection.execute(insert(editions), asdict(edition))
        bump_version(connection)


def withdraw(engine: Engine, name: str) -> bool:
    """Whether there was one of that name."""
    return remove_named(engine, editions, name)
