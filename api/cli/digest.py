"""`hobnob digest`: the weekly letter, for whoever sends it."""

from typing import Annotated

import typer

digest_app = typer.Typer(help="The weekly letter: see it, send it, and settle what nobody can know.")
Near = Annotated[str | None, typer.Option(help="A town, a postcode, or latitude,longitude.")]
Within = Annotated[str | None, typer.Option(help="How far around it: 15mi, 25km.")]
Address = Annotated[str, typer.Argument(help="An e-mail address.")]


@digest_app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def preview(
    context: typer.Context,
    near: Near = None,
    within: Within = None,
    format_: Annotated[str, typer.Option("--format", help="text or html.")] = "text",
) -> None:
    """Print the letter that a new subscriber of a search would get now; other parameters are options too."""
    from api.cli.letters import show_preview

    show_preview({"near": near, "within": within}, context.args, format_)


@digest_app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def letter(
    context: typer.Context,
    near: Near = None,
    within: Within = None,
    *,
    widget: Annotated[str | None, typer.Option(help="A saved widget, for its search, pins, picks and blocks.")] = None,
    pin: Annotated[list[str] | None, typer.Option(help="The id of an event that comes first.")] = None,
    leave_out: Annotated[list[str] | None, typer.Option(help="The id of an event that is not told.")] = None,
    note: Annotated[str, typer.Option(help="Words on top; an empty line begins a paragraph.")] = "",
    title: Annotated[str | None, typer.Option(help="Instead of the search in words.")] = None,
    most: Annotated[int, typer.Option(min=1, max=100, help="So many events.")] = 25,
    format_: Annotated[str, typer.Option("--format", help="html, md, text or rss.")] = "html",
    publish: Annotated[str | None, typer.Option(help="A name, under which it is kept for /letters too.")] = None,
) -> None:
    """Print a letter of a place for a newsletter tool of your own; other parameters are options too."""
    from api.cli.edition import Words, print_letter

    words = Words(pins=tuple(pin or ()), left_out=frozenset(leave_out or ()), note=note, title=title)
    near_and_within = {"near": near, "within": within}
    print_letter(near_and_within, context.args, widget, words, most=most, format_=format_, name=publish)


@digest_app.command()
def withdraw(name: Annotated[str, typer.Argument(help="The name under which a letter was published.")]) -> None:
    """Take a published letter away from the pages and the feed of past letters."""
    from api.cli.archive import withdraw as withdraw_letter

    withdraw_letter(name)


@digest_app.command()
def send() -> None:
    """Send all letters that are due, once; exit 1 when the mail server failed."""
    from api.cli.letters import send_letters

    raise typer.Exit(send_letters())


@digest_app.command()
def status() -> None:
    """Show how many subscribe, and what became of the letters of the last 30 days."""
    from api.cli.letters import show_status

    show_status()


@digest_app.command()
def resolve(
    names: Annotated[
        list[str] | None, typer.Argument(help="Letters as they are listed; all are listed without.")
    ] = None,
    resend: Annotated[bool, typer.Option("--resend", help="Send them again.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="Take them for sent.")] = False,
) -> None:
    """List letters of which nobody can know whether they arrived, or say what to do with them."""
    from api.cli.letters import resolve_letters

    resolve_letters(names or [], is_resent=resend, is_skipped=skip)


@digest_app.command()
def export(address: Address) -> None:
    """Print all that is kept of an address, as JSON."""
    from api.cli.letters import export_address

    export_address(address)


@digest_app.command()
def erase(address: Address) -> None:
    """Erase an address and all that is kept of it."""
    from api.cli.letters import erase_address

    erase_address(address)
