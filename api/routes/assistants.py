"""`/mcp`: where assistants ask. What serves it is imported when the first of them does."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib import import_module
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.settings import Settings
from api.problem import problem
from api.site import Site

PATH: Final = "/mcp"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

router = APIRouter()


class Assistants:
    """ASGI; a POST is one message of the protocol's streamable HTTP, without sessions."""

    def __init__(self) -> None:
        self._talk: Callable[[ASGIApp, str, Scope, Receive, Send], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        site: Site = scope["app"].state.site
        if refusal := refuse_stranger(Headers(scope=scope), site.settings):
            await refusal(scope, receive, send)
            return
        if self._talk is None:
            server = await run_in_threadpool(import_module, "api.assistants.server")
            self._talk = server.talk
        await self._talk(site.cache or scope["app"], site.settings.base_url, scope, receive, send)


def refuse_stranger(headers: Headers, settings: Settings) -> Response | None:
    """None where the Host is ours, and the Origin too if a browser names one: else a page elsewhere could have its own
    name lead to this machine, and read here what only its visitor can reach (DNS rebinding)."""
    known = names_of(settings)
    host, origin = headers.get("host", ""), headers.get("origin")
    if _name(f"//{host}") not in known:
        return problem(421, f"this Hobnob is not known as {host[:100]}: its operator sets HOBNOB_PUBLIC_URL")
    if origin is not None and _name(origin) not in known:
        return problem(
            403, f"pages of {origin[:100]} may not ask here; programs may, and every page may ask /v1/events"
        )
    return None


@lru_cache(maxsize=8)
def names_of(settings: Settings) -> frozenset[str]:
    """Under which this Hobnob is reached: in public, on its machine, and at the address that it listens on."""
    return _LOOPBACK | {_name(settings.base_url) or "", settings.host} - {"", "0.0.0.0", "::"}  # noqa: S104 - left out


def _name(address: str) -> str | None:
    """The host of an address, without its port; None where there is none."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


# A route of Starlette's own: the SDK answers to ASGI, and the protocol is no part of the OpenAPI document.
router.routes.append(Route(PATH, Assistants(), methods=["POST"], include_in_schema=False))
