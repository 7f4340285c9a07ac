from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.token_error import TokenError
from ...models.token_request import TokenRequest
from ...models.token_response import TokenResponse
from ...types import Response


def _get_kwargs(
    *,
    body: TokenRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/token",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TokenError | TokenResponse | None:
    if response.status_code == 200:
        response_200 = TokenResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = TokenError.from_dict(response.json())

        return response_400

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 429:
        response_429 = TokenError.from_dict(response.json())

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
) -> Response[Problem | TokenError | TokenResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> Response[Problem | TokenError | TokenResponse]:
    """Issue a bearer token

     Exchanges a user's name and password for a bearer token (resource owner password credentials grant,
    RFC 6749, section 4.3). Without `scope` the token has every scope of the user's role; with `scope`
    it has only the named ones. Failed attempts are limited by user name and by client network, and so
    are attempts at the same time. Web pages of other origins get 400 `invalid_request`.

    Args:
        body (TokenRequest): The form of RFC 6749, section 4.3.2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TokenError | TokenResponse]
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
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> Problem | TokenError | TokenResponse | None:
    """Issue a bearer token

     Exchanges a user's name and password for a bearer token (resource owner password credentials grant,
    RFC 6749, section 4.3). Without `scope` the token has every scope of the user's role; with `scope`
    it has only the named ones. Failed attempts are limited by user name and by client network, and so
    are attempts at the same time. Web pages of other origins get 400 `invalid_request`.

    Args:
        body (TokenRequest): The form of RFC 6749, section 4.3.2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TokenError | TokenResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> Response[Problem | TokenError | TokenResponse]:
    """Issue a bearer token

     Exchanges a user's name and password for a bearer token (resource owner password credentials grant,
    RFC 6749, section 4.3). Without `scope` the token has every scope of the user's role; with `scope`
    it has only the named ones. Failed attempts are limited by user name and by client network, and so
    are attempts at the same time. Web pages of other origins get 400 `invalid_request`.

    Args:
        body (TokenRequest): The form of RFC 6749, section 4.3.2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TokenError | TokenResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: TokenRequest,
) -> Problem | TokenError | TokenResponse | None:
    """Issue a bearer token

     Exchanges a user's name and password for a bearer token (resource owner password credentials grant,
    RFC 6749, section 4.3). Without `scope` the token has every scope of the user's role; with `scope`
    it has only the named ones. Failed attempts are limited by user name and by client network, and so
    are attempts at the same time. Web pages of other origins get 400 `invalid_request`.

    Args:
        body (TokenRequest): The form of RFC 6749, section 4.3.2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TokenError | TokenResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
