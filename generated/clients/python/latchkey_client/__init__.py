"""A client library for accessing Latchkey"""

from .attempts import VERSION as __version__
from .client import AuthenticatedClient, Client
from .errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    InvalidRequestError,
    LatchkeyError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    RateLimitedError,
    ServerError,
    TimedOutError,
)
from .resources import AsyncLatchkey, Latchkey

__all__ = (
    "AsyncLatchkey",
    "AuthenticatedClient",
    "AuthenticationError",
    "Client",
    "ConflictError",
    "ConnectionFailedError",
    "InvalidRequestError",
    "Latchkey",
    "LatchkeyError",
    "NotFoundError",
    "PermissionDeniedError",
    "PreconditionFailedError",
    "RateLimitedError",
    "ServerError",
    "TimedOutError",
    "__version__",
)
