"""Each request as one stretch of work, for whoever watches."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.trace import span
from api.cache import ROUTE


def watch_requests(app: ASGIApp) -> ASGIApp:
    """The app; of a request are told its method, the template of its path, and the status: never what was asked."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        with span("request", method=scope["method"]) as it:

            async def tell(message: Message) -> None:
                if message["type"] == "http.response.start":
                    it.tell("status", str(message["status"]))
                await send(message)

            await app(scope, receive, tell)
            it.tell("route", scope.get(ROUTE, "none"))

    return answer
