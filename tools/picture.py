"""Makes docs/picture.svg: what `hobnob events` really prints of the demo, as rich draws it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

PICTURE = Path(__file__).parent.parent / "docs" / "picture.svg"
COLUMNS = 110
HOBNOB = (sys.executable, "-P", "-m", "api.cli")
QUESTION = ("events", "--near", "Visalia, CA", "--within", "15mi", "--when", "next_7_days")
WEB_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""Rich's drawing loads its font from a third party; without, the reader's own monospaced one is taken."""


def main() -> None:
    with TemporaryDirectory() as folder:
        store = Path(folder) / "demo.db"
        with collected_demo(store, folder):
            PICTURE.write_text(draw(ask(store, folder)), encoding="utf-8")
    print(f"{PICTURE.name}: {PICTURE.stat().st_size:,} bytes")


@contextmanager
def collected_demo(store: Path, folder: str) -> Iterator[None]:
    """The demo has collected everything when it says at which address to ask."""
    command = [*HOBNOB, "demo", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        try:
            next(line for line in demo.stdout if "/v1/events?" in line)
            yield
        finally:
            demo.terminate()


def ask(store: Path, folder: str) -> str:
    told = environment(HOBNOB_STORE=str(store), COLUMNS=str(COLUMNS), FORCE_COLOR="1")
    return subprocess.run([*HOBNOB, *QUESTION], cwd=folder, env=told, capture_output=True, text=True, check=True).stdout


def environment(**more: str) -> dict[str, str]:
    """Ours without the operator's settings, so that the picture is the same for everybody."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HOBNOB_")}
    return {**inherited, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def draw(printed: str) -> str:
    console = Console(record=True, width=COLUMNS, file=StringIO())
    console.print(Text.from_ansi(printed.rstrip("\n")))
    title = " ".join(("hobnob", *(f'"{word}"' if " " in word else word for word in QUESTION)))
    return WEB_FONTS.sub("", console.export_svg(title=title, theme=MONOKAI, unique_id="hobnob"))


if __name__ == "__main__":
    main()
