"""Lets any page read: the question that a browser asks before a request with headers of its own (Fetch, CORS)."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def answer_preflight(app: ASGIApp) -> ASGIApp:
    """The app, but for preflights. Starlette's own answers vary by Origin, which would split every shared cache."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_question = scope["type"] == "http" and scope["method"] == "OPTIONS"
        if is_question and "access-control-request-method" in Headers(scope=scope):
            await Response(status_code=204, headers=_ALLOWED)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer
