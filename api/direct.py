"""Routes that are in the OpenAPI document and yet cost little: an endpoint gets its request, and answers it."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send


class DirectRoute(APIRoute):
    """FastAPI's own way solves dependencies, of which our routes have none: parameters are read in api.query."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint itself, with the parts of its path."""
        endpoint = self.endpoint

        async def answer(request: Request) -> Response:
            response: Response = await endpoint(request, **request.path_params)
            return response

        return answer


def answer_directly(app: FastAPI, route: APIRoute) -> ASGIApp:
    """The app, but for this route, which has no parts in its path: FastAPI's layers do nothing for it, and cost as much
    as a search. What goes wrong is asked again the long way, which has words for it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != route.path or scope["method"] != "GET":
            await app(scope, receive, send)
            return
        scope["app"] = app
        try:
            response: Response = await route.endpoint(Request(scope))
        except Exception:  # noqa: BLE001
            await app(scope, receive, send)
            return
        scope["route"] = route
        await response(scope, receive, send)

    return answer
