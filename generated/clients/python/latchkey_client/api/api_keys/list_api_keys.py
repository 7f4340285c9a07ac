from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_record_read import APIKeyRecordRead
from ...models.api_key_status import APIKeyStatus
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    status: APIKeyStatus | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/api-keys/",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HTTPValidationError | Problem | list[APIKeyRecordRead] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = APIKeyRecordRead.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[HTTPValidationError | Problem | list[APIKeyRecordRead]]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    status: APIKeyStatus | Unset = UNSET,
) -> Response[HTTPValidationError | Problem | list[APIKeyRecordRead]]:
    """List API keys

     Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent.
    With a `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        status (APIKeyStatus | Unset): The status of a key: `active`; `pending` before its
            `not_before`; `disabled`; `revoked`; `expired`. Of several, the one that cannot be undone
            is reported first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | list[APIKeyRecordRead]]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    status: APIKeyStatus | Unset = UNSET,
) -> HTTPValidationError | Problem | list[APIKeyRecordRead] | None:
    """List API keys

     Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent.
    With a `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        status (APIKeyStatus | Unset): The status of a key: `active`; `pending` before its
            `not_before`; `disabled`; `revoked`; `expired`. Of several, the one that cannot be undone
            is reported first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | list[APIKeyRecordRead]
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        status=status,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    status: APIKeyStatus | Unset = UNSET,
) -> Response[HTTPValidationError | Problem | list[APIKeyRecordRead]]:
    """List API keys

     Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent.
    With a `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        status (APIKeyStatus | Unset): The status of a key: `active`; `pending` before its
            `not_before`; `disabled`; `revoked`; `expired`. Of several, the one that cannot be undone
            is reported first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | list[APIKeyRecordRead]]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        status=status,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    status: APIKeyStatus | Unset = UNSET,
) -> HTTPValidationError | Problem | list[APIKeyRecordRead] | None:
    """List API keys

     Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent.
    With a `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        status (APIKeyStatus | Unset): The status of a key: `active`; `pending` before its
            `not_before`; `disabled`; `revoked`; `expired`. Of several, the one that cannot be undone
            is reported first.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | list[APIKeyRecordRead]
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            status=status,
        )
    ).parsed
