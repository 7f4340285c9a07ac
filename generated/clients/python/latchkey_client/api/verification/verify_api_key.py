from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_verification import APIKeyVerification
from ...models.api_key_verify import APIKeyVerify
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: APIKeyVerify,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/api-keys/verify",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIKeyVerification | HTTPValidationError | Problem | None:
    if response.status_code == 200:
        response_200 = APIKeyVerification.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 422:
        response_422 = HTTPValidationError.from_dict(response.json())

        return response_422

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
) -> Response[APIKeyVerification | HTTPValidationError | Problem]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: APIKeyVerify,
) -> Response[APIKeyVerification | HTTPValidationError | Problem]:
    """Verify an API key

     Decides whether a key is valid for a request. The status is 200 whenever a decision was made:
    `valid` is the decision, `code` its reason. At most one second after a key was revoked, disabled,
    deleted or restricted, no node reports it as valid on the old terms. `stale` is true when the
    database is unreachable and the decision was made from the key cache. Every verification counts
    towards the key's usage, and one that is otherwise valid towards its rate limit.

    Args:
        body (APIKeyVerify): A key, and what the request that it came with needs.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyVerification | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: APIKeyVerify,
) -> APIKeyVerification | HTTPValidationError | Problem | None:
    """Verify an API key

     Decides whether a key is valid for a request. The status is 200 whenever a decision was made:
    `valid` is the decision, `code` its reason. At most one second after a key was revoked, disabled,
    deleted or restricted, no node reports it as valid on the old terms. `stale` is true when the
    database is unreachable and the decision was made from the key cache. Every verification counts
    towards the key's usage, and one that is otherwise valid towards its rate limit.

    Args:
        body (APIKeyVerify): A key, and what the request that it came with needs.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyVerification | HTTPValidationError | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: APIKeyVerify,
) -> Response[APIKeyVerification | HTTPValidationError | Problem]:
    """Verify an API key

     Decides whether a key is valid for a request. The status is 200 whenever a decision was made:
    `valid` is the decision, `code` its reason. At most one second after a key was revoked, disabled,
    deleted or restricted, no node reports it as valid on the old terms. `stale` is true when the
    database is unreachable and the decision was made from the key cache. Every verification counts
    towards the key's usage, and one that is otherwise valid towards its rate limit.

    Args:
        body (APIKeyVerify): A key, and what the request that it came with needs.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyVerification | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: APIKeyVerify,
) -> APIKeyVerification | HTTPValidationError | Problem | None:
    """Verify an API key

     Decides whether a key is valid for a request. The status is 200 whenever a decision was made:
    `valid` is the decision, `code` its reason. At most one second after a key was revoked, disabled,
    deleted or restricted, no node reports it as valid on the old terms. `stale` is true when the
    database is unreachable and the decision was made from the key cache. Every verification counts
    towards the key's usage, and one that is otherwise valid towards its rate limit.

    Args:
        body (APIKeyVerify): A key, and what the request that it came with needs.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyVerification | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
