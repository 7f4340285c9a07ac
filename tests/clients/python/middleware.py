"""The server of the tests of the middleware (../README.md): routes of FastAPI and of Starlette in one application."""

import json
import socket
import sys
import threading
from dataclasses import asdict
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI
from latchkey_client import AsyncLatchkey
from latchkey_client.starlette import Denied, Identity, Protected, Protection, respond
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

latchkey = AsyncLatchkey()
plain, fresh = Protection(latchkey), Protection(latchkey, refuse_stale=True)
cached = Protection(latchkey, cache_seconds=1)


async def show(request: Request) -> JSONResponse:
    return JSONResponse(asdict(request.state.identity))


def route(path: str, protection: Protection, *scopes: str) -> Route:
    """A route of Starlette."""
    return Route(path, show, middleware=[Middleware(Protected, protection.require(*scopes))])


app = FastAPI(
    routes=[route("/scoped", plain, "orders:read"), route("/cached-scoped", cached, "orders:read")],
    exception_handlers={Denied: respond},
)


@app.get("/open")
async def open_() -> None:
    pass


@app.api_route("/protected", methods=["GET", "HEAD"])
async def protected(identity: Annotated[Identity, Depends(plain.require())]) -> dict[str, Any]:
    return asdict(identity)


@app.get("/fresh", dependencies=[Depends(fresh.require())])
async def only_fresh(request: Request) -> JSONResponse:
    return await show(request)


@app.get("/cached")
async def from_the_cache(identity: Annotated[Identity, Depends(cached.require())]) -> dict[str, Any]:
    return asdict(identity)


def long_cache() -> str:
    try:
        Protection(latchkey, cache_seconds=1.001)
    except ValueError as error:
        return str(error)
    return ""


def stop_at_the_end_of_input() -> None:
    sys.stdin.read()
    server.should_exit = True


# Uvicorn would take the client's address from a header, by default.
server = uvicorn.Server(uvicorn.Config(app, proxy_headers=False, access_log=False, log_level="error"))
with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    print(json.dumps({"framework": "fastapi", "url": url, "long_cache": long_cache()}), flush=True)
    threading.Thread(target=stop_at_the_end_of_input, daemon=True).start()
    server.run([listener])
