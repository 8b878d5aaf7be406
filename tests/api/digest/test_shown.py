"""A letter in a real browser: nothing sticks out at 360 pixels, and it is dark where its reader likes it dark."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aggregator.event import Organization
from api.digest.compose import NO_PAST, Found, compose
from api.digest.happening import Happening
from api.digest.letter import Footer
from api.digest.write import write_html

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
NOW = datetime(2026, 10, 7, 18, tzinfo=UTC)
FRAME = """<iframe id="one" src="letter.html" style="border:0;width:{width}px;height:900px"></iframe><p id="told"></p>
<script>one.onload = () => {{
  const page = one.contentDocument.documentElement, body = getComputedStyle(one.contentDocument.body)
  told.textContent = `${{page.scrollWidth}} ${{body.backgroundColor}} ${{body.fontSize}}`
}}</script>"""
FOOTER = Footer(
    search_url="https://hobnob.example/v1/events.txt?near=Visalia", manage_url="https://hobnob.example/m",
    stop_url="https://hobnob.example/s", reason="You get this letter because you asked for it.",
    postal_address="Elm Valley Events, P.O. Box 1, Visalia, CA 93291",
)  # fmt: skip


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
@pytest.mark.parametrize(("dark", "background"), [(False, "rgb(255, 255, 255)"), (True, "rgb(22, 22, 22)")])
@pytest.mark.parametrize("width", [360, 700])
def test_a_letter_fits_and_follows_the_scheme_of_its_reader(
    happening: Callable[..., Happening], tmp_path: Path, width: int, dark: bool, background: str
) -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselanhänger" * 2
    coming = [happening(f"{long} {number}", number, organizer=Organization(name=long)) for number in (1, 9)]
    found = Found(title="Events near Visalia, CA", country="US", coming=coming)
    letter = compose(
        found, NO_PAST, now=NOW, zone=ZoneInfo("America/Los_Angeles"), most=25, site="https://hobnob.example"
    )
    assert letter
    (tmp_path / "letter.html").write_text("".join(write_html(letter, FOOTER)), encoding="utf-8")
    (tmp_path / "frame.html").write_text(FRAME.format(width=width), encoding="utf-8")
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    command = [str(BROWSER), *quiet, scheme, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000"]

    ran = subprocess.run(
        [*command, "--dump-dom", (tmp_path / "frame.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    told = ran.stdout.partition('<p id="told">')[2].partition("</p>")[0]
    assert told == f"{width} {background} 16px"
