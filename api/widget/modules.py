"""The modules as they are served: without comments, packed once, and named after what is in them."""

import gzip
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha384
from importlib.resources import files
from typing import Any

from rjsmin import jsmin

_CALENDAR = "/widget/calendar.js"
"""As the list's module names it; it is served under its own hash, so that one version never loads a part of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """`digest` names it in an address that never means another; `integrity` is for the attribute of that name."""

    body: bytes
    packed: bytes
    digest: str
    integrity: str

    @property
    def path(self) -> str:
        """Below our address, without its first slash."""
        return f"widget/{self.digest}.js"


@cache
def find_module(name: str) -> Module:
    """One of `widget`, `calendar`, `frame` and `height`."""
    text = read_text(f"{name}.js")
    if name == "widget":
        text = text.replace(_CALENDAR, f"/{find_module('calendar').path}")
    return _make(jsmin(text).encode())


def find_named(digest: str) -> Module | None:
    """What may be kept for ever: the element and its calendar."""
    named = (find_module(name) for name in ("widget", "calendar"))
    return next((module for module in named if module.digest == digest), None)


def read_text(name: str) -> str:
    """A file of this folder."""
    return files("api.widget").joinpath(name).read_text("utf-8")


def tell_modules(base_url: str) -> dict[str, Any]:
    """What to write into a page: the address that stays as it is, its hash, and the line that has both."""
    module = find_module("widget")
    src = f"{base_url}/{module.path}"
    line = f'<script type="module" src="{src}" integrity="{module.integrity}" crossorigin="anonymous"></script>'
    return {"src": src, "integrity": module.integrity, "html": line, "latest": f"{base_url}/widget.js"}


def _make(body: bytes) -> Module:
    digest = sha384(body).digest()
    return Module(
        body=body,
        packed=gzip.compress(body, 9, mtime=0),
        digest=digest.hex()[:16],
        integrity=f"sha384-{b64encode(digest).decode()}",
    )
