"""`hobnob store`: what concerns a store as a whole."""

from typing import Annotated

import typer

store_app = typer.Typer(help="A store as a whole: copy it to another file or database.")
Address = Annotated[str, typer.Argument(help="A SQLite file, or a postgresql: address.")]


@store_app.command()
def copy(origin: Address, target: Address) -> None:
    """Copy a whole store into an empty one, from SQLite to PostgreSQL or back, and compare what arrived."""
    from api.cli.copying import copy_with_progress

    copy_with_progress(origin, target)
