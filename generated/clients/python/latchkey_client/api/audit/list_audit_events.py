import datetime
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.audit_event_page import AuditEventPage
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    key_id: int | Unset = UNSET,
    actor_user_id: int | Unset = UNSET,
    action: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params["key_id"] = key_id

    params["actor_user_id"] = actor_user_id

    params["action"] = action

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/audit/events",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AuditEventPage | HTTPValidationError | Problem | None:
    if response.status_code == 200:
        response_200 = AuditEventPage.from_dict(response.json())

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
) -> Response[AuditEventPage | HTTPValidationError | Problem]:
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
    action: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
) -> Response[AuditEventPage | HTTPValidationError | Problem]:
    """List audit events

     Lists events, newest first: changes of API keys and users, logins, and operations that were denied
    for want of a scope. Administrators read all events, members those of the projects in which their
    role permits it. A change and its event are written in one transaction. Events cannot be changed or
    deleted. Pass `next_cursor` as `cursor` to get the next page, until it is `null`.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (str | Unset):
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AuditEventPage | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        key_id=key_id,
        actor_user_id=actor_user_id,
        action=action,
        since=since,
        until=until,
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
    action: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
) -> AuditEventPage | HTTPValidationError | Problem | None:
    """List audit events

     Lists events, newest first: changes of API keys and users, logins, and operations that were denied
    for want of a scope. Administrators read all events, members those of the projects in which their
    role permits it. A change and its event are written in one transaction. Events cannot be changed or
    deleted. Pass `next_cursor` as `cursor` to get the next page, until it is `null`.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (str | Unset):
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AuditEventPage | HTTPValidationError | Problem
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        key_id=key_id,
        actor_user_id=actor_user_id,
        action=action,
        since=since,
        until=until,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    key_id: int | Unset = UNSET,
    actor_user_id: int | Unset = UNSET,
    action: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
) -> Response[AuditEventPage | HTTPValidationError | Problem]:
    """List audit events

     Lists events, newest first: changes of API keys and users, logins, and operations that were denied
    for want of a scope. Administrators read all events, members those of the projects in which their
    role permits it. A change and its event are written in one transaction. Events cannot be changed or
    deleted. Pass `next_cursor` as `cursor` to get the next page, until it is `null`.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (str | Unset):
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AuditEventPage | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        key_id=key_id,
        actor_user_id=actor_user_id,
        action=action,
        since=since,
        until=until,
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
    action: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
) -> AuditEventPage | HTTPValidationError | Problem | None:
    """List audit events

     Lists events, newest first: changes of API keys and users, logins, and operations that were denied
    for want of a scope. Administrators read all events, members those of the projects in which their
    role permits it. A change and its event are written in one transaction. Events cannot be changed or
    deleted. Pass `next_cursor` as `cursor` to get the next page, until it is `null`.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        key_id (int | Unset):
        actor_user_id (int | Unset):
        action (str | Unset):
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AuditEventPage | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            key_id=key_id,
            actor_user_id=actor_user_id,
            action=action,
            since=since,
            until=until,
        )
    ).parsed
