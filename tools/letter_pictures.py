"""Makes docs/pictures/letter-*.png: what `hobnob digest preview` prints of the demo, as Chromium shows it."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import picture

DOCS = Path(__file__).parent.parent / "docs" / "pictures"
QUESTION = ("digest", "preview", "--near", "Visalia, CA", "--within", "15mi", "--format", "html")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files")
HEIGHT = 820
FRAME = '<body style="margin:0"><iframe src="letter.html" style="border:0;width:{width}px;height:{height}px"></iframe>'
"""A window of Chromium's is never narrower than 500 pixels; a frame in it is."""


def main() -> None:
    with TemporaryDirectory() as name:
        folder, store = Path(name), Path(name) / "demo.db"
        with picture.collected_demo(store, name):
            picture.QUESTION = QUESTION
            (folder / "letter.html").write_text(picture.ask(store, name), encoding="utf-8")
        for width in (360, 700):
            (folder / "frame.html").write_text(FRAME.format(width=width, height=HEIGHT), encoding="utf-8")
            for scheme, number in (("dark", 0), ("light", 1)):
                shoot(folder, DOCS / f"letter-{width}-{scheme}.png", width, number)


def shoot(folder: Path, target: Path, width: int, scheme: int) -> None:
    more = (f"--blink-settings=preferredColorScheme={scheme}", f"--user-data-dir={folder / 'profile'}")
    size = (f"--window-size={width},{HEIGHT}", f"--screenshot={target}")
    subprocess.run(
        ["chromium", *QUIET, *more, *size, (folder / "frame.html").as_uri()], check=True, capture_output=True
    )
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
