"""`hobnob platforms`: what can be read, and how."""

import dataclasses
import json

from rich.console import Console
from rich.table import Table

from sources.about import read_abouts


def show_platforms(format_: str) -> None:
    """A table for a person, or JSON: a list of objects with the platform's name and what is known of it."""
    abouts = read_abouts()
    if format_ == "json":
        rows = [{"platform": name, **dataclasses.asdict(about)} for name, about in abouts.items()]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("platform", "what it is", "what it reads", "terms"):
        table.add_column(heading, overflow="fold")
    for name, about in abouts.items():
        table.add_row(name, about.title, about.reads, about.terms)
    Console().print(table)
