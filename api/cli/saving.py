"""`hobnob backup` and `hobnob restore`: what can be asked of them, and what they say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import count

if TYPE_CHECKING:
    from aggregator.store.backup import Backup

File = Annotated[Path, typer.Argument(help="The backup, such as hobnob-2026-11-28.db.")]


def backup_(
    file: File, force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False
) -> None:
    """Write all of the store into one file, while Hobnob runs or not; it holds subscribers' addresses."""
    from aggregator.settings import load_settings
    from aggregator.store.backup import back_up, writer_of
    from api.cli.signals import stop_on_sigterm

    stop_on_sigterm()
    write = writer_of(load_settings().store)
    print(f"{file}: {_tell(back_up(file, write, is_forced=force))}")


def restore_(
    file: File,
    store: Annotated[str | None, typer.Option(help="The store to make of it; else that of the settings.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a store that holds something.")] = False,
) -> None:
    """Put a backup in the place of the store, which nobody may have open; an older one is brought up to date."""
    from aggregator.settings import load_settings
    from aggregator.store.database import is_postgres, name_of
    from aggregator.store.engine import file_of
    from aggregator.store.restore import restore, restore_rows
    from api.cli.signals import stop_on_sigterm

    stop_on_sigterm()
    to = load_settings(store=store).store
    restored = restore_rows(file, to) if is_postgres(to) else restore(file, file_of(to), is_forced=force)
    print(f"{name_of(to)}: {_tell(restored)}")


def _tell(backup: "Backup") -> str:
    counts = ", ".join(count(number, name.removesuffix("s")) for name, number in backup.counts.items())
    return f"{counts}; {backup.size:,} bytes, whole"
