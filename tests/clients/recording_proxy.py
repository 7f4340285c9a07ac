"""Stands between a client and the server: remembers what was sent, and mends answers as a step asks."""

import http.client
import json
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# Of one connection each (RFC 9110, section 7.6.1), or written anew here.
NOT_FORWARDED = {"connection", "content-length", "http2-settings", "keep-alive", "te", "transfer-encoding", "upgrade"}


@dataclass
class Request:
    method: str
    target: str
    headers: Message
    body: bytes


class RecordingProxy:
    """`sent` holds the requests since it was last emptied; `mend` is how their answers are changed."""

    def __init__(self, server: str):
        self.sent: list[Request] = []
        self.mend: dict = {}
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def __getattr__(self, name: str):
                if name.startswith("do_"):
                    return self.forward
                raise AttributeError(name)

            def forward(self) -> None:
                body = self.read_body()
                proxy.sent.append(Request(self.command, self.path, self.headers, body))
                connection = http.client.HTTPConnection(server, timeout=30)
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in NOT_FORWARDED:
                        connection.putheader(name, value)
                if body or self.command not in ("GET", "DELETE"):
                    connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body)
                answer = connection.getresponse()
                status, content_type, body = mended(proxy.mend, answer.status, answer.getheader("Content-Type"), answer.read())
                connection.close()
                self.send_response_only(status)
                for name, value in answer.getheaders():
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

    def __enter__(self) -> "RecordingProxy":
        Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()


def mended(mend: dict, status: int, content_type: str | None, body: bytes) -> tuple[int, str | None, bytes]:
    """`set` puts members into the object, or into each of a list; `status` answers something else altogether."""
    if "status" in mend:
        return mend["status"], mend["content_type"], mend["body"].encode()
    if "set" in mend:
        answer = json.loads(body)
        for part in answer if isinstance(answer, list) else [answer]:
            part.update(mend["set"])
        body = json.dumps(answer).encode()
    return status, content_type, body
