"""`hobnob widget`: what other sites show of us, by name."""

from typing import Annotated

import typer

widget_app = typer.Typer(help="What other sites show of us: widgets that are saved by name.")
Name = Annotated[str, typer.Argument(help="The name that stands in the page, such as library-main.")]
Ids = list[str] | None


@widget_app.command("list")
def list_() -> None:
    """List the saved widgets, and what each asks."""
    from api.cli.widgets import list_widgets

    list_widgets()


@widget_app.command()
def show(name: Name) -> None:
    """Print a saved widget as JSON."""
    from api.cli.widgets import show_widget

    show_widget(name)


@widget_app.command()
def save(
    name: Name,
    query: Annotated[str, typer.Argument(help="Its search, as in an address: near=Visalia,+CA&kind=chamber")],
    *,
    layout: Annotated[str, typer.Option(help="list, compact or calendar.")] = "list",
    link: Annotated[
        str, typer.Option(help="Where a name leads: source (its organiser's page) or page (ours).")
    ] = "source",
    title: Annotated[str | None, typer.Option(help="A heading above it.")] = None,
    pin: Annotated[Ids, typer.Option(help="An event that comes first, by id; may be given again.")] = None,
    pick: Annotated[Ids, typer.Option(help="Show only what is picked, by id; may be given again.")] = None,
    block: Annotated[Ids, typer.Option(help="A source of which nothing is shown; may be given again.")] = None,
) -> None:
    """Save a widget, in the place of the one of that name."""
    from api.cli.widgets import keep_widget

    lists = {"pins": pin or [], "picks": pick or [], "blocked": block or []}
    keep_widget(name, query, {"layout": layout, "link": link, "title": title, **lists})


@widget_app.command()
def remove(name: Name) -> None:
    """Forget a saved widget."""
    from api.cli.widgets import forget_widget

    forget_widget(name)
