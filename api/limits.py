"""No caller makes us hold more than this of a request."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kept import find_header
from api.problem import problem

MOST_BODY = 64 << 10


def limit_body(app: ASGIApp, most: int = MOST_BODY) -> ASGIApp:
    """413 for a body that is announced larger, or turns out to be: what is counted is bytes, not promises."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and int(find_header(scope["headers"], b"content-length") or 0) > most:
            await problem(413)(scope, receive, send)
            return
        read = 0

        async def count() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await app(scope, count, send)

    return answer
