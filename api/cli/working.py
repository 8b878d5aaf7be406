"""The command `work`: what can be asked of it."""

from pathlib import Path
from typing import Annotated

import typer


def work_(
    catalog: Annotated[
        list[Path] | None, typer.Option("--catalog", help="A catalogue file; may be given again.")
    ] = None,
    slots: Annotated[
        int | None, typer.Option(help="How many sources to collect at a time; fetch_slots otherwise.", min=2, max=1024)
    ] = None,
) -> None:
    """Collect what `hobnob schedule` puts on the queue; on PostgreSQL only."""
    from api.cli.work import run_work

    run_work(catalog, slots)
