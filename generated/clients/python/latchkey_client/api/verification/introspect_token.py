from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.http_validation_error import HTTPValidationError
from ...models.introspection_request import IntrospectionRequest
from ...models.problem import Problem
from ...models.token_introspection import TokenIntrospection
from ...types import Response


def _get_kwargs(
    *,
    body: IntrospectionRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/introspect",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HTTPValidationError | Problem | TokenIntrospection | None:
    if response.status_code == 200:
        response_200 = TokenIntrospection.from_dict(response.json())

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
) -> Response[HTTPValidationError | Problem | TokenIntrospection]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: IntrospectionRequest,
) -> Response[HTTPValidationError | Problem | TokenIntrospection]:
    """Introspect an API key

     OAuth 2.0 token introspection (RFC 7662) of an API key. The response for a key that is not valid,
    for any reason, is exactly `{"active":false}`. A key that is restricted to networks is inactive
    here, because no client address is known.

    Args:
        body (IntrospectionRequest): The form of RFC 7662, section 2.1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | TokenIntrospection]
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
    body: IntrospectionRequest,
) -> HTTPValidationError | Problem | TokenIntrospection | None:
    """Introspect an API key

     OAuth 2.0 token introspection (RFC 7662) of an API key. The response for a key that is not valid,
    for any reason, is exactly `{"active":false}`. A key that is restricted to networks is inactive
    here, because no client address is known.

    Args:
        body (IntrospectionRequest): The form of RFC 7662, section 2.1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | TokenIntrospection
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: IntrospectionRequest,
) -> Response[HTTPValidationError | Problem | TokenIntrospection]:
    """Introspect an API key

     OAuth 2.0 token introspection (RFC 7662) of an API key. The response for a key that is not valid,
    for any reason, is exactly `{"active":false}`. A key that is restricted to networks is inactive
    here, because no client address is known.

    Args:
        body (IntrospectionRequest): The form of RFC 7662, section 2.1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | TokenIntrospection]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: IntrospectionRequest,
) -> HTTPValidationError | Problem | TokenIntrospection | None:
    """Introspect an API key

     OAuth 2.0 token introspection (RFC 7662) of an API key. The response for a key that is not valid,
    for any reason, is exactly `{"active":false}`. A key that is restricted to networks is inactive
    here, because no client address is known.

    Args:
        body (IntrospectionRequest): The form of RFC 7662, section 2.1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | TokenIntrospection
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
