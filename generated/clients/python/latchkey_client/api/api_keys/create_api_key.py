from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_create import APIKeyCreate
from ...models.api_key_record_read import APIKeyRecordRead
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: APIKeyCreate,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/api-keys/",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIKeyRecordRead | HTTPValidationError | Problem | None:
    if response.status_code == 201:
        response_201 = APIKeyRecordRead.from_dict(response.json())

        return response_201

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 422:
        response_422 = HTTPValidationError.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[APIKeyRecordRead | HTTPValidationError | Problem]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: APIKeyCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[APIKeyRecordRead | HTTPValidationError | Problem]:
    """Create an API key

     Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot
    be retrieved later. No credential may grant more than it has: a `policy` that allows more than the
    caller has gets a 403, and a key without a `policy` gets the restrictions of the credential that
    creates it. A key that is created with an API key expires no later than that key: a later
    `expires_at` gets a 403. Owners cannot give `metadata` (403). With `Idempotency-Key` the request can
    be repeated safely.

    Args:
        idempotency_key (str | Unset):
        body (APIKeyCreate): The properties of a new API key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyRecordRead | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: APIKeyCreate,
    idempotency_key: str | Unset = UNSET,
) -> APIKeyRecordRead | HTTPValidationError | Problem | None:
    """Create an API key

     Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot
    be retrieved later. No credential may grant more than it has: a `policy` that allows more than the
    caller has gets a 403, and a key without a `policy` gets the restrictions of the credential that
    creates it. A key that is created with an API key expires no later than that key: a later
    `expires_at` gets a 403. Owners cannot give `metadata` (403). With `Idempotency-Key` the request can
    be repeated safely.

    Args:
        idempotency_key (str | Unset):
        body (APIKeyCreate): The properties of a new API key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyRecordRead | HTTPValidationError | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: APIKeyCreate,
    idempotency_key: str | Unset = UNSET,
) -> Response[APIKeyRecordRead | HTTPValidationError | Problem]:
    """Create an API key

     Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot
    be retrieved later. No credential may grant more than it has: a `policy` that allows more than the
    caller has gets a 403, and a key without a `policy` gets the restrictions of the credential that
    creates it. A key that is created with an API key expires no later than that key: a later
    `expires_at` gets a 403. Owners cannot give `metadata` (403). With `Idempotency-Key` the request can
    be repeated safely.

    Args:
        idempotency_key (str | Unset):
        body (APIKeyCreate): The properties of a new API key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyRecordRead | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: APIKeyCreate,
    idempotency_key: str | Unset = UNSET,
) -> APIKeyRecordRead | HTTPValidationError | Problem | None:
    """Create an API key

     Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot
    be retrieved later. No credential may grant more than it has: a `policy` that allows more than the
    caller has gets a 403, and a key without a `policy` gets the restrictions of the credential that
    creates it. A key that is created with an API key expires no later than that key: a later
    `expires_at` gets a 403. Owners cannot give `metadata` (403). With `Idempotency-Key` the request can
    be repeated safely.

    Args:
        idempotency_key (str | Unset):
        body (APIKeyCreate): The properties of a new API key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyRecordRead | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
