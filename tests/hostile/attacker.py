"""The load generator: a process on one processor that sends the requests of an attack until it is told to stop."""

import asyncio
import contextlib
import multiprocessing
import os
import resource
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

# After a connection that brought no response.
PAUSE_SECONDS = 0.1
POLL_SECONDS = 0.01
START_TIMEOUT = STOP_TIMEOUT = 60.0


@dataclass
class Target:
    """What is attacked, and what the attack has counted."""

    host: str
    port: int
    # The address to connect from.
    source: str
    # By status, or by what has happened to a connection.
    outcomes: Counter[str] = field(default_factory=Counter)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self.host, self.port, local_addr=(self.source, 0))


# Runs until it is cancelled.
Attack = Callable[[Target], Awaitable[None]]


class Attacker:
    """A running attack."""

    def __init__(self, pipe: "Connection[Any, Any]") -> None:
        self._pipe = pipe
        # Requests and connections by outcome, and how many there were in each second.
        self.outcomes: Counter[str] = Counter()
        self.rate = 0.0

    def stop(self) -> None:
        """Ends the attack, and reads what it has counted."""
        self._pipe.send(None)
        if not self._pipe.poll(STOP_TIMEOUT):
            raise TimeoutError("the load generator does not stop")
        self.outcomes, seconds = self._pipe.recv()
        self.rate = self.outcomes.total() / seconds


@contextlib.contextmanager
def attacking(attack: Attack, address: str, source: str) -> Iterator[Attacker]:
    """Runs the attack on the last processor. The context is entered when there is a first outcome."""
    host, port = address.split(":")
    ours, theirs = multiprocessing.Pipe()
    processor = max(os.sched_getaffinity(0))
    process = multiprocessing.get_context("spawn").Process(
        target=_run, args=(theirs, attack, Target(host, int(port), source), processor), daemon=True
    )
    process.start()
    theirs.close()
    try:
        if not ours.poll(START_TIMEOUT):
            raise TimeoutError("the load generator does not start")
        ours.recv()
        yield Attacker(ours)
    finally:
        ours.close()
        process.terminate()
        process.join()


def _run(pipe: "Connection[Any, Any]", attack: Attack, target: Target, processor: int) -> None:
    os.sched_setaffinity(0, {processor})
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_attack(pipe, attack, target))


async def _attack(pipe: "Connection[Any, Any]", attack: Attack, target: Target) -> None:
    begin = time.monotonic()
    task = asyncio.ensure_future(attack(target))
    while not target.outcomes and not task.done():
        await asyncio.sleep(POLL_SECONDS)
    pipe.send(None)
    stopped = asyncio.get_running_loop().run_in_executor(None, pipe.recv)
    # An attack that fails ends the process, which its parent notices.
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    pipe.send((target.outcomes, time.monotonic() - begin))
    task.cancel()
    await asyncio.wait([task], timeout=STOP_TIMEOUT)


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> str:
    """Sends an HTTP/1.1 request, reads the response, and returns its status."""
    writer.write(request)
    with contextlib.suppress(ConnectionError):
        # The response to a request that is not read may be there already.
        await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    await reader.readexactly(length)
    return head[9:12].decode()


async def flood(target: Target, connections: int, make_request: Callable[[], bytes], rate: float | None = None) -> None:
    """Sends requests on these connections, each after the response to the one before; if a rate is given, this many in
    each second. Connections that the server closes are opened again."""
    interval = connections / rate if rate else 0.0
    await asyncio.gather(*(_repeat(target, make_request, interval) for _ in range(connections)))


async def _repeat(target: Target, make_request: Callable[[], bytes], interval: float) -> None:
    due = time.monotonic()
    while True:
        responses = 0
        try:
            reader, writer = await target.connect()
            try:
                while True:
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                    due += interval
                    status = await exchange(reader, writer, make_request())
                    target.outcomes[status] += 1
                    responses += 1
            finally:
                writer.close()
        except (OSError, asyncio.IncompleteReadError):
            if not responses:
                target.outcomes["closed"] += 1
                await asyncio.sleep(PAUSE_SECONDS)
