"""The commands that move a town, or keep a store: what can be asked of them."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.saving import backup_, restore_

Archive = Annotated[Path, typer.Argument(help="The archive, such as visalia.zip.")]
Catalogs = Annotated[list[Path] | None, typer.Option("--catalog", help="A catalogue file; may be given again.")]


def export_(file: Archive, catalog: Catalogs = None) -> None:
    """Write the town into one archive: events, sources, vetoes, your catalogue files and places; no secret."""
    from api.cli.transfer import export_town

    export_town(file, catalog)


def import_(
    file: Archive,
    store: Annotated[str | None, typer.Option(help="The store to read it into; else that of the settings.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files of yours that differ.")] = False,
) -> None:
    """Read an archive into a store, new or not: vetoes hold, and what is newer here stays."""
    from api.cli.transfer import import_town

    import_town(file, store, is_forced=force)


def add_moving(app: typer.Typer) -> None:
    """To `hobnob`."""
    for name, command in (("export", export_), ("import", import_), ("backup", backup_), ("restore", restore_)):
        app.command(name)(command)
