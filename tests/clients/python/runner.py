"""Executes the steps of the scenario with the Python client; ../README.md describes the protocol."""

import datetime
import json
import sys
from collections.abc import Callable
from typing import Any

from latchkey_client import AuthenticatedClient, Client
from latchkey_client.api.api_keys import create_api_key, delete_api_key, get_api_key, list_api_keys, update_api_key
from latchkey_client.api.audit import list_audit_events
from latchkey_client.api.lifecycle import (
    disable_api_key,
    enable_api_key,
    get_api_key_policy,
    get_api_key_usage,
    revoke_api_key,
    rotate_api_key,
    set_api_key_policy,
)
from latchkey_client.api.tokens import issue_token
from latchkey_client.api.users import get_current_user
from latchkey_client.api.verification import forward_auth, introspect_token, revoke_token, verify_api_key
from latchkey_client.models import (
    APIKeyPolicy,
    APIKeyRecordCreate,
    APIKeyRevoke,
    APIKeyRotate,
    APIKeyStatus,
    APIKeyVerify,
    AuditAction,
    GrantType,
    HTTPValidationError,
    IntrospectionRequest,
    Problem,
    RevocationRequest,
    TokenError,
    TokenRequest,
)
from latchkey_client.types import UNSET, Response

Arguments = dict[str, Any]


def time(text: Any) -> Any:
    return datetime.datetime.fromisoformat(text) if isinstance(text, str) else text


def record(body: Arguments) -> APIKeyRecordCreate:
    return APIKeyRecordCreate(
        expires_at=time(body.get("expires_at", UNSET)), description=body.get("description", UNSET)
    )


def policy(body: Arguments) -> APIKeyPolicy:
    return APIKeyPolicy.from_dict(body)


ANONYMOUS: dict[str, Callable[[Client, Arguments], Response[Any]]] = {
    "issueToken": lambda client, a: issue_token.sync_detailed(
        client=client,
        body=TokenRequest(
            grant_type=GrantType(a["body"]["grant_type"]),
            username=a["body"]["username"],
            password=a["body"]["password"],
            scope=a["body"].get("scope", UNSET),
        ),
    ),
    "revokeToken": lambda client, a: revoke_token.sync_detailed(
        client=client, body=RevocationRequest(token=a["body"]["token"])
    ),
}
AUTHENTICATED: dict[str, Callable[[AuthenticatedClient, Arguments], Response[Any]]] = {
    "getCurrentUser": lambda client, _: get_current_user.sync_detailed(client=client),
    "createApiKey": lambda client, a: create_api_key.sync_detailed(
        client=client, body=record(a["body"]), idempotency_key=a.get("Idempotency-Key", UNSET)
    ),
    "listApiKeys": lambda client, a: list_api_keys.sync_detailed(
        client=client,
        limit=a.get("limit", UNSET),
        cursor=a.get("cursor", UNSET),
        status=APIKeyStatus(a["status"]) if "status" in a else UNSET,
    ),
    "getApiKey": lambda client, a: get_api_key.sync_detailed(a["item_id"], client=client),
    "updateApiKey": lambda client, a: update_api_key.sync_detailed(
        a["item_id"], client=client, body=record(a["body"]), if_match=a.get("If-Match", UNSET)
    ),
    "deleteApiKey": lambda client, a: delete_api_key.sync_detailed(a["item_id"], client=client),
    "verifyApiKey": lambda client, a: verify_api_key.sync_detailed(
        client=client,
        body=APIKeyVerify(key=a["body"]["key"], scopes=a["body"].get("scopes", UNSET), ip=a["body"].get("ip", UNSET)),
    ),
    "introspectToken": lambda client, a: introspect_token.sync_detailed(
        client=client,
        body=IntrospectionRequest(token=a["body"]["token"], token_type_hint=a["body"].get("token_type_hint", UNSET)),
    ),
    "forwardAuth": lambda client, a: forward_auth.sync_detailed(client=client, scope=a.get("scope", UNSET)),
    "getApiKeyPolicy": lambda client, a: get_api_key_policy.sync_detailed(a["item_id"], client=client),
    "setApiKeyPolicy": lambda client, a: set_api_key_policy.sync_detailed(
        a["item_id"], client=client, body=policy(a["body"]), if_match=a.get("If-Match", UNSET)
    ),
    "getApiKeyUsage": lambda client, a: get_api_key_usage.sync_detailed(a["item_id"], client=client),
    "disableApiKey": lambda client, a: disable_api_key.sync_detailed(a["item_id"], client=client),
    "enableApiKey": lambda client, a: enable_api_key.sync_detailed(a["item_id"], client=client),
    "rotateApiKey": lambda client, a: rotate_api_key.sync_detailed(
        a["item_id"],
        client=client,
        body=APIKeyRotate(overlap_seconds=a["body"].get("overlap_seconds", UNSET)),
        idempotency_key=a.get("Idempotency-Key", UNSET),
    ),
    "revokeApiKey": lambda client, a: revoke_api_key.sync_detailed(
        a["item_id"], client=client, body=APIKeyRevoke(reason=a["body"].get("reason", UNSET))
    ),
    "listAuditEvents": lambda client, a: list_audit_events.sync_detailed(
        client=client,
        limit=a.get("limit", UNSET),
        cursor=a.get("cursor", UNSET),
        key_id=a.get("key_id", UNSET),
        actor_user_id=a.get("actor_user_id", UNSET),
        action=AuditAction(a["action"]) if "action" in a else UNSET,
    ),
}


def call(request: dict[str, Any]) -> Response[Any] | None:
    operation, url, credentials = request["operation"], request["base_url"], request["credentials"]
    if operation in ANONYMOUS:
        with Client(base_url=url) as client:
            return ANONYMOUS[operation](client, request["arguments"])
    if "api_key" in credentials:
        caller = AuthenticatedClient(
            base_url=url, token=credentials["api_key"], prefix="", auth_header_name="X-API-Key"
        )
    elif "bearer" in credentials:
        caller = AuthenticatedClient(base_url=url, token=credentials["bearer"])
    else:
        return None
    with caller:
        return AUTHENTICATED[operation](caller, request["arguments"])


def encode_body(value: Any) -> Any:
    return [item.to_dict() for item in value] if isinstance(value, list) else value.to_dict()


def encode_response(response: Response[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"status": response.status_code, "headers": dict(response.headers)}
    if response.status_code >= 400:
        kinds = (HTTPValidationError, Problem, TokenError)
        result["error"] = type(response.parsed).__name__ if isinstance(response.parsed, kinds) else "unknown"
    if response.parsed is not None:
        result["body"] = encode_body(response.parsed)
    return result


for line in sys.stdin:
    try:
        response = call(json.loads(line))
        result = encode_response(response) if response else {"rejected": "the types require a credential"}
    except Exception as error:
        result = {"failure": repr(error)}
    print(json.dumps(result), flush=True)
