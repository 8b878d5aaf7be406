"""Brings a store's file to the newest revision of the schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from aggregator.errors import StoreError
from aggregator.store.engine import MIGRATION_SECONDS, connect_writing

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(path: Path, revision: str = "head") -> None:
    """All missing revisions in one transaction: killed half-way, the old schema stands; a second process waits. What a
    revision takes away is overwritten.
    """
    config = configuration()
    engine = connect_writing(path, timeout=MIGRATION_SECONDS, is_durable=True)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except (SQLAlchemyError, CommandError) as error:
        raise StoreError(f"{path}: the schema cannot be brought up to date: {error}") from error
    finally:
        engine.dispose()


def configuration() -> Config:
    """Alembic's settings, without a file of them: the revisions travel in the package."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
