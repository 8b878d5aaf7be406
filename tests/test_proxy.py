"""The proxy of docker-compose.yml, a real nginx in front of two servers: what it keeps, limits, hides and survives."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

import httpx
import pytest

TEMPLATE = Path(__file__).parent.parent / "deploy" / "nginx.conf.template"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
AROUND = """
daemon off; pid {folder}/pid; error_log {folder}/errors; {user}
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fast; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {template}
}}
"""

pytestmark = pytest.mark.skipif(
    NGINX is None and os.environ.get("CI") != "true", reason="nginx is not installed (apt-get install nginx-light)"
)


@dataclass
class Api:
    """Stands for `hobnob serve`; `asked` are the headers of what reached it."""

    port: int
    close: Callable[[], None]
    asked: list[dict[str, str]] = field(default_factory=list)
    cache_control: str = "public, max-age=60, s-maxage=60"
    status: int = 200


@contextmanager
def serving() -> Iterator[Api]:
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            api.asked.append({"path": self.path, **{name.lower(): told for name, told in self.headers.items()}})
            body = f"{self.headers['accept-language']} {self.headers['accept-encoding']}".encode()
            self.send_response(api.status)
            for name, told in (("ETag", 'W/"1"'), ("Vary", "Accept-Encoding"), ("Cache-Control", api.cache_control)):
                self.send_header(name, told)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Quiet(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    api = Api(port=server.server_port, close=close)
    with ExitStack() as stack:
        stack.callback(close)
        yield api


@dataclass(frozen=True)
class Proxy:
    """An nginx with the template; `client` asks it."""

    client: httpx.Client
    apis: tuple[Api, Api]
    folder: Path
    port: int

    def asked(self) -> list[dict[str, str]]:
        return [*self.apis[0].asked, *self.apis[1].asked]


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    assert NGINX, "nginx is not installed, and CI is set: apt-get install nginx-light"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving() as one, serving() as other:
        told = {"LISTEN": f"127.0.0.1:{port}", "CACHE": f"{tmp_path}/cache"}
        told |= {f"API_{number}": f"127.0.0.1:{api.port}" for number, api in enumerate((one, other), 1)}
        template = re.sub(r"\$\{(\w+)\}", lambda found: told[found[1]], TEMPLATE.read_text())
        template = template.replace("/dev/stdout", f"{tmp_path}/access")
        user = "user root;" if os.geteuid() == 0 else ""
        (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path, template=template, user=user))
        command = [NGINX, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path), "-e", str(tmp_path / "errors")]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
        with (
            subprocess.Popen(command) as program,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        ):
            wait_for(lambda: is_open(port))
            yield Proxy(client=client, apis=(one, other), folder=tmp_path, port=port)
            program.terminate()


def is_open(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def wait_for(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Asks again until it is so: the clock is another program's."""
    end, pause = monotonic() + seconds, threading.Event()
    while not is_so():
        assert monotonic() < end
        pause.wait(0.1)


def test_what_was_answered_is_kept_as_long_as_the_api_says(proxy: Proxy) -> None:
    first, second = (proxy.client.get("/v1/events?near=Visalia") for _ in range(2))
    known = proxy.client.get("/v1/events?near=Visalia", headers={"If-None-Match": 'W/"1"'})
    other = proxy.client.get("/v1/events?near=Tulare")

    assert [one.headers["x-cache"] for one in (first, second, known, other)] == ["MISS", "HIT", "HIT", "MISS"]
    assert (known.status_code, first.text) == (304, second.text)
    assert len(proxy.asked()) == 2


def test_what_the_api_keeps_from_caches_is_asked_each_time(proxy: Proxy) -> None:
    for api in proxy.apis:
        api.cache_control = "no-store"

    assert [proxy.client.get("/v1/subscriptions").headers["x-cache"] for _ in range(2)] == ["MISS", "MISS"]


@pytest.mark.parametrize(
    ("name", "one", "other"), [("Accept-Language", "en", "es"), ("Accept-Encoding", "gzip, br", "identity")]
)
def test_who_is_due_another_answer_gets_it(proxy: Proxy, name: str, one: str, other: str) -> None:
    answers = [proxy.client.get("/", headers={name: value}) for value in (one, other, one)]

    assert [answer.headers["x-cache"] for answer in answers] == ["MISS", "MISS", "HIT"]
    assert answers[0].text == answers[2].text != answers[1].text


def test_browsers_that_take_gzip_share_an_answer(proxy: Proxy) -> None:
    ways = ("gzip, deflate, br, zstd", "gzip;q=1.0, *;q=0.5", "br, GZIP")

    assert [proxy.client.get("/", headers={"Accept-Encoding": way}).headers["x-cache"] for way in ways] == [
        "MISS",
        "HIT",
        "HIT",
    ]
    refused = proxy.client.get("/", headers={"Accept-Encoding": "gzip;q=0, br"})
    assert (refused.headers["x-cache"], refused.text) == ("MISS", "None None")


@pytest.mark.parametrize(
    ("path", "headers"), [("/admin", {}), ("/admin/pages/sources", {}), ("/v1/events", {"Authorization": "Bearer t"})]
)
def test_what_the_operator_sees_is_kept_for_nobody(proxy: Proxy, path: str, headers: dict[str, str]) -> None:
    for _ in range(2):
        assert proxy.client.get(path, headers=headers).status_code == 200

    assert len(proxy.asked()) == 2


def test_metrics_are_not_handed_out(proxy: Proxy) -> None:
    assert proxy.client.get("/metrics").status_code == 404
    assert proxy.asked() == []


def test_who_asks_too_often_is_told_when_to_ask_again(proxy: Proxy) -> None:
    answers = [proxy.client.get("/v1/events") for _ in range(200)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) > 50
    assert (refused[0].headers["retry-after"], refused[0].json()["status"]) == ("1", 429)
    assert refused[0].headers["content-type"] == "application/problem+json"


def test_a_large_body_does_not_reach_an_api(proxy: Proxy) -> None:
    assert proxy.client.post("/v1/suggestions", content=b"x" * (1 << 20 | 1)).status_code == 413
    assert proxy.asked() == []


def test_an_api_is_told_who_asks_and_by_what_name(proxy: Proxy) -> None:
    proxy.client.get("/v1/events", headers={"X-Forwarded-For": "192.0.2.7", "X-Request-ID": "made-up-by-a-caller"})

    (asked,) = proxy.asked()
    assert asked["x-forwarded-for"] == "192.0.2.7, 127.0.0.1"
    assert re.fullmatch(r"[0-9a-f]{32}", asked["x-request-id"])
    assert asked["host"] == f"127.0.0.1:{proxy.port}"


def test_one_api_is_enough(proxy: Proxy) -> None:
    proxy.apis[0].close()

    assert {proxy.client.get(f"/v1/events?limit={number}").status_code for number in range(1, 9)} == {200}


@pytest.mark.parametrize("status", [503, 0], ids=["busy", "gone"])
def test_what_is_known_is_told_while_no_api_answers(proxy: Proxy, status: int) -> None:
    for api in proxy.apis:
        api.cache_control = "public, max-age=1"
    known = proxy.client.get("/v1/events")
    for api in proxy.apis:
        api.status = status
        if not status:
            api.close()

    wait_for(lambda: proxy.client.get("/v1/events").headers["x-cache"] in {"STALE", "UPDATING"})

    assert proxy.client.get("/v1/events").text == known.text
    unknown = proxy.client.get("/v1/groups")
    assert unknown.status_code == 503
    if not status:
        assert (unknown.headers["retry-after"], unknown.json()["status"]) == ("5", 503)


def test_the_log_holds_no_token_and_nothing_of_what_was_asked(proxy: Proxy) -> None:
    for path in ("/v1/events?q=jo@elm.example", "/subscribe/stop/s3cret-token", "/confirm/s3cret-token", "/"):
        proxy.client.get(path, headers={"Referer": "https://s3cret.example"})

    log = proxy.folder / "access"
    wait_for(lambda: log.read_text().count("\n") == 4)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["path"] for line in lines] == ["/v1/events", "/subscribe", "/confirm", "/"]
    assert {line["request"] for line in lines} == {asked["x-request-id"] for asked in proxy.asked()}
    assert "s3cret" not in str(lines)
    assert "elm.example" not in str(lines)
