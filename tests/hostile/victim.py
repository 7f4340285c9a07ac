"""A client who uses the service as usual, from an address of its own, and a probe of its liveness."""

import contextlib
import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.hostile.node import VICTIM, Node, connect
from tests.support.client import JSON

# Intervals of the requests, in seconds.
VERIFY_INTERVAL, REVOKE_INTERVAL, PROBE_INTERVAL = 0.01, 1.0, 0.05
TIMEOUT = 10.0


@dataclass
class Latencies:
    """What one kind of request has met with."""

    # Seconds from the time when the request was due until its response, so that a stall counts for each request that it
    # delays.
    seconds: list[float] = field(default_factory=list)
    # How often there was another status than 200, or which error instead of a response.
    failures: Counter[str] = field(default_factory=Counter)

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        values = sorted(self.seconds)
        return values[(len(values) - 1) * percent // 100] * 1000 if values else float("inf")


class Victim:
    """Sends its requests until the context ends."""

    def __init__(self, node: Node) -> None:
        self.verifications, self.revocations, self.probes = Latencies(), Latencies(), Latencies()
        self._stop = threading.Event()
        key = {"X-API-Key": node.key}
        revocable = iter(node.revocable)

        def verify(connection: http.client.HTTPConnection) -> None:
            connection.request("GET", "/v1/forward-auth", headers=key)

        def revoke(connection: http.client.HTTPConnection) -> None:
            connection.request("POST", f"/v1/api-keys/{next(revocable)}/revoke", b"{}", dict(node.token) | JSON)

        def probe(connection: http.client.HTTPConnection) -> None:
            connection.request("GET", "/livez", headers={"Connection": "close"})

        self._threads = [
            threading.Thread(target=self._repeat, args=arguments)
            for arguments in (
                (node.address, verify, VERIFY_INTERVAL, self.verifications),
                (node.address, revoke, REVOKE_INTERVAL, self.revocations),
                (node.management, probe, PROBE_INTERVAL, self.probes),
            )
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _repeat(
        self,
        address: str,
        send: Callable[[http.client.HTTPConnection], None],
        interval: float,
        latencies: Latencies,
    ) -> None:
        with contextlib.closing(connect(address, VICTIM, TIMEOUT)) as connection:
            due = time.monotonic()
            while not self._stop.wait(max(0.0, due - time.monotonic())):
                try:
                    send(connection)
                    response = connection.getresponse()
                    response.read()
                    failure = None if response.status == 200 else str(response.status)
                except StopIteration:
                    return
                except (OSError, http.client.HTTPException) as error:
                    connection.close()
                    failure = type(error).__name__
                if failure:
                    latencies.failures[failure] += 1
                else:
                    latencies.seconds.append(time.monotonic() - due)
                due += interval
