"""Make sources/catalog/<country>_<region>.toml from a list of real sources.

    python tools/build_catalog.py catalog.jsonl

Each line of the list is an object: id, name, kind, platform, url, homepage, town, region, country, time_zone, evidence,
listed, status, note; of a regular meeting also rrule, start_local, end_local, venue.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import sources.catalog
from sources.load import load

FOLDER = Path(sources.catalog.__file__).parent
CLOSED = {
    "lead": "only a home page is known: find its calendar first",
    "reported_broken": "reported broken",
    "info_only": "cannot be read by a program: enter its meetings as recurring rows",
}
"""What is known of a source that is not read until somebody looks at it."""

STATES = re.compile(r"^(?:AR|AZ|CA|NE|WA)(?: \d{5})?$")
HEAD = """# {region}: real organisations, and where their calendars were when a public list named them. Nobody asked
# these addresses when the list was made: `verified` is false until a run has succeeded. By tools/build_catalog.py.
"""


def main() -> None:
    """Every region is written anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=Path)
    regions: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in parser.parse_args().list.read_text("utf-8").splitlines():
        row = json.loads(line)
        regions[row["country"], row["region"]].append(row)
    for (country, region), rows in sorted(regions.items()):
        text = HEAD.format(region=f"{country}-{region}") + "".join(map(write_row, sorted(rows, key=lambda r: r["id"])))
        path = FOLDER / f"{country.lower()}_{region.lower()}.toml"
        load(text, path.name)
        path.write_text(text, "utf-8")
    print(f"{sum(map(len, regions.values()))} sources in {len(regions)} files", file=sys.stderr)


def write_row(row: dict[str, Any]) -> str:
    """The `[[source]]` table."""
    is_rule = row["platform"] == "recurring"
    place = place_of(row) if is_rule else {}
    told = {
        "name": re.sub(r"[^a-z0-9_]", "_", row["id"].lower()),
        "kind": row["kind"],
        "platform": "html" if row["platform"] == "unknown" else row["platform"],
        "title": row["name"] if is_rule else None,
        "url": row["url"],
        "rule": f"{row['rrule']} {row['start_local']}-{row['end_local']}" if is_rule else None,
        "organizer": None if is_rule else row["name"],
        "homepage": row["homepage"],
        "time_zone": row["time_zone"],
        "location": {**place, "locality": row["town"], "region": row["region"], "country": row["country"]},
        "verified": None if is_rule else False,
        "enabled": False if row["status"] in CLOSED or row["platform"] == "unknown" else None,
        "note": note_of(row),
    }
    lines = [f"{key} = {write(value)}" for key, value in told.items() if value is not None]
    return "\n[[source]]\n" + "\n".join(lines) + "\n"


def write(value: object) -> str:
    """A value as TOML has it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {write(part)}" for key, part in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def place_of(row: dict[str, Any]) -> dict[str, str]:
    """The hall of a meeting, and its street where it is told."""
    parts = [part.strip() for part in row["venue"].split(",")]
    if parts[0] in {"varies", row["town"]} or "(" in row["venue"]:
        return {}
    streets = [part for part in parts[1:] if part != row["town"] and not STATES.match(part)]
    numbered = [part for part in streets if part[0].isdigit()]
    name = ", ".join(part for part in [parts[0], *streets] if part not in numbered[:1])
    return {"name": name, **({"street_address": numbered[0]} if numbered else {})}


def note_of(row: dict[str, Any]) -> str:
    """Where it was listed and when, and what else is known."""
    evidence = re.sub(r" \((?:[0-9a-f]{7,}|before [0-9a-f]+|.*[0-9a-f]{7}.*)\)$", "", row["evidence"])
    where = "a public list" if evidence.startswith("public code") else evidence
    where = "the organisation's own page" if where.startswith("stored page") else where
    listed = f"listed {row['listed']} in {where}" if row["listed"] else f"from {where}, no date known"
    return "; ".join(part for part in (listed, CLOSED.get(row["status"], ""), row["note"]) if part)


if __name__ == "__main__":
    main()
