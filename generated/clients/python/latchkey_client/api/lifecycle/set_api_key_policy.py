from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key_policy import APIKeyPolicy
from ...models.http_validation_error import HTTPValidationError
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    item_id: int,
    *,
    body: APIKeyPolicy,
    x_api_key: None | str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_key, Unset):
        headers["X-API-Key"] = x_api_key

    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/api-keys/{item_id}/policy".format(
            item_id=quote(str(item_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> APIKeyPolicy | HTTPValidationError | Problem | None:
    if response.status_code == 200:
        response_200 = APIKeyPolicy.from_dict(response.json())

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
) -> Response[APIKeyPolicy | HTTPValidationError | Problem]:
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
    body: APIKeyPolicy,
    x_api_key: None | str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[APIKeyPolicy | HTTPValidationError | Problem]:
    """Narrow the key

     Replaces the policy as a whole: what is absent or `null` does not narrow the key any more. A key
    that is not narrowed has its owner's rights, and every scope that is not Latchkey's own. 403 when
    the policy allows more than the caller has.

    Args:
        item_id (int):
        x_api_key (None | str | Unset):
        if_match (str | Unset):
        body (APIKeyPolicy): What narrows a key; each part that is absent or `null` does not.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyPolicy | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        item_id=item_id,
        body=body,
        x_api_key=x_api_key,
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
    body: APIKeyPolicy,
    x_api_key: None | str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> APIKeyPolicy | HTTPValidationError | Problem | None:
    """Narrow the key

     Replaces the policy as a whole: what is absent or `null` does not narrow the key any more. A key
    that is not narrowed has its owner's rights, and every scope that is not Latchkey's own. 403 when
    the policy allows more than the caller has.

    Args:
        item_id (int):
        x_api_key (None | str | Unset):
        if_match (str | Unset):
        body (APIKeyPolicy): What narrows a key; each part that is absent or `null` does not.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyPolicy | HTTPValidationError | Problem
    """

    return sync_detailed(
        item_id=item_id,
        client=client,
        body=body,
        x_api_key=x_api_key,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    item_id: int,
    *,
    client: AuthenticatedClient,
    body: APIKeyPolicy,
    x_api_key: None | str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> Response[APIKeyPolicy | HTTPValidationError | Problem]:
    """Narrow the key

     Replaces the policy as a whole: what is absent or `null` does not narrow the key any more. A key
    that is not narrowed has its owner's rights, and every scope that is not Latchkey's own. 403 when
    the policy allows more than the caller has.

    Args:
        item_id (int):
        x_api_key (None | str | Unset):
        if_match (str | Unset):
        body (APIKeyPolicy): What narrows a key; each part that is absent or `null` does not.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[APIKeyPolicy | HTTPValidationError | Problem]
    """

    kwargs = _get_kwargs(
        item_id=item_id,
        body=body,
        x_api_key=x_api_key,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    item_id: int,
    *,
    client: AuthenticatedClient,
    body: APIKeyPolicy,
    x_api_key: None | str | Unset = UNSET,
    if_match: str | Unset = UNSET,
) -> APIKeyPolicy | HTTPValidationError | Problem | None:
    """Narrow the key

     Replaces the policy as a whole: what is absent or `null` does not narrow the key any more. A key
    that is not narrowed has its owner's rights, and every scope that is not Latchkey's own. 403 when
    the policy allows more than the caller has.

    Args:
        item_id (int):
        x_api_key (None | str | Unset):
        if_match (str | Unset):
        body (APIKeyPolicy): What narrows a key; each part that is absent or `null` does not.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        APIKeyPolicy | HTTPValidationError | Problem
    """

    return (
        await asyncio_detailed(
            item_id=item_id,
            client=client,
            body=body,
            x_api_key=x_api_key,
            if_match=if_match,
        )
    ).parsed
