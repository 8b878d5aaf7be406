"""`hobnob store copy`: from one database to the other."""

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from aggregator.store.copying import copy_store
from aggregator.store.database import name_of


def copy_with_progress(origin: str, target: str) -> None:
    """StoreError when there is nothing to copy, or something in the way."""
    console = Console(stderr=True)
    columns = TextColumn("Copying {task.fields[table]}: {task.completed:,} rows"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", table="", total=None)
        sums = copy_store(origin, target, lambda table, rows: progress.update(task, table=table, advance=rows))
    rows = sum(told.rows for told in sums.values())
    print(f"{name_of(target)}: {rows:,} rows in {len(sums)} tables, read again and found the same")
