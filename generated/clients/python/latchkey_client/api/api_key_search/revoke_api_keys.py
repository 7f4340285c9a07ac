from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_revocation import APIKeyRevocation
from ...models.api_key_revocation_result import APIKeyRevocationResult
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    project: str,
    *,
    body: APIKeyRevocation,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/projects/{project}/api-keys/revoke".format(
            project=quote(str(project), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIKeyRevocationResult | HTTPValidationError | Problem | None:
    if response.status_code == 200:
        response_200 = APIKeyRevocationResult.from_dict(response.json())

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
) -> Response[APIKeyRevocationResult | HTTPValidationError | Problem]:
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
    body: APIKeyRevocation,
) -> Response[APIKeyRevocationResult | HTTPValidationError | Problem]:
    """Revoke many API keys

     Revokes the keys of a project that meet every condition of the filter, of those that the caller may
    revoke, up to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey`
    takes: the scope `latchkey:keys.manage`, and that they permit no more than the caller has. With
    `dry_run` it revokes none, and says how many it would. Pass `next_cursor` as `cursor` to go on,
    until it is `null`: keys that are created after the first request are spared, so disable an owner
    first if its keys are to be revoked. Revoked keys do not match.

    Args:
        project (str):
        body (APIKeyRevocation): Which keys are revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyRevocationResult | HTTPValidationError | Problem]
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
    body: APIKeyRevocation,
) -> APIKeyRevocationResult | HTTPValidationError | Problem | None:
    """Revoke many API keys

     Revokes the keys of a project that meet every condition of the filter, of those that the caller may
    revoke, up to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey`
    takes: the scope `latchkey:keys.manage`, and that they permit no more than the caller has. With
    `dry_run` it revokes none, and says how many it would. Pass `next_cursor` as `cursor` to go on,
    until it is `null`: keys that are created after the first request are spared, so disable an owner
    first if its keys are to be revoked. Revoked keys do not match.

    Args:
        project (str):
        body (APIKeyRevocation): Which keys are revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyRevocationResult | HTTPValidationError | Problem
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
    body: APIKeyRevocation,
) -> Response[APIKeyRevocationResult | HTTPValidationError | Problem]:
    """Revoke many API keys

     Revokes the keys of a project that meet every condition of the filter, of those that the caller may
    revoke, up to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey`
    takes: the scope `latchkey:keys.manage`, and that they permit no more than the caller has. With
    `dry_run` it revokes none, and says how many it would. Pass `next_cursor` as `cursor` to go on,
    until it is `null`: keys that are created after the first request are spared, so disable an owner
    first if its keys are to be revoked. Revoked keys do not match.

    Args:
        project (str):
        body (APIKeyRevocation): Which keys are revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyRevocationResult | HTTPValidationError | Problem]
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
    body: APIKeyRevocation,
) -> APIKeyRevocationResult | HTTPValidationError | Problem | None:
    """Revoke many API keys

     Revokes the keys of a project that meet every condition of the filter, of those that the caller may
    revoke, up to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey`
    takes: the scope `latchkey:keys.manage`, and that they permit no more than the caller has. With
    `dry_run` it revokes none, and says how many it would. Pass `next_cursor` as `cursor` to go on,
    until it is `null`: keys that are created after the first request are spared, so disable an owner
    first if its keys are to be revoked. Revoked keys do not match.

    Args:
        project (str):
        body (APIKeyRevocation): Which keys are revoked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyRevocationResult | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            body=body,
        )
    ).parsed
