"""Stands before a server that keeps the contract, and breaks it: the contract tests must notice each of these faults."""

import json
import re
from collections.abc import Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# What is broken, and the check that finds it; the last is one of `run` itself.
FAULTS = {
    "records in a list lack a required member": "response_schema_conformance",
    "who is calling is answered to anybody": "ignored_auth",
    "an update answers a status that is not documented": "status_code_conformance",
    "a create that must be refused is answered with a key": "negative_data_rejection",
    "a key is shown to another user": "object_level_authorization",
    "a deleted key is still there": "use_after_free",
    "a create does not say where the record stands": "response_headers_conformance",
    "nobody can log in": "no success",
}
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class BrokenProxy:
    """A proxy on a port of its own, for as long as it is entered."""

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
    # An answer in one piece: two would wait for each other.
    wbufsize = -1
    upstream: str
    owner: Mapping[str, str]

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, answer = self._broken(self.command, self.path.partition("?")[0], body)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if status != 204:
            self.wfile.write(answer)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = do_TRACE = do_QUERY = handle_any

    def _broken(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        is_item = re.fullmatch(r"/v1/api-keys/\d+", path)
        if (method, path) == ("GET", "/v1/users/me"):
            headers = dict(self.owner)
        elif method == "GET" and is_item and len({*self.owner, "Authorization"} & headers.keys()) > 0:
            headers.update(self.owner)
        elif method == "DELETE" and is_item:
            status, answer_headers, answer = self._ask("GET", path, headers, b"")
            return (204, {}, b"") if status == 200 else (status, answer_headers, answer)

        status, answer_headers, answer = self._ask(method, self.path, headers, body)
        match method, path, status:
            case "GET", "/v1/api-keys/", 200:
                records = json.loads(answer)
                for record in records:
                    del record["status"]
                answer = json.dumps(records).encode()
            case "PATCH", _, 200:
                status = 202
            case "POST", "/v1/api-keys/", 422:
                headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
                return self._ask("POST", path, {**headers, "Content-Type": "application/json"}, b"{}")
            case "POST", "/v1/api-keys/", 201:
                answer_headers.pop("location", None)
            case "POST", "/token", 200:
                status, answer = 400, b'{"error":"invalid_grant","error_description":"No."}'
        return status, answer_headers, answer

    def _ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(self.upstream, timeout=30)
        try:
            connection.request(method, target, body or None, dict(headers))
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        pass
