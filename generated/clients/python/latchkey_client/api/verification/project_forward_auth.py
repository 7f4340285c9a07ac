from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    project: str,
    *,
    scope: str | Unset = UNSET,
    metadata: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["scope"] = scope

    params["metadata"] = metadata

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/projects/{project}/forward-auth".format(
            project=quote(str(project), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | HTTPValidationError | Problem | None:
    if response.status_code == 200:
        response_200 = cast(Any, None)
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
) -> Response[Any | HTTPValidationError | Problem]:
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
    scope: str | Unset = UNSET,
    metadata: str | Unset = UNSET,
) -> Response[Any | HTTPValidationError | Problem]:
    """Authorize a proxied request by a project's key

     As `forwardAuth`, for the keys of the project that the path names: the gateway's configuration says
    which, and not its client. Keys of other projects are invalid here, and so are all keys if there is
    no such project.

    Args:
        project (str):
        scope (str | Unset):
        metadata (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        scope=scope,
        metadata=metadata,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient,
    scope: str | Unset = UNSET,
    metadata: str | Unset = UNSET,
) -> Any | HTTPValidationError | Problem | None:
    """Authorize a proxied request by a project's key

     As `forwardAuth`, for the keys of the project that the path names: the gateway's configuration says
    which, and not its client. Keys of other projects are invalid here, and so are all keys if there is
    no such project.

    Args:
        project (str):
        scope (str | Unset):
        metadata (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | HTTPValidationError | Problem
    """

    return sync_detailed(
        project=project,
        client=client,
        scope=scope,
        metadata=metadata,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient,
    scope: str | Unset = UNSET,
    metadata: str | Unset = UNSET,
) -> Response[Any | HTTPValidationError | Problem]:
    """Authorize a proxied request by a project's key

     As `forwardAuth`, for the keys of the project that the path names: the gateway's configuration says
    which, and not its client. Keys of other projects are invalid here, and so are all keys if there is
    no such project.

    Args:
        project (str):
        scope (str | Unset):
        metadata (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        project=project,
        scope=scope,
        metadata=metadata,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient,
    scope: str | Unset = UNSET,
    metadata: str | Unset = UNSET,
) -> Any | HTTPValidationError | Problem | None:
    """Authorize a proxied request by a project's key

     As `forwardAuth`, for the keys of the project that the path names: the gateway's configuration says
    which, and not its client. Keys of other projects are invalid here, and so are all keys if there is
    no such project.

    Args:
        project (str):
        scope (str | Unset):
        metadata (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            scope=scope,
            metadata=metadata,
        )
    ).parsed
