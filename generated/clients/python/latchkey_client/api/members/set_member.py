from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.http_validation_error import HTTPValidationError
from ...models.member import Member
from ...models.member_set import MemberSet
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    project: str,
    user_id: int,
    *,
    body: MemberSet,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/projects/{project}/members/{user_id}".format(
            project=quote(str(project), safe=""),
            user_id=quote(str(user_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HTTPValidationError | Member | Problem | None:
    if response.status_code == 200:
        response_200 = Member.from_dict(response.json())

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
) -> Response[HTTPValidationError | Member | Problem]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    project: str,
    user_id: int,
    *,
    client: AuthenticatedClient,
    body: MemberSet,
) -> Response[HTTPValidationError | Member | Problem]:
    """Give a user a role

     Makes a user a member with this role, or gives a member another role. It is in effect at once, also
    for tokens and API keys that exist. A service account that was removed cannot become a member again.

    Args:
        project (str):
        user_id (int):
        body (MemberSet): The role of a member.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Member | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        user_id=user_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    project: str,
    user_id: int,
    *,
    client: AuthenticatedClient,
    body: MemberSet,
) -> HTTPValidationError | Member | Problem | None:
    """Give a user a role

     Makes a user a member with this role, or gives a member another role. It is in effect at once, also
    for tokens and API keys that exist. A service account that was removed cannot become a member again.

    Args:
        project (str):
        user_id (int):
        body (MemberSet): The role of a member.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Member | Problem
    """

    return sync_detailed(
        project=project,
        user_id=user_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    project: str,
    user_id: int,
    *,
    client: AuthenticatedClient,
    body: MemberSet,
) -> Response[HTTPValidationError | Member | Problem]:
    """Give a user a role

     Makes a user a member with this role, or gives a member another role. It is in effect at once, also
    for tokens and API keys that exist. A service account that was removed cannot become a member again.

    Args:
        project (str):
        user_id (int):
        body (MemberSet): The role of a member.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Member | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        user_id=user_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    project: str,
    user_id: int,
    *,
    client: AuthenticatedClient,
    body: MemberSet,
) -> HTTPValidationError | Member | Problem | None:
    """Give a user a role

     Makes a user a member with this role, or gives a member another role. It is in effect at once, also
    for tokens and API keys that exist. A service account that was removed cannot become a member again.

    Args:
        project (str):
        user_id (int):
        body (MemberSet): The role of a member.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Member | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            user_id=user_id,
            client=client,
            body=body,
        )
    ).parsed
