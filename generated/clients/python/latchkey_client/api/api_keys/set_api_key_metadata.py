from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_metadata import APIKeyMetadata
from ...models.api_key_metadata_read import APIKeyMetadataRead
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    item_id: int,
    *,
    body: APIKeyMetadata,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/api-keys/{item_id}/metadata".format(
            item_id=quote(str(item_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIKeyMetadataRead | HTTPValidationError | Problem | None:
    if response.status_code == 200:
        response_200 = APIKeyMetadataRead.from_dict(response.json())

        return response_200

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

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

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
) -> Response[APIKeyMetadataRead | HTTPValidationError | Problem]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    item_id: int,
    *,
    client: AuthenticatedClient,
    body: APIKeyMetadata,
    if_match: str | Unset = UNSET,
) -> Response[APIKeyMetadataRead | HTTPValidationError | Problem]:
    """Replace an API key's metadata

     Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says
    of a key.

    Args:
        item_id (int):
        if_match (str | Unset):
        body (APIKeyMetadata): The metadata of an API key, which replaces that which it has.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyMetadataRead | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        item_id=item_id,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    item_id: int,
    *,
    client: AuthenticatedClient,
    body: APIKeyMetadata,
    if_match: str | Unset = UNSET,
) -> APIKeyMetadataRead | HTTPValidationError | Problem | None:
    """Replace an API key's metadata

     Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says
    of a key.

    Args:
        item_id (int):
        if_match (str | Unset):
        body (APIKeyMetadata): The metadata of an API key, which replaces that which it has.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyMetadataRead | HTTPValidationError | Problem
    """

    return sync_detailed(
        item_id=item_id,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    item_id: int,
    *,
    client: AuthenticatedClient,
    body: APIKeyMetadata,
    if_match: str | Unset = UNSET,
) -> Response[APIKeyMetadataRead | HTTPValidationError | Problem]:
    """Replace an API key's metadata

     Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says
    of a key.

    Args:
        item_id (int):
        if_match (str | Unset):
        body (APIKeyMetadata): The metadata of an API key, which replaces that which it has.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyMetadataRead | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        item_id=item_id,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    item_id: int,
    *,
    client: AuthenticatedClient,
    body: APIKeyMetadata,
    if_match: str | Unset = UNSET,
) -> APIKeyMetadataRead | HTTPValidationError | Problem | None:
    """Replace an API key's metadata

     Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says
    of a key.

    Args:
        item_id (int):
        if_match (str | Unset):
        body (APIKeyMetadata): The metadata of an API key, which replaces that which it has.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyMetadataRead | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            item_id=item_id,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
