"""A proxy between a client and the server: it records requests, and patches or breaks responses as a step asks."""

import contextlib
import http.client
import json
import socket
import time
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
    # The port of the client's end, which tells connections apart.
    port: int


class Listener(ThreadingHTTPServer):
    """Accepts as many connections at once as the server does."""

    request_queue_size = 1024


class RecordingProxy:
    """`requests` holds the requests since it was last emptied; `patch` says how responses are changed.

    `faults` says what goes wrong with the next requests, one after the other; README.md lists the faults. Without
    `is_listening`, connections are refused until `listen` is called.
    """

    def __init__(self, server: str, *, is_listening: bool = True):
        self.requests: list[Request] = []
        self.patch: dict[str, Any] = {}
        self.faults: list[dict[str, Any]] = []
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
                proxy.requests.append(Request(self.command, self.path, self.headers, body, self.client_address[1]))
                fault = proxy.faults.pop(0) if proxy.faults else {}
                time.sleep(fault.get("delay", 0))
                if fault.get("close"):
                    self.drop()
                elif "status" in fault:
                    content = fault.get("body", "<h1>A page of a proxy</h1>").encode()
                    added = {"Content-Type": fault.get("content_type", "text/html")} | fault.get("headers", {})
                    self.answer(fault["status"], [*added.items()], content, fault)
                else:
                    response, content = self.response_of_server(body)
                    status, content_type, content = patched(
                        proxy.patch | fault, response.status, response.getheader("Content-Type"), content
                    )
                    replaced = {"Content-Type": content_type} if content_type else {}
                    replaced |= fault.get("headers", {})
                    dropped = NOT_FORWARDED | {"content-type"} | {name.lower() for name in replaced}
                    headers = [(name, value) for name, value in response.getheaders() if name.lower() not in dropped]
                    if fault.get("lose"):
                        self.drop()
                    else:
                        self.answer(status, [*headers, *replaced.items()], content, fault)

            def response_of_server(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
                with contextlib.closing(http.client.HTTPConnection(server, timeout=30)) as connection:
                    connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                    for name, value in self.headers.items():
                        if name.lower() not in NOT_FORWARDED:
                            connection.putheader(name, value)
                    if body or self.command not in ("GET", "DELETE"):
                        connection.putheader("Content-Length", str(len(body)))
                    connection.endheaders(body)
                    response = connection.getresponse()
                    return response, response.read()

            def answer(self, status: int, headers: list[tuple[str, str]], body: bytes, fault: dict[str, Any]) -> None:
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                half = len(body) // 2
                self.wfile.write(body[:half])
                if fault.get("cut"):
                    self.drop()
                else:
                    time.sleep(fault.get("pause", 0))
                    self.wfile.write(body[half:])

            def drop(self) -> None:
                """Closes the connection, whatever the client waits for."""
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)

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

        self.http = Listener(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self.http.server_bind()
        self.is_listening = is_listening
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def listen(self) -> None:
        self.is_listening = True
        self.http.server_activate()
        Thread(target=self.http.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        if self.is_listening:
            self.listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.is_listening:
            self.http.shutdown()
        self.http.server_close()


def patched(patch: dict[str, Any], status: int, content_type: str | None, body: bytes) -> tuple[int, str | None, bytes]:
    """The patched response.

    `set` adds properties to the object or each of a list, `json` replaces the body, `status` replaces everything.
    """
    if "status" in patch:
        return patch["status"], patch["content_type"], patch["body"].encode()
    if "set" in patch:
        content = json.loads(body)
        for part in content if isinstance(content, list) else [content]:
            part.update(patch["set"])
        body = json.dumps(content).encode()
    if "json" in patch:
        body = json.dumps(patch["json"]).encode()
    return status, content_type, body
