"""A survey, told to a person."""

from rich.console import Console

from aggregator.event import Event
from aggregator.survey import Survey, Trial
from api.cli.words import count, plain

SHOWN = 8


def report(found: Survey, console: Console) -> None:
    """What was tried and why, what it gave, what was dropped, and what a person may do next."""
    console.print(f"\n{found.url}", style="bold")
    console.print(f"  {plain(found.robots)}")
    for trial in found.trials:
        console.print(f"  {trial.platform}: {plain(trial.evidence)}", style="green" if trial is found.best else "")
        console.print(f"    {plain(_outcome(trial, found))}")
    if found.best:
        _show_events(found.best, found, console)
    for name in found.similar:
        console.print(f"  already there: {name}", style="yellow")
    for advice in found.elsewhere:
        console.print(f"  see also {plain(advice)}")
    if found.best is None:
        console.print("  Nothing could be read." + _what_next(found), style="red")


def tell_in_one_line(found: Survey) -> str:
    """For a list of many."""
    best = found.best
    if best is None:
        return f"{found.url}: nothing could be read"
    return f"{found.url}: {best.platform}, {count(len(best.coming(found.at)), 'event')} to come"


def _outcome(trial: Trial, found: Survey) -> str:
    if trial.failure is not None:
        return f"not read: {trial.failure}"
    coming = len(trial.coming(found.at))
    told = f"{trial.url}: {count(coming, 'event')} to come, {len(trial.events) - coming} past"
    return f"{told}, {len(trial.rejected)} dropped" + ("; an empty calendar" if not trial.events else "")


def _show_events(best: Trial, found: Survey, console: Console) -> None:
    coming = best.coming(found.at)
    for event in coming[:SHOWN]:
        console.print(f"    {_line(event)}")
    if len(coming) > SHOWN:
        console.print(f"    … and {len(coming) - SHOWN} more")
    for rejection in best.rejected[:SHOWN]:
        console.print(f"    dropped “{plain(rejection.name)}”: {plain(rejection.reason)}", style="yellow")
    for gap in best.gaps:
        console.print(f"    not whole: {plain(gap)}", style="yellow")


def _line(event: Event) -> str:
    start = event.start_date
    when = f"{start:%a %Y-%m-%d}" if event.is_all_day else f"{start:%a %Y-%m-%d %H:%M}"
    place = event.location.name or event.location.address.address_locality or "no place"
    return f"{when}  {plain(event.name)}  ({plain(place)}, {event.location.precision})"


def _what_next(found: Survey) -> str:
    if found.stub is not None:
        return f" {plain(found.stub_why)}"
    if any(trial.needs_permission for trial in found.trials):
        return ""
    return " Give the address of its calendar page, or of a link that says Subscribe, iCal or RSS."
