"""An HTTP client for a running Latchkey, and the errors that tests report."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from email.message import Message
from typing import Any

REQUEST_TIMEOUT = 30.0
JSON = {"Content-Type": "application/json"}
NO_HEADERS: Mapping[str, str] = {}


class TestFailure(Exception):  # noqa: N818
    """A failure whose message is all that its reader needs, without a traceback."""

    # Not a class of tests.
    __test__ = False


class HttpError(TestFailure):
    """A response with a status that is no success."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


class Client:
    """Sends requests to the Latchkey at a URL."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")

    def request(
        self, method: str, target: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes | None = None
    ) -> tuple[Message, bytes]:
        """Returns the headers and the body of a successful response.

        Messages of errors name neither request headers nor the query, which may hold secrets.
        """
        request = urllib.request.Request(self.url + target, body, dict(headers), method=method)
        path = target.partition("?")[0]
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT) as response:
                return response.headers, response.read()
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")[:500]
            raise HttpError(f"{method} {path} returned {error.code}: {text}", error.code) from None
        except OSError as error:
            raise TestFailure(f"{self.url} does not respond: {error}") from None
        except (ValueError, http.client.HTTPException) as error:
            # Its text may hold a header's value.
            raise TestFailure(f"the request to {self.url} failed: {type(error).__name__}") from None

    def request_json(
        self, method: str, target: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes | None = None
    ) -> Any:
        """Returns the decoded body of a successful response."""
        try:
            return json.loads(self.request(method, target, headers, body)[1])
        except ValueError:
            path = target.partition("?")[0]
            raise TestFailure(f"{self.url} is not a Latchkey: the response of {path} is not JSON") from None

    def log_in(self, username: str, password: str) -> dict[str, str]:
        """Returns the headers that carry a new token of the user."""
        form = urllib.parse.urlencode({"grant_type": "password", "username": username, "password": password})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        token = self.request_json("POST", "/token", headers, form.encode())
        return {"Authorization": f"Bearer {token['access_token']}"}
