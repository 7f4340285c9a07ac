from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_filter import APIKeyFilter
from ...models.found_api_key_page import FoundAPIKeyPage
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    project: str,
    *,
    body: APIKeyFilter,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/projects/{project}/api-keys/search".format(
            project=quote(str(project), safe=""),
        ),
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FoundAPIKeyPage | HTTPValidationError | Problem | None:
    if response.status_code == 200:
        response_200 = FoundAPIKeyPage.from_dict(response.json())

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
) -> Response[FoundAPIKeyPage | HTTPValidationError | Problem]:
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
    body: APIKeyFilter,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[FoundAPIKeyPage | HTTPValidationError | Problem]:
    """Find API keys

     Finds the keys of a project that meet every condition of the filter, newest first. Without an
    `owner`, those of a beginning in `key` are in alphabetical order, and without either, those of a
    condition on the expiry in the order in which they expire. Pass `next_cursor` as `cursor` to get the
    next page, until it is `null`. A page may have fewer keys than `limit`, or none, and still not be
    the last: each request examines 5,000 keys at most. Deleted keys are not found. What is sent as
    `key` is neither logged nor returned.

    Args:
        project (str):
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        body (APIKeyFilter): Conditions on a key, all of which it must meet. A condition that is
            absent is met by every key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FoundAPIKeyPage | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient,
    body: APIKeyFilter,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> FoundAPIKeyPage | HTTPValidationError | Problem | None:
    """Find API keys

     Finds the keys of a project that meet every condition of the filter, newest first. Without an
    `owner`, those of a beginning in `key` are in alphabetical order, and without either, those of a
    condition on the expiry in the order in which they expire. Pass `next_cursor` as `cursor` to get the
    next page, until it is `null`. A page may have fewer keys than `limit`, or none, and still not be
    the last: each request examines 5,000 keys at most. Deleted keys are not found. What is sent as
    `key` is neither logged nor returned.

    Args:
        project (str):
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        body (APIKeyFilter): Conditions on a key, all of which it must meet. A condition that is
            absent is met by every key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FoundAPIKeyPage | HTTPValidationError | Problem
    """

    return sync_detailed(
        project=project,
        client=client,
        body=body,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient,
    body: APIKeyFilter,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> Response[FoundAPIKeyPage | HTTPValidationError | Problem]:
    """Find API keys

     Finds the keys of a project that meet every condition of the filter, newest first. Without an
    `owner`, those of a beginning in `key` are in alphabetical order, and without either, those of a
    condition on the expiry in the order in which they expire. Pass `next_cursor` as `cursor` to get the
    next page, until it is `null`. A page may have fewer keys than `limit`, or none, and still not be
    the last: each request examines 5,000 keys at most. Deleted keys are not found. What is sent as
    `key` is neither logged nor returned.

    Args:
        project (str):
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        body (APIKeyFilter): Conditions on a key, all of which it must meet. A condition that is
            absent is met by every key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FoundAPIKeyPage | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient,
    body: APIKeyFilter,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
) -> FoundAPIKeyPage | HTTPValidationError | Problem | None:
    """Find API keys

     Finds the keys of a project that meet every condition of the filter, newest first. Without an
    `owner`, those of a beginning in `key` are in alphabetical order, and without either, those of a
    condition on the expiry in the order in which they expire. Pass `next_cursor` as `cursor` to get the
    next page, until it is `null`. A page may have fewer keys than `limit`, or none, and still not be
    the last: each request examines 5,000 keys at most. Deleted keys are not found. What is sent as
    `key` is neither logged nor returned.

    Args:
        project (str):
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        body (APIKeyFilter): Conditions on a key, all of which it must meet. A condition that is
            absent is met by every key.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FoundAPIKeyPage | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            body=body,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
