"""The commands about what the public says, `suggestions` and `confirm`: what can be asked of them."""

from pathlib import Path
from typing import Annotated

import typer

suggestions_app = typer.Typer(help="What the public suggested: list, accept, reject.")
confirm_app = typer.Typer(help="Ask organisers whether what is told of them is still right.")
Number = Annotated[str, typer.Argument(help="The number that `hobnob suggestions list` shows.")]


@suggestions_app.command("list")
def list_(all_: Annotated[bool, typer.Option("--all", help="Those that were settled, too.")] = False) -> None:
    """Show what waits for a person."""
    from api.cli.suggested import print_suggestions

    print_suggestions(is_all=all_)


@suggestions_app.command()
def accept(
    number: Number,
    kind: Annotated[str | None, typer.Option(help="chamber, volunteer, networking, civic or other.")] = None,
) -> None:
    """Tell a suggested event or group, or correct what is to be fixed."""
    from api.cli.suggested import accept_suggestion, run_settling

    run_settling(lambda store, settings, now: accept_suggestion(store, settings, number, kind, now))


@suggestions_app.command()
def reject(number: Number, why: Annotated[str, typer.Option(help="The reason, which is kept.")]) -> None:
    """Do not tell it."""
    from api.cli.suggested import reject_suggestion, run_settling

    run_settling(lambda store, _, now: reject_suggestion(store, number, why, now))


@confirm_app.callback()
def _confirm() -> None:
    """So that `ask` is a word of its own."""


@confirm_app.command()
def ask(
    source: Annotated[str | None, typer.Argument(help="A source; all that have a confirm_to without it.")] = None,
    to: Annotated[str | None, typer.Option(help="The organiser's address, if not its row's confirm_to.")] = None,
    print_: Annotated[bool, typer.Option("--print", help="Print the letters and send none.")] = False,
    catalog: Annotated[
        list[Path] | None, typer.Option("--catalog", help="A catalogue file; may be given again.")
    ] = None,
) -> None:
    """Send each organiser a letter with a link, once a quarter at most."""
    from api.cli.asking import ask_organisers

    raise typer.Exit(1 if ask_organisers(source, to, catalog, is_printed=print_) else 0)
