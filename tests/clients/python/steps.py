"""Executes the steps of methods.yaml with the Python client; ../README.md describes the protocol."""

import asyncio
import io
import itertools
import logging
import os
import pickle
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from calls import read_validation_error
from latchkey_client import (
    AsyncLatchkey,
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    InvalidRequestError,
    Latchkey,
    LatchkeyError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    RateLimitedError,
    ServerError,
    TimedOutError,
)
from methods import ASYNC_METHODS, METHODS, read

Json = dict[str, Any]
KINDS = {
    AuthenticationError: "authentication",
    PermissionDeniedError: "permission_denied",
    NotFoundError: "not_found",
    ConflictError: "conflict",
    PreconditionFailedError: "precondition_failed",
    InvalidRequestError: "validation",
    RateLimitedError: "rate_limited",
    ServerError: "server",
    ConnectionFailedError: "connection",
    TimedOutError: "timeout",
    LatchkeyError: "error",
}
clients: dict[str, Latchkey] = {}
async_clients: dict[str, AsyncLatchkey] = {}
loop = asyncio.Runner()
printed = io.StringIO()
logging.basicConfig(stream=printed, level=logging.DEBUG)
logging.getLogger("latchkey_client").addHandler(warnings := logging.StreamHandler())
warnings.setLevel(logging.WARNING)


def execute(request: Json) -> Json:
    printed.seek(0)
    printed.truncate()
    result: Json = {}
    try:
        value = loop.run(execute_async(request)) if request["mode"] == "async" else execute_sync(request)
        print(repr(value), str(value), file=printed)
        result["body"] = read(value)
        if hasattr(value, "response"):
            result["headers"] = {name.lower(): text for name, text in value.response.headers.items()}
    except asyncio.CancelledError:
        result["cancelled"] = True
    except LatchkeyError as error:
        print(repr(error), *traceback.format_exception(error), file=printed)
        result = {
            "error": KINDS[type(error)],
            "errors": [read_validation_error(each) for each in error.errors],
            **{
                name: getattr(error, name)
                for name in ("status", "code", "title", "detail", "request_id", "retry_after")
            },
        }
    return result | {"printed": printed.getvalue()}


def execute_sync(request: Json) -> Any:
    name, arguments, options = request["client"], request["arguments"], request["options"]
    if name not in clients:
        clients[name] = Latchkey(**request["settings"])
    client = clients[name]
    print(repr(client), file=printed)

    def call(_: int = 0) -> Any:
        value = METHODS[request["method"]](client, arguments, options)
        return list(itertools.islice(value, request.get("take"))) if isinstance(value, Iterator) else value

    if "concurrently" in request:
        with ThreadPoolExecutor(request["concurrently"]) as threads:
            return list(threads.map(call, range(request["concurrently"])))[-1]
    if "fork" in request:
        return forked(call)
    end = time.monotonic() + request.get("for_seconds", 0)
    value = call()
    while time.monotonic() < end:
        value = call()
    return value


def forked(call: Any) -> Any:
    """What the call returns in a forked process."""
    source, sink = os.pipe()
    if not (process := os.fork()):
        try:
            os.write(sink, pickle.dumps(call()))
        finally:
            os._exit(0)
    os.close(sink)
    os.waitpid(process, 0)
    with open(source, "rb") as pipe:
        return pickle.load(pipe)


async def execute_async(request: Json) -> Any:
    name, arguments, options = request["client"], request["arguments"], request["options"]
    if name not in async_clients:
        async_clients[name] = AsyncLatchkey(**request["settings"])
    client = async_clients[name]
    print(repr(client), file=printed)

    async def call() -> Any:
        value = ASYNC_METHODS[request["method"]](client, arguments, options)
        if not isinstance(value, AsyncIterator):
            return await value
        items: list[Any] = []
        async for item in value:
            items.append(item)
            if len(items) == request.get("take"):
                break
        return items

    if "concurrently" in request:
        return (await asyncio.gather(*(call() for _ in range(request["concurrently"]))))[-1]
    if "cancel_after" in request:
        task = asyncio.create_task(call())
        asyncio.get_running_loop().call_later(request["cancel_after"], task.cancel)
        return await task
    end = time.monotonic() + request.get("for_seconds", 0)
    value = await call()
    while time.monotonic() < end:
        value = await call()
    return value
