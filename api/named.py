"""Each request has a name, by which what is logged of it is found: the proxy's, or one of its own."""

import re
import secrets
from contextvars import ContextVar
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from api.kept import find_header

_PROPER: Final = re.compile(rb"[\w-]{8,64}")
_name: ContextVar[str | None] = ContextVar("request_name", default=None)


def name_requests(app: ASGIApp) -> ASGIApp:
    """The app; a request bears the name in X-Request-ID as long as it is letters, digits, - and _, 8 to 64 of them."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = find_header(scope["headers"], b"x-request-id") or b""
            # Not taken back: the server logs what went wrong after the app has ended, in the task of this request.
            _name.set(given.decode() if _PROPER.fullmatch(given) else secrets.token_hex(8))
        await app(scope, receive, send)

    return answer


def request_name() -> str | None:
    """That of the request which is being answered; None elsewhere, and where nobody names them."""
    return _name.get()
