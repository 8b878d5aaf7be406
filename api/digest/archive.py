"""An editor's letter as the archive keeps it, and back; pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aggregator.errors import QueryError
from aggregator.store import KeptEdition
from api.digest.choose import Heading
from api.digest.letter import Letter, Line, Section
from api.digest.printed import Printed

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def read_name(text: str) -> str:
    """What stands in the address of its page; QueryError for what cannot."""
    if not _NAME.fullmatch(text):
        raise QueryError(
            "publish", text[:80], "small letters, digits and hyphens, 63 at most, such as visalia-2026-w49"
        )
    return text


def keep_printed(name: str, printed: Printed) -> KeptEdition:
    """Without what a ledger would keep of it. Headings are kept by name, so that their words may change."""
    letter = printed.letter
    sections = [
        {"heading": one.heading.name.lower(), "lines": [asdict(line) for line in one.lines]} for one in letter.sections
    ]
    told = {"title": letter.title, "subject": letter.subject, "more": letter.more, "sections": sections}
    return KeptEdition(
        name=name,
        letter=json.dumps(told, ensure_ascii=False),
        note=printed.note,
        search_url=printed.search_url,
        published_at=printed.at,
    )


def read_printed(kept: KeptEdition) -> Printed:
    """As it was printed."""
    told = json.loads(kept.letter)
    letter = Letter(
        title=told["title"],
        subject=told["subject"],
        more=told["more"],
        sections=tuple(map(_read_section, told["sections"])),
        sent=(),
    )
    return Printed(letter=letter, note=kept.note, search_url=kept.search_url, at=kept.published_at)


def _read_section(told: Mapping[str, Any]) -> Section:
    return Section(heading=Heading[told["heading"].upper()], lines=tuple(Line(**line) for line in told["lines"]))
