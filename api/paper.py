"""Small pages for people who press a button: a title, paragraphs, and at most one form; they load nothing."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from string import Template

from starlette.responses import Response

from api.reference import STYLE

_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGE = Template("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title</title><style>$style</style>
<h1>$title</h1>
$body
</html>
""")


def show(
    title: str, *paragraphs: str, lines: Sequence[str] = (), button: str | None = None, status: int = 200
) -> Response:
    """The paragraphs, then the lines as a list, then a button that posts to the page's own address."""
    body = [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
    if lines:
        body.append(f"<ul>{''.join(f'<li>{escape(line)}' for line in lines)}</ul>")
    if button is not None:
        body.append(f'<form method="post"><button>{escape(button)}</button></form>')
    page = _PAGE.substitute(title=escape(title), style=STYLE, body="\n".join(body))
    return Response(page.encode(), status, _HEADERS, "text/html; charset=utf-8")
