"""Traces: sent by OpenTelemetry's own exporter to a real receiver, and nothing of it imported where nobody asked."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from aggregator.errors import FetchError, SettingsError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.trace import span
from api.app import create_app
from api.cli.tracing import traced
from api.watched import watch_requests

OFF = """
import sys
from api.cli.tracing import traced
with traced() as is_traced:
    print(is_traced, sorted(name for name in sys.modules if name.startswith("opentelemetry")))
"""


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], dict[str, Any]]]:
    """What a receiver on loopback got so far, by the name of the span."""
    got: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield lambda: {one.name: one for body in got for one in spans_of(body)}
        server.shutdown()
        thread.join()


def spans_of(body: bytes) -> Iterator[Any]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for scope in resource.scope_spans:
            yield from scope.spans


def attributes(one: Any) -> dict[str, str]:
    return {each.key: each.value.string_value for each in one.attributes}


def test_a_run_is_sent_with_its_stages_beneath_it(spans: Callable[[], dict[str, Any]]) -> None:
    with traced() as is_traced, span("collect", source="chamber") as run:
        with pytest.raises(FetchError), span("fetch"):
            raise FetchError("http://jo:secret@chamber.example/private: 404")
        run.tell("outcome", "failed")

    sent = spans()
    assert is_traced
    assert attributes(sent["collect"]) == {"hobnob.source": "chamber", "hobnob.outcome": "failed"}
    assert sent["fetch"].parent_span_id == sent["collect"].span_id
    assert attributes(sent["fetch"]) == {"error.type": "FetchError"}
    assert "secret" not in str(sent)


@pytest.mark.anyio
async def test_a_request_is_sent_by_its_template_with_its_search_beneath_it(
    spans: Callable[[], dict[str, Any]], collector: Any
) -> None:
    app = watch_requests(create_app(collector.store, Settings(), Gazetteer.open()))
    with traced():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="https://hobnob.example"
        ) as client:
            await client.get("/v1/events?q=planted")

    sent = spans()
    assert attributes(sent["request"]) == {
        "http.request.method": "GET",
        "http.response.status_code": "200",
        "http.route": "/v1/events",
    }
    assert sent["search"].parent_span_id == sent["request"].span_id
    assert "planted" not in str(sent)


@pytest.mark.parametrize("switch", ["OTEL_SDK_DISABLED=true", "OTEL_TRACES_EXPORTER=none"])
def test_opentelemetrys_own_switches_hold(
    spans: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    monkeypatch.setenv(*switch.split("="))

    with traced() as is_traced, span("collect"):
        pass

    assert not is_traced
    assert spans() == {}


def test_without_its_variables_nothing_of_it_is_imported(folder: Any) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", OFF], env=folder.variables(80), capture_output=True, text=True, check=True
    )

    assert ran.stdout == "False []\n"


def test_what_is_missing_is_said(spans: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    with pytest.raises(SettingsError, match="hobnob\\[otel\\]"), traced():
        pass
