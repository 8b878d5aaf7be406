"""The page that says what this is, who runs it, where events come from, and how to have something taken down."""

from html import escape
from string import Template

from aggregator.settings import Settings
from api.reference import STYLE

_PAGE = Template("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>About $title</title><style>$style</style>
<main><h1>About $title</h1>
<p>Hobnob gathers the public calendars of local organisations, and tells their events by place and date. It links to
the organisers' own pages, which are right where the two differ.</p>
<h2 id="operator">Who runs it</h2>
<p>$operator</p>
<h2 id="takedown">Have something corrected or taken down</h2>
<p>You organise events, or are named in one, and do not want it told here, or it is wrong: $takedown Say which
organisation, page or event it is about. What is taken down stays down, whatever other calendar tells of it.</p>
<h2 id="sources">Where events come from</h2>
<p><a href="/v1/sources">Every source</a> is listed with when it was last read and how it is doing. Sites are read
slowly, one request at a time, by a program that names itself and keeps to robots.txt. No e-mail address and no
telephone number of a person is kept.</p>
<h2 id="data">Data of others</h2>
<p>Places come from <a href="https://www.geonames.org">GeoNames</a>, under
<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>, changed. Time zones are made from OpenStreetMap, ©
OpenStreetMap contributors, under the ODbL. Events belong to those who publish them.</p>
<p><a href="/docs">The API</a></p></main>
</html>
""")
_NOBODY = "Whoever runs this has not said who they are (<code>hobnob init</code> asks)."


def write_about(settings: Settings) -> str:
    """HTML. The contact is that of the operator, who gave it to be read."""
    contact = settings.contact
    place = f" for {settings.place}" if settings.place else ""
    return _PAGE.substitute(
        title=escape(f"Hobnob{place}"),
        style=STYLE,
        operator=_NOBODY if contact is None else f"Write to {_link(contact)}.",
        takedown="write to whoever gave you this address." if contact is None else f"write to {_link(contact)}.",
    )


def _link(contact: str) -> str:
    """A page or an address to write to, as a link."""
    url = contact if "://" in contact else f"mailto:{contact}"
    return f'<a href="{escape(url)}">{escape(contact)}</a>' if "://" in contact or "@" in contact else escape(contact)
