from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.audit_action import AuditAction
from ...models.audit_event import AuditEvent
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    key_id: int | Unset = UNSET,
    actor_user_id: int | Unset = UNSET,
    action: AuditAction | Unset = UNSET,
    x_api_key: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_key, Unset):
        headers["X-API-Key"] = x_api_key

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params["key_id"] = key_id

    params["actor_user_id"] = actor_user_id

    json_action: str | Unset = UNSET
    if not isinstance(action, Unset):
        json_action = action.value

    params["action"] = json_action

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/audit/events",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HTTPValidationError | Problem | list[AuditEvent] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = AuditEvent.from_dict(response_200_item_data)

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
) -> Response[HTTPValidationError | Problem | list[AuditEvent]]:
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
    key_id: int | Unset = UNSET,
    actor_user_id: int | Unset = UNSET,
    action: AuditAction | Unset = UNSET,
    x_api_key: None | str | Unset = UNSET,
) -> Response[HTTPValidationError | Problem | list[AuditEvent]]:
    """Who did what to which key

     The events of all keys, newest first. They are written with what they tell of, in one transaction,
    and can neither be changed nor removed. Follow `Link: rel="next"` (RFC 8288) until there is none.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (AuditAction | Unset): What was done to a key.
        x_api_key (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | list[AuditEvent]]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        key_id=key_id,
        actor_user_id=actor_user_id,
        action=action,
        x_api_key=x_api_key,
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
    key_id: int | Unset = UNSET,
    actor_user_id: int | Unset = UNSET,
    action: AuditAction | Unset = UNSET,
    x_api_key: None | str | Unset = UNSET,
) -> HTTPValidationError | Problem | list[AuditEvent] | None:
    """Who did what to which key

     The events of all keys, newest first. They are written with what they tell of, in one transaction,
    and can neither be changed nor removed. Follow `Link: rel="next"` (RFC 8288) until there is none.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (AuditAction | Unset): What was done to a key.
        x_api_key (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | list[AuditEvent]
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        key_id=key_id,
        actor_user_id=actor_user_id,
        action=action,
        x_api_key=x_api_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    key_id: int | Unset = UNSET,
    actor_user_id: int | Unset = UNSET,
    action: AuditAction | Unset = UNSET,
    x_api_key: None | str | Unset = UNSET,
) -> Response[HTTPValidationError | Problem | list[AuditEvent]]:
    """Who did what to which key

     The events of all keys, newest first. They are written with what they tell of, in one transaction,
    and can neither be changed nor removed. Follow `Link: rel="next"` (RFC 8288) until there is none.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (AuditAction | Unset): What was done to a key.
        x_api_key (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | list[AuditEvent]]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        key_id=key_id,
        actor_user_id=actor_user_id,
        action=action,
        x_api_key=x_api_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    key_id: int | Unset = UNSET,
    actor_user_id: int | Unset = UNSET,
    action: AuditAction | Unset = UNSET,
    x_api_key: None | str | Unset = UNSET,
) -> HTTPValidationError | Problem | list[AuditEvent] | None:
    """Who did what to which key

     The events of all keys, newest first. They are written with what they tell of, in one transaction,
    and can neither be changed nor removed. Follow `Link: rel="next"` (RFC 8288) until there is none.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (AuditAction | Unset): What was done to a key.
        x_api_key (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | list[AuditEvent]
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            key_id=key_id,
            actor_user_id=actor_user_id,
            action=action,
            x_api_key=x_api_key,
        )
    ).parsed
