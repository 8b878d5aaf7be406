"""Draws docs/pictures/widget.png: a page of an invented library that shows the demo's events.

hobnob demo --port 8000 &
python tools/widget_picture.py http://127.0.0.1:8000
"""

import shutil
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "widget.png"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Blue Oak Public Library</title><style>
body {{ font: 17px/1.5 "Noto Sans", "DejaVu Sans", sans-serif; color: #24302d; background: #fbfaf6; margin: 0 }}
header {{ background: #00594f; color: #fff; padding: 1rem 2rem; font-size: 1.3rem; font-weight: 600 }}
main {{ max-width: 46rem; margin: 0 auto; padding: 1rem 2rem }}
hobnob-events {{ --hobnob-accent: #00594f }}
</style><script type="module" src="{base}/widget.js"></script>
<header>Blue Oak Public Library</header><main><h1>Meet your neighbours</h1>
<hobnob-events near="Visalia, CA" within="15mi" when="next_7_days" limit="5"></hobnob-events></main></html>"""


def main() -> None:
    """The widget's page stands on an address of its own, as anybody's does."""
    body = PAGE.format(base=sys.argv[1]).encode()

    class Library(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

    with HTTPServer(("127.0.0.1", 0), Library) as server, sync_playwright() as playwright:
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 820, "height": 400}, timezone_id="America/Los_Angeles")
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.locator("[part=name]").first.wait_for()
        page.screenshot(path=PICTURE, full_page=True)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
