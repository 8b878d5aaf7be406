"""About: what a person wants to know of a platform before they name it in a catalogue."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A row of the table of platforms in docs/sources.md.

    `reads` is what is asked for, in order; `fields` what an event may tell beside name and start; `paging` how far it
    goes; `identity` what an event is known by from run to run; `terms` what the site allows. `keys` are the platform's
    own keys of the catalogue, each with its meaning.
    """

    title: str
    reads: str
    fields: str
    paging: str
    identity: str
    terms: str
    keys: Mapping[str, str] = field(default_factory=dict)


@cache
def read_abouts() -> Mapping[str, About]:
    """Of every platform, by name, as about.toml has them."""
    told = tomllib.loads(files("sources.platforms").joinpath("about.toml").read_text("utf-8"))
    return {name: About(**about) for name, about in told.items()}
