from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.http_validation_error import HTTPValidationError
from ...models.owner_token_create import OwnerTokenCreate
from ...models.problem import Problem
from ...models.token_response import TokenResponse
from ...types import Response


def _get_kwargs(
    project: str,
    *,
    body: OwnerTokenCreate,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/projects/{project}/owner-tokens".format(
            project=quote(str(project), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HTTPValidationError | Problem | TokenResponse | None:
    if response.status_code == 201:
        response_201 = TokenResponse.from_dict(response.json())

        return response_201

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
) -> Response[HTTPValidationError | Problem | TokenResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    project: str,
    *,
    client: AuthenticatedClient,
    body: OwnerTokenCreate,
) -> Response[HTTPValidationError | Problem | TokenResponse]:
    """Create an owner token

     Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages
    the keys of the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the
    owner, the project, the caller or the API key that created it is disabled, or the caller may no
    longer change owners. A browser may use it on pages of the allowed origins of the project.

    Args:
        project (str):
        body (OwnerTokenCreate): The owner, and what the token may do.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | TokenResponse]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient,
    body: OwnerTokenCreate,
) -> HTTPValidationError | Problem | TokenResponse | None:
    """Create an owner token

     Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages
    the keys of the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the
    owner, the project, the caller or the API key that created it is disabled, or the caller may no
    longer change owners. A browser may use it on pages of the allowed origins of the project.

    Args:
        project (str):
        body (OwnerTokenCreate): The owner, and what the token may do.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | TokenResponse
    """

    return sync_detailed(
        project=project,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient,
    body: OwnerTokenCreate,
) -> Response[HTTPValidationError | Problem | TokenResponse]:
    """Create an owner token

     Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages
    the keys of the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the
    owner, the project, the caller or the API key that created it is disabled, or the caller may no
    longer change owners. A browser may use it on pages of the allowed origins of the project.

    Args:
        project (str):
        body (OwnerTokenCreate): The owner, and what the token may do.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | TokenResponse]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient,
    body: OwnerTokenCreate,
) -> HTTPValidationError | Problem | TokenResponse | None:
    """Create an owner token

     Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages
    the keys of the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the
    owner, the project, the caller or the API key that created it is disabled, or the caller may no
    longer change owners. A browser may use it on pages of the allowed origins of the project.

    Args:
        project (str):
        body (OwnerTokenCreate): The owner, and what the token may do.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | TokenResponse
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            body=body,
        )
    ).parsed
