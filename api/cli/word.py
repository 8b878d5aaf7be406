"""The commands of an editor, `correct`, `hide` and `unhide`: what can be asked of them."""

from typing import Annotated

import typer

from api.cli.public import confirm_app, suggestions_app

Event = Annotated[str, typer.Argument(help="An event's id, or its address.")]
Why = Annotated[str | None, typer.Option(help="Why; anybody may read it.")]
By = Annotated[str | None, typer.Option(help="Who says so; the name of your account otherwise.")]


def correct_(
    event: Annotated[
        str | None, typer.Argument(help="An event's id, or its address; all corrections without it.")
    ] = None,
    field: Annotated[str | None, typer.Argument(help="name, startDate, location, price, …")] = None,
    value: Annotated[str | None, typer.Argument(help="What is right; an empty one says that nobody knows.")] = None,
    why: Why = None,
    by: By = None,
    until: Annotated[str | None, typer.Option(help="A day on which it ends by itself.")] = None,
    undo: Annotated[str | None, typer.Option(help="The number of a correction to take back.")] = None,
) -> None:
    """Put a value in the place of what the sources say of a field; list corrections; take one back."""
    from api.cli.editing import run_correct

    run_correct([word for word in (event, field, value) if word is not None], why, by, until, undo)


def hide_(
    event: Annotated[
        str | None, typer.Argument(help="An event's id, or its address; all hidden ones without it.")
    ] = None,
    why: Why = None,
    by: By = None,
) -> None:
    """Tell nobody of an event, whatever sources say of it; list what is hidden."""
    from api.cli.editing import run_hide

    run_hide(event, why, by)


def unhide_(event: Event) -> None:
    """Tell of a hidden event again."""
    from api.cli.editing import run_unhide

    run_unhide(event)


def add_commands(app: typer.Typer) -> None:
    """To `hobnob`, with those about what the public says."""
    for name, command in (("correct", correct_), ("hide", hide_), ("unhide", unhide_)):
        app.command(name)(command)
    app.add_typer(suggestions_app, name="suggestions")
    app.add_typer(confirm_app, name="confirm")
