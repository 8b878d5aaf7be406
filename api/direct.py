"""Routes that are in the OpenAPI document and yet cost little: an endpoint gets its request, and answers it."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class DirectRoute(APIRoute):
    """FastAPI's own way solves dependencies, of which our routes have none: parameters are read in api.query."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint itself, with the parts of its path."""
        endpoint = self.endpoint

        async def answer(request: Request) -> Response:
            response: Response = await endpoint(request, **request.path_params)
            return response

        return answer
