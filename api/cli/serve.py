"""`hobnob serve`: the API, from the store."""

import asyncio
import signal
import socket
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.errors import SettingsError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings, load_settings
from aggregator.store import Reader, open_reader, open_replica, open_store
from aggregator.store.database import is_postgres
from aggregator.store.mailing import open_mailing
from api.app import create_app
from api.cli.inbox import StoreInbox
from api.cli.logs import announce, log_to_stderr
from api.cli.signals import stop_on_sigterm
from api.cli.tracing import traced
from api.digest.sender import has_sender
from api.named import name_requests
from api.operator import Operator
from api.watched import watch_requests

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

FAREWELL_SECONDS = 5
"""How long an answer that is under way may take when the server stops."""


def serve_api(port: int | None) -> None:
    """Until Ctrl-C or SIGTERM."""
    settings = load_settings(port=port)
    log_to_stderr(settings)
    stop_on_sigterm()
    with (
        suppress(KeyboardInterrupt),
        traced() as is_traced,
        listen(settings.host, settings.port) as listener,
        _open(settings) as store,
        closing(StoreInbox(settings.store)) as inbox,
    ):
        gazetteer, mailing = Gazetteer.open(settings.places), _mailing(settings)
        app = create_app(store, settings, gazetteer, operator=_operator(settings), mailing=mailing, inbox=inbox)
        app = driven(app, store) if is_postgres(settings.store) else app
        app = watch_requests(app) if is_traced else app
        announce(settings, f"the API answers at {address_of(listener)}")
        serve(name_requests(app) if settings.log_format == "json" else app, listener, store)


def _open(settings: Settings) -> Reader:
    return open_replica(settings.store_read) if settings.store_read else open_reader(settings.store)


def driven(app: ASGIApp, store: Reader) -> ASGIApp:
    """So that no answer waits while another one's is read."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def whole() -> None:
            await app(scope, receive, send)

        await store.drive(whole())

    return answer


def _operator(settings: Settings) -> Operator | None:
    """With a store of its own, which writes; none where there is no token to tell the operator by."""
    if not settings.admin_token:
        return None
    from api.cli.operator import Desk

    store, catalogs = open_store(settings.store), tuple(Path(path) for path in settings.catalogs)
    return Desk(token=settings.admin_token, settings=settings, store=store, catalogs=catalogs)


def _mailing(settings: Settings) -> "Mailing | None":
    """With a store of its own, which writes; none where no letters go out."""
    return open_mailing(settings.store) if has_sender(settings) else None


def listen(host: str, port: int) -> socket.socket:
    """Whoever connects waits from now on; SettingsError when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0].lower()
        raise SettingsError(f"cannot listen on {host}, port {port}: {why}; --port chooses another") from error


def address_of(listener: socket.socket) -> str:
    """Where a browser finds it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: ASGIApp, listener: socket.socket, store: Reader) -> None:
    """Until Ctrl-C or SIGTERM. From here on neither raises anything: an interrupted start would leave half a server."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
    )
    server = uvicorn.Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(server, listener, store))


async def _serve(server: uvicorn.Server, listener: socket.socket, store: Reader) -> None:
    async with store.here():
        await server.serve(sockets=[listener])
