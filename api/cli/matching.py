"""`hobnob match`: what may be told once, and a person's word on it."""

from pathlib import Path
from typing import Annotated

import typer

match_app = typer.Typer(help="What several sources tell of one happening: review, join, split.")
Catalogs = Annotated[list[Path] | None, typer.Option("--catalog", help="A catalogue file; may be given again.")]
One = Annotated[str, typer.Argument(help="A listing as SOURCE/IDENTIFIER, as `hobnob match review` shows it.")]


@match_app.command()
def review() -> None:
    """List pairs that may be one happening, with what speaks for it and against it."""
    from api.cli.matches import show_questions

    show_questions()


@match_app.command()
def join(one: One, other: One, catalog: Catalogs = None) -> None:
    """Say that two listings tell the same."""
    from api.cli.matches import decide

    decide(one, other, catalog, is_same=True)


@match_app.command()
def split(one: One, other: One, catalog: Catalogs = None) -> None:
    """Say that two listings do not tell the same."""
    from api.cli.matches import decide

    decide(one, other, catalog, is_same=False)
