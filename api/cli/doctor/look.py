"""Everything that the doctor looks at, put together."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from aggregator.errors import HobnobError, SettingsError
from aggregator.settings import Settings, load_settings
from api.cli.chosen import choose_sources
from api.cli.doctor.finding import Finding, Grade, show
from api.cli.doctor.machine import examine_clock, examine_store
from api.cli.doctor.mail import examine_mail
from api.cli.doctor.network import try_network
from api.cli.doctor.settings import examine_settings
from api.cli.doctor.sources import examine_sources, states_of
from api.cli.tools import now_in_utc


def examine(catalogs: Sequence[Path] | None) -> int:
    """1 when something is wrong."""
    console = Console(soft_wrap=True)
    try:
        settings = load_settings()
    except SettingsError as error:
        show([Finding(grade=Grade.WRONG, about="settings", seen=str(error))], console)
        return 1
    now, states = now_in_utc(), states_of(settings)
    reach = asyncio.run(try_network(settings, _addresses(settings, catalogs)))
    findings = [
        *examine_settings(settings, catalogs),
        *examine_store(settings.store),
        examine_clock(now, [status for status, _ in states], reach.told),
        reach.finding,
        examine_mail(settings),
        *examine_sources(settings, states),
    ]
    show(findings, console)
    return 1 if any(finding.grade is Grade.WRONG for finding in findings) else 0


def _addresses(settings: Settings, catalogs: Sequence[Path] | None) -> list[str]:
    """Of sources that are fetched."""
    try:
        loaded = choose_sources(settings, catalogs, None, None)
    except HobnobError:
        return []
    return [source.request.url for source in loaded if source.request.url.startswith("http")]
