"""Writes the table of platforms into docs/sources.md, from what each platform says of itself.

python tools/platform_table.py
"""

from collections.abc import Iterator
from pathlib import Path

from sources.about import read_abouts

PAGE = Path(__file__).resolve().parent.parent / "docs" / "sources.md"
BEGIN, END = "<!-- platforms: made by tools/platform_table.py -->\n", "<!-- end of platforms -->"


def main() -> None:
    """Only what stands between the marks is written anew."""
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")


def with_table(page: str) -> str:
    """The page with the table as it should be."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{keys()}\n{END}{after}"


def table() -> str:
    """A line a platform."""
    head = ("Platform", "What it is", "What it reads", "Fields", "Paging", "Identity", "Terms")
    return "".join((_line(head), _line("---" for _ in head), *map(_line, _rows())))


def _rows() -> Iterator[tuple[str, ...]]:
    for name, about in read_abouts().items():
        yield f"`{name}`", about.title, about.reads, about.fields, about.paging, about.identity, about.terms


def keys() -> str:
    """A line a key that only one platform has."""
    head = ("Platform", "Key", "Meaning")
    rows = (
        (f"`{name}`", f"`{key}`", meaning)
        for name, about in read_abouts().items()
        for key, meaning in about.keys.items()
    )
    return "".join((_line(head), _line("---" for _ in head), *map(_line, rows)))


def _line(cells: object) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |\n"  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
