"""`hobnob doctor`: what may be amiss, here and in the mail of others."""

from pathlib import Path
from typing import Annotated

import typer

doctor_app = typer.Typer(help="Look at everything that may be amiss, and say what to do, worst first.")
Catalogs = Annotated[list[Path] | None, typer.Option("--catalog", help="A catalogue file; may be given again.")]


@doctor_app.callback(invoke_without_command=True)
def doctor(context: typer.Context, catalog: Catalogs = None) -> None:
    """Look at everything that may be amiss, and say what to do, worst first."""
    if context.invoked_subcommand is None:
        from api.cli.doctor import examine

        raise typer.Exit(examine(catalog))


@doctor_app.command()
def mail(
    selector: Annotated[
        list[str] | None, typer.Option(help="By which the mail server signs (s= of DKIM); may be given again.")
    ] = None,
    nameserver: Annotated[str | None, typer.Option(help="Asked instead of this machine's: 192.0.2.53:53.")] = None,
) -> None:
    """Look whether SPF, DKIM and DMARC of the domain of `mail_from` let receivers trust its letters."""
    from api.cli.doctor.letters import examine_domain

    raise typer.Exit(examine_domain(selector or (), nameserver))
