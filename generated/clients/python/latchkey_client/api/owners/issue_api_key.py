from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_issue import APIKeyIssue
from ...models.api_key_record_read import APIKeyRecordRead
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    project: str,
    *,
    body: APIKeyIssue,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/projects/{project}/api-keys".format(
            project=quote(str(project), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIKeyRecordRead | HTTPValidationError | Problem | None:
    if response.status_code == 201:
        response_201 = APIKeyRecordRead.from_dict(response.json())

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
) -> Response[APIKeyRecordRead | HTTPValidationError | Problem]:
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
    body: APIKeyIssue,
    idempotency_key: str | Unset = UNSET,
) -> Response[APIKeyRecordRead | HTTPValidationError | Problem]:
    """Issue an API key to an owner or a service account

     Creates an API key that belongs to the owner with this external id, and the owner if there is none;
    or, by an admin of the project, to a service account. `full_key` in the response is the secret; it
    cannot be retrieved later. The key is managed: its owner can restrict it, and not extend it. Without
    scopes, it has the default scopes of the project. With `Idempotency-Key` the request can be repeated
    safely.

    Args:
        project (str):
        idempotency_key (str | Unset):
        body (APIKeyIssue): An API key to issue, either to an owner or to a service account.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyRecordRead | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient,
    body: APIKeyIssue,
    idempotency_key: str | Unset = UNSET,
) -> APIKeyRecordRead | HTTPValidationError | Problem | None:
    """Issue an API key to an owner or a service account

     Creates an API key that belongs to the owner with this external id, and the owner if there is none;
    or, by an admin of the project, to a service account. `full_key` in the response is the secret; it
    cannot be retrieved later. The key is managed: its owner can restrict it, and not extend it. Without
    scopes, it has the default scopes of the project. With `Idempotency-Key` the request can be repeated
    safely.

    Args:
        project (str):
        idempotency_key (str | Unset):
        body (APIKeyIssue): An API key to issue, either to an owner or to a service account.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyRecordRead | HTTPValidationError | Problem
    """

    return sync_detailed(
        project=project,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient,
    body: APIKeyIssue,
    idempotency_key: str | Unset = UNSET,
) -> Response[APIKeyRecordRead | HTTPValidationError | Problem]:
    """Issue an API key to an owner or a service account

     Creates an API key that belongs to the owner with this external id, and the owner if there is none;
    or, by an admin of the project, to a service account. `full_key` in the response is the secret; it
    cannot be retrieved later. The key is managed: its owner can restrict it, and not extend it. Without
    scopes, it has the default scopes of the project. With `Idempotency-Key` the request can be repeated
    safely.

    Args:
        project (str):
        idempotency_key (str | Unset):
        body (APIKeyIssue): An API key to issue, either to an owner or to a service account.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyRecordRead | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient,
    body: APIKeyIssue,
    idempotency_key: str | Unset = UNSET,
) -> APIKeyRecordRead | HTTPValidationError | Problem | None:
    """Issue an API key to an owner or a service account

     Creates an API key that belongs to the owner with this external id, and the owner if there is none;
    or, by an admin of the project, to a service account. `full_key` in the response is the secret; it
    cannot be retrieved later. The key is managed: its owner can restrict it, and not extend it. Without
    scopes, it has the default scopes of the project. With `Idempotency-Key` the request can be repeated
    safely.

    Args:
        project (str):
        idempotency_key (str | Unset):
        body (APIKeyIssue): An API key to issue, either to an owner or to a service account.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyRecordRead | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
