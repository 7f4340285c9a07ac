"""A proxy between a client and the server: it records requests, and patches responses as a step asks."""

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

# Headers of a single connection (RFC 9110, section 7.6.1), and those that the proxy writes itself.
NOT_FORWARDED = {
    "connection",
    "content-length",
    "http2-settings",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
}


@dataclass
class Request:
    """A request as it was on the wire."""

    method: str
    target: str
    headers: Message
    body: bytes


class RecordingProxy:
    """`requests` holds the requests since it was last emptied; `patch` says how responses are changed."""

    def __init__(self, server: str):
        self.requests: list[Request] = []
        self.patch: dict[str, Any] = {}
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return self.forward
                raise AttributeError(name)

            def forward(self) -> None:
                body = self.read_body()
                proxy.requests.append(Request(self.command, self.path, self.headers, body))
                connection = http.client.HTTPConnection(server, timeout=30)
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in NOT_FORWARDED:
                        connection.putheader(name, value)
                if body or self.command not in ("GET", "DELETE"):
                    connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body)
                response = connection.getresponse()
                status, content_type, body = patched(
                    proxy.patch, response.status, response.getheader("Content-Type"), response.read()
                )
                connection.close()
                self.send_response_only(status)
                for name, value in response.getheaders():
                    if name.lower() not in NOT_FORWARDED | {"content-type"}:
                        self.send_header(name, value)
                if content_type:
                    self.send_header("Content-Type", content_type)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def read_body(self) -> bytes:
                if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.http.shutdown()
        self.http.server_close()


def patched(patch: dict[str, Any], status: int, content_type: str | None, body: bytes) -> tuple[int, str | None, bytes]:
    """The patched response: `set` adds properties to the object or each of a list, `status` replaces everything."""
    if "status" in patch:
        return patch["status"], patch["content_type"], patch["body"].encode()
    if "set" in patch:
        content = json.loads(body)
        for part in content if isinstance(content, list) else [content]:
            part.update(patch["set"])
        body = json.dumps(content).encode()
    return status, content_type, body
