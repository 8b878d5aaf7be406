"""A small web server on loopback for the demo's organisations, each under its own host name."""

import hashlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Pages = Mapping[tuple[str, str], tuple[str, bytes]]
"""(host, path) -> (content type, body)."""


def make_site(pages: Pages) -> Starlette:
    """Answers each host's pages, and 304 to who has them already."""

    async def answer(request: Request) -> Response:
        host = (request.url.hostname or "").casefold()
        page = pages.get((host, request.url.path))
        if page is None:
            return Response("There is no such page.", status_code=404, media_type="text/plain")
        content_type, body = page
        headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"'}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=content_type, headers=headers)

    return Starlette(routes=[Route("/{path:path}", answer)])


@contextmanager
def serve_pages(pages: Pages) -> Iterator[int]:
    """Serve on a free port of 127.0.0.1 while the block runs; gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_site(pages), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), name="demo sites", daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listener.close()
