"""Traces for OpenTelemetry: what is watched goes where its own variables say, and nowhere when they say nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aggregator import __version__
from aggregator.errors import SettingsError
from aggregator.settings import Tracing
from aggregator.trace import Span, Watch, watched_by

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OtelSpan

REQUEST = "request"
NAMES = {"method": "http.request.method", "route": "http.route", "status": "http.response.status_code"}
"""OpenTelemetry's own names of what is told; the rest is `hobnob.` and its name."""


@contextmanager
def traced() -> Iterator[bool]:
    """Until the block ends, and then what is left is sent; whether it is. SettingsError when the extra is missing."""
    told = Tracing()
    if not told.is_on:
        yield False
        return
    provider = _open(told.service_name)
    try:
        with watched_by(_watch_by(provider)):
            yield True
    finally:
        provider.shutdown()


def _open(name: str) -> "TracerProvider":
    """Ours alone: FastAPI would send whole addresses, with what is asked and who is unsubscribed, to a global one."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        advice = "pip install 'hobnob[otel]', or unset it"
        raise SettingsError(f"OTEL_EXPORTER_OTLP_ENDPOINT is set, and traces need more: {advice}") from error
    resource = Resource.create({"service.name": name, "service.version": __version__})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _watch_by(provider: "TracerProvider") -> Watch:
    from opentelemetry.trace import SpanKind, StatusCode

    tracer = provider.get_tracer("hobnob", __version__)

    @contextmanager
    def watch(name: str, told: dict[str, str]) -> Iterator[Span]:
        """Of a failure its class is told, and not its words, which hold addresses of pages."""
        kind = SpanKind.SERVER if name == REQUEST else SpanKind.INTERNAL
        with tracer.start_as_current_span(
            name, kind=kind, record_exception=False, set_status_on_exception=False
        ) as span:
            spoken = _Told(span)
            for one, value in told.items():
                spoken.tell(one, value)
            try:
                yield spoken
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    return watch


class _Told:
    def __init__(self, span: "OtelSpan") -> None:
        self._span = span

    def tell(self, name: str, value: str) -> None:
        self._span.set_attribute(NAMES.get(name, f"hobnob.{name}"), value)
