from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...models.project import Project
from ...models.project_update import ProjectUpdate
from ...types import UNSET, Response, Unset


def _get_kwargs(
    project: str,
    *,
    body: ProjectUpdate,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/v1/projects/{project}".format(
            project=quote(str(project), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HTTPValidationError | Problem | Project | None:
    if response.status_code == 200:
        response_200 = Project.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[HTTPValidationError | Problem | Project]:
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
    body: ProjectUpdate,
    if_match: str | Unset = UNSET,
) -> Response[HTTPValidationError | Problem | Project]:
    """Update a project

     Changes the settings of a project, and disables or enables it. A member that is absent does not
    change. No key of a disabled project is valid. The project `default` cannot be disabled.

    Args:
        project (str):
        if_match (str | Unset):
        body (ProjectUpdate): The changes to a project. A member that is absent does not change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | Project]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    project: str,
    *,
    client: AuthenticatedClient,
    body: ProjectUpdate,
    if_match: str | Unset = UNSET,
) -> HTTPValidationError | Problem | Project | None:
    """Update a project

     Changes the settings of a project, and disables or enables it. A member that is absent does not
    change. No key of a disabled project is valid. The project `default` cannot be disabled.

    Args:
        project (str):
        if_match (str | Unset):
        body (ProjectUpdate): The changes to a project. A member that is absent does not change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | Project
    """

    return sync_detailed(
        project=project,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    project: str,
    *,
    client: AuthenticatedClient,
    body: ProjectUpdate,
    if_match: str | Unset = UNSET,
) -> Response[HTTPValidationError | Problem | Project]:
    """Update a project

     Changes the settings of a project, and disables or enables it. A member that is absent does not
    change. No key of a disabled project is valid. The project `default` cannot be disabled.

    Args:
        project (str):
        if_match (str | Unset):
        body (ProjectUpdate): The changes to a project. A member that is absent does not change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HTTPValidationError | Problem | Project]
    """

    kwargs = _get_kwargs(
        project=project,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    project: str,
    *,
    client: AuthenticatedClient,
    body: ProjectUpdate,
    if_match: str | Unset = UNSET,
) -> HTTPValidationError | Problem | Project | None:
    """Update a project

     Changes the settings of a project, and disables or enables it. A member that is absent does not
    change. No key of a disabled project is valid. The project `default` cannot be disabled.

    Args:
        project (str):
        if_match (str | Unset):
        body (ProjectUpdate): The changes to a project. A member that is absent does not change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HTTPValidationError | Problem | Project
    """

    return (
        await asyncio_detailed(
            project=project,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
