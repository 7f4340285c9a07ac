"""A proxy before a conforming server that violates the contract: the contract tests must detect each violation."""

import json
import re
from collections.abc import Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# Each violation, and the check that detects it; the last check is one of our own.
VIOLATIONS = {
    "records in a list lack a required property": "response_schema_conformance",
    "the current user is returned without credentials": "ignored_auth",
    "an update returns an undocumented status": "status_code_conformance",
    "an invalid create returns a key": "negative_data_rejection",
    "a precondition fails without If-Match": "positive_data_acceptance",
    "a key is shown to another user": "object_level_authorization",
    "a deleted key can still be read": "use_after_free",
    "a create returns no Location": "response_headers_conformance",
    "no login succeeds": "no success",
}
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class BrokenProxy:
    """Listens on a free port while it is entered; `owner` are the headers with the first user's token."""

    def __init__(self, upstream: str, owner: Mapping[str, str]):
        handler = type("Handler", (_Handler,), {"upstream": upstream, "owner": owner})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "BrokenProxy":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Responses are sent in one piece: a second one would wait for the acknowledgement of the first.
    wbufsize = -1
    upstream: str
    owner: Mapping[str, str]

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, content = self._respond(self.command, self.path.partition("?")[0], body)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if status != 204:
            self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = do_TRACE = do_QUERY = handle_any

    def _respond(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        is_item = re.fullmatch(r"/v1/api-keys/\d+", path)
        if (method, path) == ("GET", "/v1/users/me"):
            headers = dict(self.owner)
        elif method == "GET" and is_item and len({*self.owner, "Authorization"} & headers.keys()) > 0:
            headers.update(self.owner)
        elif method == "DELETE" and is_item:
            status, response_headers, content = self._forward("GET", path, headers, b"")
            return (204, {}, b"") if status == 200 else (status, response_headers, content)

        status, response_headers, content = self._forward(method, self.path, headers, body)
        match method, path, status:
            case "GET", "/v1/api-keys/", 200:
                records = json.loads(content)
                for record in records:
                    del record["status"]
                content = json.dumps(records).encode()
            case "PATCH", _, 200:
                status = 202
            case "POST", "/v1/api-keys/", 422:
                headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
                return self._forward("POST", path, {**headers, "Content-Type": "application/json"}, b"{}")
            case "POST", "/v1/api-keys/", 201:
                response_headers.pop("location", None)
            case "POST", _, 200 if path.endswith("/disable") and "if-match" not in map(str.lower, headers):
                status = 412
            case "POST", "/token", 200:
                status, content = 400, b'{"error":"invalid_grant","error_description":"No."}'
        return status, response_headers, content

    def _forward(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(self.upstream, timeout=30)
        try:
            connection.request(method, target, body or None, dict(headers))
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        pass
