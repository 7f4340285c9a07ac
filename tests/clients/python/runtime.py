"""Tests of the Python runtime alone; the rest is in methods.yaml."""

import asyncio
import copy
import os
import pickle
import subprocess
import sys
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from unittest.mock import patch

import httpx
from latchkey_client import AsyncLatchkey, AuthenticatedClient, Latchkey, LatchkeyError, TimedOutError
from latchkey_client.middleware import Denied, Identity, Verifier, address_of
from latchkey_client.models import (
    APIKeyRecordCreate,
    APIKeyRecordRead,
    APIKeyVerification,
    GrantType,
    PasswordChange,
    TokenRequest,
)
from latchkey_client.verification_cache import VerificationCache, Verified

URL, KEY = os.environ["LATCHKEY_URL"], os.environ["LATCHKEY_API_KEY"]
USERNAME, PASSWORD = os.environ["LATCHKEY_TEST_USERNAME"], os.environ["LATCHKEY_TEST_PASSWORD"]


class Settings(unittest.TestCase):
    def rejected(self, **settings: Any) -> str:
        with self.assertRaises(ValueError) as raised:
            Latchkey(**settings)
        return str(raised.exception)

    def test_what_is_missing_is_named(self) -> None:
        with patch.dict(os.environ, clear=True):
            self.assertIn("LATCHKEY_URL", self.rejected())
            self.assertIn("LATCHKEY_API_KEY", self.rejected(url=URL))
            self.assertIn("password", self.rejected(url=URL, username="ada"))

    def test_two_credentials_are_rejected(self) -> None:
        self.assertIn("one of", self.rejected(api_key=KEY, token="secret-token"))

    def test_wrong_urls_are_rejected(self) -> None:
        for url in ("keys.example.com", "ftp://keys.example.com", "https://ada:secret@keys.example.com"):
            self.assertNotIn("secret", self.rejected(url=url))

    def test_a_key_with_a_line_break_is_not_printed(self) -> None:
        self.assertNotIn("lk_secret", self.rejected(api_key="lk_secret\n"))


class OwnHttpClient(unittest.TestCase):
    def test_it_is_used_and_not_closed(self) -> None:
        seen: list[httpx.Request] = []
        with httpx.Client(event_hooks={"request": [seen.append]}) as http:
            with Latchkey(http_client=http) as latchkey:
                latchkey.whoami()
            self.assertEqual([request.url.path for request in seen], ["/v1/users/me"])
            self.assertFalse(http.is_closed)

    def test_its_base_url_and_time_limit_do_not_count(self) -> None:
        with httpx.Client(base_url="http://127.0.0.1:1", timeout=0.000001) as http:
            self.assertTrue(Latchkey(http_client=http).whoami().username)

    def test_an_asynchronous_one(self) -> None:
        seen: list[httpx.Request] = []

        async def hook(request: httpx.Request) -> None:
            seen.append(request)

        async def call() -> None:
            async with httpx.AsyncClient(event_hooks={"request": [hook]}) as http:
                async with AsyncLatchkey(http_client=http) as latchkey:
                    await latchkey.whoami()
                self.assertFalse(http.is_closed)

        asyncio.run(call())
        self.assertEqual(len(seen), 1)

    def test_a_response_of_a_mock(self) -> None:
        mock = httpx.MockTransport(
            lambda _: httpx.Response(200, json={"valid": False, "code": "expired", "stale": False})
        )
        with self.assertRaises(LatchkeyError):
            Latchkey(http_client=httpx.Client(transport=mock)).whoami()


class Logins(unittest.TestCase):
    def test_threads_share_a_login(self) -> None:
        seen: list[str] = []
        hooks = {"request": [lambda request: seen.append(request.url.path)]}
        with httpx.Client(event_hooks=hooks) as http, ThreadPoolExecutor(20) as threads:
            latchkey = Latchkey(URL, username=USERNAME, password=PASSWORD, http_client=http, timeout=30)
            list(threads.map(lambda _: latchkey.whoami(), range(20)))
        self.assertEqual(seen.count("/token"), 1)
        self.assertEqual(len(seen), 21)

    def test_tasks_share_a_login(self) -> None:
        seen: list[str] = []

        async def hook(request: httpx.Request) -> None:
            seen.append(request.url.path)

        async def call() -> None:
            async with httpx.AsyncClient(event_hooks={"request": [hook]}) as http:
                latchkey = AsyncLatchkey(URL, username=USERNAME, password=PASSWORD, http_client=http, timeout=30)
                await asyncio.gather(*(latchkey.whoami() for _ in range(20)))

        asyncio.run(call())
        self.assertEqual(seen.count("/token"), 1)


class Trickle(BaseHTTPRequestHandler):
    """Sends a byte of its body every 0.2 s."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" ")
                time.sleep(0.2)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


class TimeLimits(unittest.TestCase):
    def test_a_response_that_trickles(self) -> None:
        with HTTPServer(("127.0.0.1", 0), Trickle) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            url = f"http://127.0.0.1:{server.server_port}"
            try:
                started = time.monotonic()
                with Latchkey(url) as latchkey, self.assertRaises(TimedOutError):
                    latchkey.whoami(timeout=1)
                self.assertLess(time.monotonic() - started, 3)
            finally:
                server.shutdown()
                thread.join()


class Cache(unittest.TestCase):
    """What requests from outside do not show; the rest is in middleware.yaml."""

    def verified(self) -> Verified:
        return Verified(APIKeyVerification(valid=True, code="valid", stale=False, unrestricted=True), is_limited=False)

    def test_the_oldest_entry_is_removed_first(self) -> None:
        sent: list[str] = []

        async def verify_all(keys: str) -> None:
            cache = VerificationCache(1, 2)
            for key in keys:

                async def verify(key: str = key) -> Verified:
                    sent.append(key)
                    return self.verified()

                await cache.verify([key], verify)

        asyncio.run(verify_all("abacac"))
        # `c` has replaced `a`, which was sent first.
        self.assertEqual(sent, ["a", "b", "c", "a"])

    def test_others_get_the_result_when_the_first_task_is_cancelled(self) -> None:
        sent: list[str] = []

        async def verify() -> Verified:
            sent.append("key")
            await asyncio.sleep(0.1)
            return self.verified()

        async def call() -> None:
            cache = VerificationCache(1, 2)
            first, second = (asyncio.create_task(cache.verify(["key"], verify)) for _ in range(2))
            await asyncio.sleep(0.01)
            first.cancel()
            self.assertTrue((await second).valid)
            self.assertTrue(first.cancelled())

        asyncio.run(call())
        self.assertEqual(len(sent), 1)

    def test_no_key_is_kept(self) -> None:
        async def call() -> None:
            cache = VerificationCache(1, 2)

            async def verify() -> Verified:
                return self.verified()

            await cache.verify(["lk_secret"], verify)
            self.assertNotIn("lk_secret", repr(vars(cache)))

        asyncio.run(call())

    def test_a_size_of_zero_is_rejected(self) -> None:
        with self.assertRaises(ValueError):
            VerificationCache(1, 0)


class Middleware(unittest.TestCase):
    def test_a_request_that_waits_has_one_time_limit(self) -> None:
        """The key has a rate limit, so that the second request makes a verification of its own, which stalls."""
        valid = {"valid": True, "code": "valid", "stale": False, "unrestricted": True}
        sent: list[httpx.Request] = []

        async def respond(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            await asyncio.sleep(0.4 if len(sent) == 1 else 30)
            return httpx.Response(200, json=valid, headers={"RateLimit": "limited"})

        async def call() -> None:
            async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as http:
                latchkey = AsyncLatchkey(http_client=http, timeout=0.6)
                verifier = Verifier(latchkey, refuse_stale=False, cache_seconds=1, cache_size=2)
                requests = [verifier.identify(["lk_secret"], [], None, []) for _ in range(2)]
                started = time.monotonic()
                with self.assertLogs("latchkey_client", "ERROR") as logged:
                    first, second = await asyncio.gather(*requests, return_exceptions=True)
                self.assertIsInstance(first, Identity)
                self.assertIsInstance(second, Denied)
                self.assertLess(time.monotonic() - started, 0.9)
                self.assertNotIn("lk_secret", "".join(logged.output))

        asyncio.run(call())
        self.assertEqual(len(sent), 2)

    def test_addresses(self) -> None:
        addresses = {
            "192.0.2.7": "192.0.2.7",
            "::ffff:192.0.2.7": "192.0.2.7",
            "fe80::1%eth0": "fe80::1",
            "testclient": None,
            "": None,
            None: None,
            "192.0.2.7, 192.0.2.8": None,
        }
        self.assertEqual({host: address_of(host) for host in addresses}, addresses)

    def test_the_client_does_not_import_the_framework(self) -> None:
        program = "import sys, latchkey_client; sys.exit('starlette' in sys.modules)"
        self.assertEqual(subprocess.run([sys.executable, "-c", program], check=False).returncode, 0)


class Printing(unittest.TestCase):
    def test_secrets_are_not_printed(self) -> None:
        record = APIKeyRecordRead(1, "lk_ab", 1, "active", None, None, None, full_key="lk_secret")
        client = AuthenticatedClient(URL, "lk_secret", headers={"X-API-Key": "lk_secret"})
        client.get_httpx_client()
        things = (
            record,
            client,
            PasswordChange(current="lk_secret", new="lk_secret"),
            TokenRequest(GrantType.PASSWORD, "ada", "lk_secret"),
            Latchkey(URL, api_key="lk_secret"),
            AsyncLatchkey(URL, token="lk_secret"),
            Latchkey(URL, username="ada", password="lk_secret"),
        )
        for thing in things:
            self.assertNotIn("lk_secret", f"{thing!r} {thing}")
        self.assertEqual(record.full_key, "lk_secret")

    def test_an_absent_secret_is_shown_as_absent(self) -> None:
        self.assertIn("full_key=None", repr(APIKeyRecordRead(1, "lk_ab", 1, "active", None, None, None, full_key=None)))


class Models(unittest.TestCase):
    def test_copies_have_the_same_absent_members(self) -> None:
        change = APIKeyRecordCreate(description=None)
        for copied in (copy.deepcopy(change), pickle.loads(pickle.dumps(change))):
            self.assertEqual(copied.to_dict(), {"description": None})

    def test_an_item_of_a_list_has_no_response(self) -> None:
        with self.assertRaises(AttributeError):
            _ = APIKeyRecordRead(1, "lk_ab", 1, "active", None, None, None).response


if __name__ == "__main__":
    unittest.main()
