"""Styles and scripts under names that hold the hash of what is in them, so that they may be kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from xstatic.pkg import leaflet, leaflet_markercluster

from aggregator import __version__

FOLDER = "/static"
OTHERS = {
    "leaflet.js": leaflet,
    "leaflet.css": leaflet,
    "leaflet.markercluster.js": leaflet_markercluster,
    "MarkerCluster.css": leaflet_markercluster,
}
"""The map's, from where pip put them."""
MEDIA_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Static:
    """A file as it is served; `hashed` is its name in addresses."""

    hashed: str
    media_type: str
    body: bytes


def address_of(name: str) -> str:
    """Below the site's folder: `/static/hobnob.0123456789ab.css` for `hobnob.css`."""
    return f"{FOLDER}/{_by_name()[name].hashed}"


def find_static(hashed: str) -> Static | None:
    """The file that bears this name now."""
    return _by_hashed().get(hashed)


@cache
def fingerprint() -> str:
    """Changes with any of them, and with the version: a page that was kept must not name files that are gone."""
    names = sorted(one.hashed for one in _by_name().values())
    return blake2s(repr((__version__, names)).encode(), digest_size=8).hexdigest()


def make_static(name: str, body: bytes) -> Static:
    """Named after what is in it."""
    stem, _, ending = name.rpartition(".")
    tag = blake2s(body, digest_size=6).hexdigest()
    return Static(hashed=f"{stem}.{tag}.{ending}", media_type=MEDIA_TYPES[ending], body=body)


@cache
def _by_name() -> Mapping[str, Static]:
    own = {one.name: one.read_bytes() for one in files(__package__).joinpath("static").iterdir()}
    others = {name: Path(package.BASE_DIR, name).read_bytes() for name, package in OTHERS.items()}
    return MappingProxyType({name: make_static(name, body) for name, body in {**own, **others}.items()})


@cache
def _by_hashed() -> Mapping[str, Static]:
    return MappingProxyType({one.hashed: one for one in _by_name().values()})
