"""The methods of a Latchkey: `Latchkey` and `AsyncLatchkey`, and the groups of their methods."""

import builtins
import datetime
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Any, Literal, Self

import httpx

from .api.api_key_lifecycle import disable_api_key, enable_api_key, revoke_api_key, rotate_api_key
from .api.api_key_policies import get_api_key_policy, set_api_key_policy
from .api.api_key_search import revoke_api_keys, search_api_keys
from .api.api_keys import (
    create_api_key,
    delete_api_key,
    get_api_key,
    get_api_key_metadata,
    get_api_key_usage,
    list_api_keys,
    set_api_key_metadata,
    update_api_key,
)
from .api.audit import list_audit_events
from .api.members import create_service_account, list_members, remove_member, set_member
from .api.owners import create_owner_token, delete_owner, get_owner, issue_api_key, list_owners, upsert_owner
from .api.projects import create_project, get_project, list_projects, update_project
from .api.users import change_password, create_user, get_current_user, get_user, list_users, update_user
from .api.verification import verify_api_key
from .models import (
    APIKeyCreate,
    APIKeyFilter,
    APIKeyIssue,
    APIKeyMetadata,
    APIKeyMetadataRead,
    APIKeyPolicy,
    APIKeyPolicyRead,
    APIKeyRecordCreate,
    APIKeyRecordRead,
    APIKeyRevocation,
    APIKeyRevocationResult,
    APIKeyRevoke,
    APIKeyRotate,
    APIKeyStatus,
    APIKeyUsage,
    APIKeyVerification,
    APIKeyVerify,
    AuditEvent,
    FoundAPIKey,
    Member,
    MemberRole,
    MemberSet,
    Owner,
    OwnerTokenCreate,
    OwnerUpsert,
    PasswordChange,
    Project,
    ProjectCreate,
    ProjectSettingsUpdate,
    ProjectUpdate,
    RateLimit,
    ServiceAccountCreate,
    TokenResponse,
    User,
    UserCreate,
    UserRead,
    UserUpdate,
)
from .transport import AsyncTransport, Request, Transport
from .types import UNSET, Unset


def member(kind: Callable[[str], Any], value: Any) -> Any:
    """The member of an enumeration that a text names, or each of a list; None and `UNSET` remain."""
    if isinstance(value, list):
        return [kind(text) for text in value]
    return value if value is None or isinstance(value, Unset) else kind(value)


class KeysPolicy:
    """`get`, `set`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def get(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyPolicyRead:
        """Get an API key's policy.

        Returns the restrictions of a key. A member that is `null` does not restrict the key.

        Args:
            item_id: The `id` of the key.
        """
        return self._transport.call(
            get_api_key_policy._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyPolicyRead.from_dict,
        )

    def set(
        self,
        item_id: int,
        *,
        scopes: builtins.list[str] | None | Unset = UNSET,
        networks: builtins.list[str] | None | Unset = UNSET,
        not_before: datetime.datetime | None | Unset = UNSET,
        rate_limit: RateLimit | None | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyPolicyRead:
        """Replace an API key's policy.

        Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a policy
        has the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows more
        than the caller has gets a 403, and so does any policy for a key that may do more than the caller.

        Args:
            item_id: The `id` of the key.
            scopes: The only scopes that the key has.
            networks: The only networks that the key may be used from; bits beyond the prefix are ignored.
            not_before: When the key becomes valid; before this time it is pending. RFC 3339 with an offset.
            rate_limit: How often the key may be verified.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            set_api_key_policy._get_kwargs(
                item_id,
                body=APIKeyPolicy(
                    scopes=scopes,
                    networks=networks,
                    not_before=not_before,
                    rate_limit=rate_limit,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyPolicyRead.from_dict,
        )


class KeysMetadata:
    """`get`, `set`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def get(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyMetadataRead:
        """Get an API key's metadata.

        Returns the strings that the deployer attached to a key.

        Args:
            item_id: The `id` of the key.
        """
        return self._transport.call(
            get_api_key_metadata._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyMetadataRead.from_dict,
        )

    def set(
        self,
        item_id: int,
        metadata: dict[str, str],
        *,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyMetadataRead:
        """Replace an API key's metadata.

        Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.

        Args:
            item_id: The `id` of the key.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            set_api_key_metadata._get_kwargs(
                item_id,
                body=APIKeyMetadata(
                    metadata=metadata,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyMetadataRead.from_dict,
        )


class Keys:
    """`create`, `list`, `issue`, `search`, `revoke_matching`, `usage`, `disable`, `enable`, `rotate`, `revoke`, `get`, `update`, `delete`."""

    def __init__(self, transport: Transport):
        self._transport = transport
        self.policy = KeysPolicy(transport)
        self.metadata = KeysMetadata(transport)

    def create(
        self,
        *,
        expires_at: datetime.datetime | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        policy: APIKeyPolicy | None | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Create an API key.

        Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be retrieved
        later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a 403, and
        a key without a `policy` gets the restrictions of the credential that creates it. A key that is created with an
        API key expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata` (403).
        With `Idempotency-Key` the request can be repeated safely.

        Args:
            expires_at: When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC.
                A time in the past makes the key expired. Absent or `null`: when the API key that creates it expires;
                never, if that never expires or the key is created with a bearer token.
            description: What the key is used for; any characters except U+0000.
            policy: What restricts the key. Absent or `null`: it gets the restrictions of the credential that creates
                it.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            idempotency_key: A text that is unique to this request, such as a random UUID. For one hour the same request
                with the same text gets the same result, including the secret, which is stored encrypted for that time.
                A different request with the same text gets a 409.
        """
        return self._transport.call(
            create_api_key._get_kwargs(
                body=APIKeyCreate(
                    expires_at=expires_at,
                    description=description,
                    policy=policy,
                    metadata=metadata,
                ),
                idempotency_key=idempotency_key or str(uuid.uuid4()),
            ),
            "keyed",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def list(
        self,
        *,
        limit: int | Unset = UNSET,
        status: APIKeyStatus | Literal["active", "pending", "disabled", "revoked", "expired"] | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Iterator[APIKeyRecordRead]:
        """List API keys.

        Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a
        `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.

        Args:
            limit: The maximum number of items on a page.
            status: Return only keys with this status.
        """

        def page(cursor: str | None) -> Request:
            return list_api_keys._get_kwargs(
                limit=limit,
                status=member(APIKeyStatus, status),
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "link", "repeatable", retry, timeout, APIKeyRecordRead.from_dict)

    def issue(
        self,
        project: str,
        *,
        external_id: str | Unset = UNSET,
        service_account: str | Unset = UNSET,
        expires_at: datetime.datetime | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        policy: APIKeyPolicy | None | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Issue an API key to an owner or a service account.

        Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an
        admin of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved
        later. The key is managed: its owner can restrict it, and not extend it. Without scopes, it has the default
        scopes of the project. With `Idempotency-Key` the request can be repeated safely.

        Args:
            project: The slug of the project.
            external_id: The external id of the owner, which is created if there is none.
            service_account: The name of the service account, in place of `external_id`.
            expires_at: When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC.
                Absent or `null`: after the default lifetime of the project, if it has one.
            description: What the key is used for; any characters except U+0000.
            policy: What restricts the key. Absent or `null` for the default policy of the project.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            idempotency_key: A text that is unique to this request, such as a random UUID. For one hour the same request
                with the same text gets the same result, including the secret, which is stored encrypted for that time.
                A different request with the same text gets a 409.
        """
        return self._transport.call(
            issue_api_key._get_kwargs(
                project,
                body=APIKeyIssue(
                    external_id=external_id,
                    service_account=service_account,
                    expires_at=expires_at,
                    description=description,
                    policy=policy,
                    metadata=metadata,
                ),
                idempotency_key=idempotency_key or str(uuid.uuid4()),
            ),
            "keyed",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def search(
        self,
        project: str,
        *,
        key: str | Unset = UNSET,
        owner: str | Unset = UNSET,
        status: APIKeyStatus | Literal["active", "pending", "disabled", "revoked", "expired"] | Unset = UNSET,
        description: str | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        expires_after: datetime.datetime | Unset = UNSET,
        expires_before: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        unused_since: datetime.datetime | Unset = UNSET,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Iterator[FoundAPIKey]:
        """Find API keys.

        Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those of
        a beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the
        order in which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may
        have fewer keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most.
        Deleted keys are not found. What is sent as `key` is neither logged nor returned.

        Args:
            project: The slug of the project.
            key: A whole key, or how it begins: 4 characters or more. Of what is not a whole key, the first 12
                characters count.
            owner: The external id of the owner.
            status: The status of a key: `active`; `pending` before its `not_before`; `disabled`; `revoked`; `expired`.
                Of several, the one that cannot be undone is reported first.
            description: What the description contains, in upper or lower case.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            expires_after: The key expires after this time. Keys that never expire do not.
            expires_before: The key expires before this time.
            created_before: The key was created before this time.
            unused_since: The key was created before this time, and was not used since.
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return search_api_keys._get_kwargs(
                project,
                body=APIKeyFilter(
                    key=key,
                    owner=owner,
                    status=member(APIKeyStatus, status),
                    description=description,
                    metadata=metadata,
                    expires_after=expires_after,
                    expires_before=expires_before,
                    created_before=created_before,
                    unused_since=unused_since,
                ),
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, FoundAPIKey.from_dict)

    def revoke_matching(
        self,
        project: str,
        filter_: APIKeyFilter,
        dry_run: bool,
        limit: int,
        *,
        reason: str | Unset = UNSET,
        cursor: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRevocationResult:
        """Revoke many API keys.

        Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up
        to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope
        `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and
        says how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after
        the first request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not
        match.

        Args:
            project: The slug of the project.
            filter_: Conditions on a key, all of which it must meet. A condition that is absent is met by every key.
            dry_run: Whether the keys are counted, and none is revoked.
            limit: The most keys that one request revokes.
            reason: Why the keys are revoked, for the audit trail.
            cursor: The `next_cursor` of the request before.
        """
        return self._transport.call(
            revoke_api_keys._get_kwargs(
                project,
                body=APIKeyRevocation(
                    filter_=filter_,
                    dry_run=dry_run,
                    limit=limit,
                    reason=reason,
                    cursor=cursor,
                ),
            ),
            "rejected",
            retry,
            timeout,
            APIKeyRevocationResult.from_dict,
        )

    def usage(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyUsage:
        """Get an API key's usage.

        Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node that
        crashes loses at most ten seconds of them.

        Args:
            item_id: The `id` of the key.
        """
        return self._transport.call(
            get_api_key_usage._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyUsage.from_dict,
        )

    def disable(
        self,
        item_id: int,
        *,
        wait_until_effective: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Disable an API key.

        The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more
        than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            wait_until_effective: Whether the response waits, for about a second, until no node that reaches the
                database reports the key as valid any more. The change itself does not wait: it is made even if the
                client disconnects meanwhile.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            disable_api_key._get_kwargs(
                item_id,
                wait_until_effective=wait_until_effective,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def enable(
        self,
        item_id: int,
        *,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Enable an API key.

        Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no effect.
        A key that may do more than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            enable_api_key._get_kwargs(
                item_id,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def rotate(
        self,
        item_id: int,
        *,
        grace_period_seconds: int | Unset = UNSET,
        if_match: str | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Rotate an API key.

        Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in
        this response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier;
        without a grace period it is revoked. Only an active or pending key without a successor can be rotated: of
        several concurrent rotations one gets a 201 and the others get a 409. A key that may do more than the caller
        gets a 403, and so does a key that expires later than the API key that rotates it. A key may rotate itself. With
        `Idempotency-Key` the request can be repeated safely.

        Args:
            item_id: The `id` of the key.
            grace_period_seconds: How long the old key remains valid, in seconds; 0 if absent.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
            idempotency_key: A text that is unique to this request, such as a random UUID. For one hour the same request
                with the same text gets the same result, including the secret, which is stored encrypted for that time.
                A different request with the same text gets a 409.
        """
        return self._transport.call(
            rotate_api_key._get_kwargs(
                item_id,
                body=APIKeyRotate(
                    grace_period_seconds=grace_period_seconds,
                ),
                if_match=if_match,
                idempotency_key=idempotency_key or str(uuid.uuid4()),
            ),
            "keyed",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def revoke(
        self,
        item_id: int,
        *,
        reason: str | None | Unset = UNSET,
        wait_until_effective: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Revoke an API key.

        Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that may
        do more than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            reason: The reason, for the audit trail. It must not contain secrets.
            wait_until_effective: Whether the response waits, for about a second, until no node that reaches the
                database reports the key as valid any more. The change itself does not wait: it is made even if the
                client disconnects meanwhile.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            revoke_api_key._get_kwargs(
                item_id,
                body=APIKeyRevoke(
                    reason=reason,
                ),
                wait_until_effective=wait_until_effective,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def get(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Get an API key.

        Returns a key of the caller, without its secret.

        Args:
            item_id: The `id` of the key.
        """
        return self._transport.call(
            get_api_key._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def update(
        self,
        item_id: int,
        *,
        expires_at: datetime.datetime | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Update.

        Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the
        value. `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do
        more than the caller gets a 403. An API key that expires can set no later expiry than its own, neither for
        itself nor for another key, and cannot remove one: that gets a 403.

        Args:
            item_id: The `id` of the key.
            expires_at: When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC.
                A time in the past makes the key expired.
            description: What the key is used for; any characters except U+0000.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            update_api_key._get_kwargs(
                item_id,
                body=APIKeyRecordCreate(
                    expires_at=expires_at,
                    description=description,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def delete(
        self,
        item_id: int,
        *,
        wait_until_effective: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Delete an API key.

        Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps
        it. A key that may do more than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            wait_until_effective: Whether the response waits, for about a second, until no node that reaches the
                database reports the key as valid any more. The change itself does not wait: it is made even if the
                client disconnects meanwhile.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            delete_api_key._get_kwargs(
                item_id,
                wait_until_effective=wait_until_effective,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            lambda _: None,
        )


class Projects:
    """`create`, `list`, `get`, `update`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def create(
        self,
        slug: str,
        *,
        settings: ProjectSettingsUpdate | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Project:
        """Create a project.

        Creates a project. Its slug is immutable. Settings that are absent have their defaults.

        Args:
            slug: The name of the project in paths; it cannot be changed.
            settings: Settings of a project. A member that is absent does not change; `null` removes the value.
        """
        return self._transport.call(
            create_project._get_kwargs(
                body=ProjectCreate(
                    slug=slug,
                    settings=settings,
                ),
            ),
            "rejected",
            retry,
            timeout,
            Project.from_dict,
        )

    def list(
        self,
        *,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Iterator[Project]:
        """List projects.

        Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass `next_cursor`
        as `cursor` to get the next page, until it is `null`.

        Args:
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return list_projects._get_kwargs(
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, Project.from_dict)

    def get(
        self,
        project: str,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Project:
        """Get a project.

        Returns a project with its settings. A project that the caller does not belong to gets a 404.

        Args:
            project: The slug of the project.
        """
        return self._transport.call(
            get_project._get_kwargs(
                project,
            ),
            "repeatable",
            retry,
            timeout,
            Project.from_dict,
        )

    def update(
        self,
        project: str,
        *,
        settings: ProjectSettingsUpdate | Unset = UNSET,
        disabled: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Project:
        """Update a project.

        Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key
        of a disabled project is valid. The project `default` cannot be disabled.

        Args:
            project: The slug of the project.
            settings: Settings of a project. A member that is absent does not change; `null` removes the value.
            disabled: Whether no key of the project is valid.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return self._transport.call(
            update_project._get_kwargs(
                project,
                body=ProjectUpdate(
                    settings=settings,
                    disabled=disabled,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            Project.from_dict,
        )


class Owners:
    """`upsert`, `list`, `get`, `delete`, `create_token`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def upsert(
        self,
        project: str,
        external_id: str,
        *,
        display_name: str | None | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        disabled: bool | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Owner:
        """Create or update an owner.

        Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not
        change. External ids are compared byte for byte. A disabled owner has no valid key.

        Args:
            project: The slug of the project.
            external_id: The id of the owner in the deployer's system: any characters but control characters, compared
                byte for byte.
            display_name: A name for people; `null` for none. Absent: unchanged.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            disabled: Whether no key of the owner is valid. Absent: unchanged.
        """
        return self._transport.call(
            upsert_owner._get_kwargs(
                project,
                body=OwnerUpsert(
                    external_id=external_id,
                    display_name=display_name,
                    metadata=metadata,
                    disabled=disabled,
                ),
            ),
            "repeatable",
            retry,
            timeout,
            Owner.from_dict,
        )

    def list(
        self,
        project: str,
        *,
        limit: int | Unset = UNSET,
        external_id: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Iterator[Owner]:
        """List owners.

        Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as
        `cursor` to get the next page, until it is `null`.

        Args:
            project: The slug of the project.
            limit: The maximum number of items on a page.
            external_id: Return only the owner with this external id.
        """

        def page(cursor: str | None) -> Request:
            return list_owners._get_kwargs(
                project,
                limit=limit,
                external_id=external_id,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, Owner.from_dict)

    def get(
        self,
        project: str,
        owner_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Owner:
        """Get an owner.

        Returns an owner of the project.

        Args:
            project: The slug of the project.
            owner_id: The `id` of the owner.
        """
        return self._transport.call(
            get_owner._get_kwargs(
                project,
                owner_id,
            ),
            "repeatable",
            retry,
            timeout,
            Owner.from_dict,
        )

    def delete(
        self,
        project: str,
        owner_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Delete an owner.

        Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys,
        which are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can
        then name a new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.

        Args:
            project: The slug of the project.
            owner_id: The `id` of the owner.
        """
        return self._transport.call(
            delete_owner._get_kwargs(
                project,
                owner_id,
            ),
            "repeatable",
            retry,
            timeout,
            lambda _: None,
        )

    def create_token(
        self,
        project: str,
        external_id: str,
        *,
        scopes: builtins.list[str] | Unset = UNSET,
        key_scopes: builtins.list[str] | Unset = UNSET,
        expires_in: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> TokenResponse:
        """Create an owner token.

        Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of
        the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the
        caller or the API key that created it is disabled, or the caller may no longer change owners. A browser may use
        it on pages of the allowed origins of the project.

        Args:
            project: The slug of the project.
            external_id: The external id of the owner.
            scopes: The scopes of the token, of `latchkey:keys.read`, `latchkey:keys.manage` and `latchkey:keys.write`.
                Absent: the first two.
            key_scopes: The scopes that keys may have which the token creates or restricts. Absent: the default scopes
                of the project.
            expires_in: How long the token is valid, in seconds; 900 if absent.
        """
        return self._transport.call(
            create_owner_token._get_kwargs(
                project,
                body=OwnerTokenCreate(
                    external_id=external_id,
                    scopes=scopes,
                    key_scopes=key_scopes,
                    expires_in=expires_in,
                ),
            ),
            "repeatable",
            retry,
            timeout,
            TokenResponse.from_dict,
        )


class Members:
    """`list`, `set`, `remove`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def list(
        self,
        project: str,
        *,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Iterator[Member]:
        """List members.

        Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page,
        until it is `null`. Administrators reach every project and are not listed for it.

        Args:
            project: The slug of the project.
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return list_members._get_kwargs(
                project,
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, Member.from_dict)

    def set(
        self,
        project: str,
        user_id: int,
        role: MemberRole | Literal["admin", "manager", "auditor", "verifier"],
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Member:
        """Give a user a role.

        Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens
        and API keys that exist. A service account that was removed cannot become a member again.

        Args:
            project: The slug of the project.
            user_id: The id of the user or service account.
            role: What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit
                events; `manager`: also manage owners and their keys; `admin`: everything.
        """
        return self._transport.call(
            set_member._get_kwargs(
                project,
                user_id,
                body=MemberSet(
                    role=member(MemberRole, role),
                ),
            ),
            "repeatable",
            retry,
            timeout,
            Member.from_dict,
        )

    def remove(
        self,
        project: str,
        user_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove a member.

        Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid. What
        is no member is 404.

        Args:
            project: The slug of the project.
            user_id: The id of the user or service account.
        """
        return self._transport.call(
            remove_member._get_kwargs(
                project,
                user_id,
            ),
            "repeatable",
            retry,
            timeout,
            lambda _: None,
        )


class ServiceAccounts:
    """`create`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def create(
        self,
        project: str,
        name: str,
        role: MemberRole | Literal["admin", "manager", "auditor", "verifier"],
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Member:
        """Create a service account.

        Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API
        keys, which do what their scopes and the role permit.

        Args:
            project: The slug of the project.
            name: The name, unique among the service accounts of the project.
            role: What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit
                events; `manager`: also manage owners and their keys; `admin`: everything.
        """
        return self._transport.call(
            create_service_account._get_kwargs(
                project,
                body=ServiceAccountCreate(
                    name=name,
                    role=member(MemberRole, role),
                ),
            ),
            "rejected",
            retry,
            timeout,
            Member.from_dict,
        )


class Audit:
    """`events`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def events(
        self,
        *,
        limit: int | Unset = UNSET,
        key_id: int | Unset = UNSET,
        actor_user_id: int | Unset = UNSET,
        action: str | Unset = UNSET,
        since: datetime.datetime | Unset = UNSET,
        until: datetime.datetime | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Iterator[AuditEvent]:
        """List audit events.

        Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of a
        scope. Administrators read all events, members those of the projects in which their role permits it. A change
        and its event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as
        `cursor` to get the next page, until it is `null`.

        Args:
            limit: The maximum number of items on a page.
            key_id: Return only events of this API key.
            actor_user_id: Return only events that this principal caused.
            action: Return only events with this action. It may be an action that this version does not know, because a
                later version may have written it.
            since: Return only events that occurred at or after this time; RFC 3339 with an offset.
            until: Return only events that occurred before this time; RFC 3339 with an offset.
        """

        def page(cursor: str | None) -> Request:
            return list_audit_events._get_kwargs(
                limit=limit,
                key_id=key_id,
                actor_user_id=actor_user_id,
                action=action,
                since=since,
                until=until,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, AuditEvent.from_dict)


class Users:
    """`list`, `create`, `get`, `update`, `change_password`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def list(
        self,
        *,
        username: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Iterator[User]:
        """List users.

        Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only
        administrators manage users.

        Args:
            username: Return only the user of this name.
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return list_users._get_kwargs(
                username=username,
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, User.from_dict)

    def create(
        self,
        username: str,
        *,
        password: str | Unset = UNSET,
        administrator: bool | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> User:
        """Create a user.

        Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be
        given before. `setMember` gives a user roles in projects.

        Args:
            username: The name, unique among users. It cannot be changed.
            password: The password. Without one, nobody can log in as the user.
            administrator: Whether the user may do everything in the instance; by default not.
        """
        return self._transport.call(
            create_user._get_kwargs(
                body=UserCreate(
                    username=username,
                    password=password,
                    administrator=administrator,
                ),
            ),
            "rejected",
            retry,
            timeout,
            User.from_dict,
        )

    def get(
        self,
        user_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> User:
        """Get a user.

        Returns a user, also a disabled one. Service accounts and owners are 404.

        Args:
            user_id: The id of the user.
        """
        return self._transport.call(
            get_user._get_kwargs(
                user_id,
            ),
            "repeatable",
            retry,
            timeout,
            User.from_dict,
        )

    def update(
        self,
        user_id: int,
        *,
        password: str | Unset = UNSET,
        administrator: bool | Unset = UNSET,
        disabled: bool | Unset = UNSET,
        revoke_keys: bool | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> User:
        """Change a user.

        Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens of
        the user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are
        revoked for good, after everything else: if that fails, the rest is done, and the request can be repeated. The
        last administrator who is enabled can neither be disabled nor be made an ordinary user (409).

        Args:
            user_id: The id of the user.
            password: Another password. It ends all bearer tokens of the user.
            administrator: Whether the user may do everything in the instance.
            disabled: Whether the user is disabled. Keys are valid again when the user is enabled, unless they were
                revoked; bearer tokens are not.
            revoke_keys: If true, all API keys that the user has are revoked.
        """
        return self._transport.call(
            update_user._get_kwargs(
                user_id,
                body=UserUpdate(
                    password=password,
                    administrator=administrator,
                    disabled=disabled,
                    revoke_keys=revoke_keys,
                ),
            ),
            "repeatable",
            retry,
            timeout,
            User.from_dict,
        )

    def change_password(
        self,
        current: str,
        new: str,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Change the password of the current user.

        Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay
        valid. It takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and
        restricted tokens get a 403. The current password is checked like that of `issueToken`, under the same limits on
        failed attempts.

        Args:
            current: The password that the user has.
            new: The password that the user gets.
        """
        return self._transport.call(
            change_password._get_kwargs(
                body=PasswordChange(
                    current=current,
                    new=new,
                ),
            ),
            "rejected",
            retry,
            timeout,
            lambda _: None,
        )


class Latchkey:
    """A Latchkey at a URL, called synchronously with one credential.

    Args:
        url: The address; `LATCHKEY_URL` if it is absent.
        api_key: An API key; `LATCHKEY_API_KEY` if there is no credential at all.
        token: A bearer token, in place of an API key.
        username: The name of a user, in place of both: the client logs in, and renews the token in time.
        password: The user's password.
        timeout: The seconds that a call may take, with all that is repeated.
        retries: How often a request is repeated at most.
        http_client: An HTTP client of your own, which you close, and renew in forked processes.

    Each method takes `timeout` as well, and `retry`: whether the request is repeated even if the server may have acted
    on it, or not repeated at all.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        token: str | None = None,
        username: str | None = None,
        password: str | None = None,
        timeout: float = 5.0,
        retries: int = 2,
        http_client: httpx.Client | None = None,
    ):
        self._transport = transport = Transport(
            url,
            api_key=api_key,
            token=token,
            username=username,
            password=password,
            timeout=timeout,
            retries=retries,
            http_client=http_client,
        )
        self.keys = Keys(transport)
        self.projects = Projects(transport)
        self.owners = Owners(transport)
        self.members = Members(transport)
        self.service_accounts = ServiceAccounts(transport)
        self.audit = Audit(transport)
        self.users = Users(transport)

    def __repr__(self) -> str:
        return f"Latchkey({self._transport.url!r}, {self._transport.credential!r})"

    def close(self) -> None:
        """Closes the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def whoami(
        self,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> UserRead:
        """Get the current user.

        Returns the user that the credential of the request belongs to.
        """
        return self._transport.call(get_current_user._get_kwargs(), "repeatable", retry, timeout, UserRead.from_dict)

    def verify(
        self,
        key: str,
        *,
        scopes: builtins.list[str] | None | Unset = UNSET,
        ip: str | None | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyVerification:
        """Verify an API key.

        Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the
        decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no
        node reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was
        made from the key cache. Every verification counts towards the key's usage, and one that is otherwise valid
        towards its rate limit.

        Args:
            key: The key, as the client sent it.
            scopes: The scopes that the key must have.
            ip: The client address. Without it a key that is restricted to networks is invalid.
        """
        return self._transport.call(
            verify_api_key._get_kwargs(
                body=APIKeyVerify(
                    key=key,
                    scopes=scopes,
                    ip=ip,
                ),
            ),
            "rejected",
            retry,
            timeout,
            APIKeyVerification.from_dict,
        )


class AsyncKeysPolicy:
    """`get`, `set`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    async def get(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyPolicyRead:
        """Get an API key's policy.

        Returns the restrictions of a key. A member that is `null` does not restrict the key.

        Args:
            item_id: The `id` of the key.
        """
        return await self._transport.call(
            get_api_key_policy._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyPolicyRead.from_dict,
        )

    async def set(
        self,
        item_id: int,
        *,
        scopes: builtins.list[str] | None | Unset = UNSET,
        networks: builtins.list[str] | None | Unset = UNSET,
        not_before: datetime.datetime | None | Unset = UNSET,
        rate_limit: RateLimit | None | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyPolicyRead:
        """Replace an API key's policy.

        Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a policy
        has the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows more
        than the caller has gets a 403, and so does any policy for a key that may do more than the caller.

        Args:
            item_id: The `id` of the key.
            scopes: The only scopes that the key has.
            networks: The only networks that the key may be used from; bits beyond the prefix are ignored.
            not_before: When the key becomes valid; before this time it is pending. RFC 3339 with an offset.
            rate_limit: How often the key may be verified.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            set_api_key_policy._get_kwargs(
                item_id,
                body=APIKeyPolicy(
                    scopes=scopes,
                    networks=networks,
                    not_before=not_before,
                    rate_limit=rate_limit,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyPolicyRead.from_dict,
        )


class AsyncKeysMetadata:
    """`get`, `set`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    async def get(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyMetadataRead:
        """Get an API key's metadata.

        Returns the strings that the deployer attached to a key.

        Args:
            item_id: The `id` of the key.
        """
        return await self._transport.call(
            get_api_key_metadata._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyMetadataRead.from_dict,
        )

    async def set(
        self,
        item_id: int,
        metadata: dict[str, str],
        *,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyMetadataRead:
        """Replace an API key's metadata.

        Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.

        Args:
            item_id: The `id` of the key.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            set_api_key_metadata._get_kwargs(
                item_id,
                body=APIKeyMetadata(
                    metadata=metadata,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyMetadataRead.from_dict,
        )


class AsyncKeys:
    """`create`, `list`, `issue`, `search`, `revoke_matching`, `usage`, `disable`, `enable`, `rotate`, `revoke`, `get`, `update`, `delete`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport
        self.policy = AsyncKeysPolicy(transport)
        self.metadata = AsyncKeysMetadata(transport)

    async def create(
        self,
        *,
        expires_at: datetime.datetime | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        policy: APIKeyPolicy | None | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Create an API key.

        Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be retrieved
        later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a 403, and
        a key without a `policy` gets the restrictions of the credential that creates it. A key that is created with an
        API key expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata` (403).
        With `Idempotency-Key` the request can be repeated safely.

        Args:
            expires_at: When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC.
                A time in the past makes the key expired. Absent or `null`: when the API key that creates it expires;
                never, if that never expires or the key is created with a bearer token.
            description: What the key is used for; any characters except U+0000.
            policy: What restricts the key. Absent or `null`: it gets the restrictions of the credential that creates
                it.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            idempotency_key: A text that is unique to this request, such as a random UUID. For one hour the same request
                with the same text gets the same result, including the secret, which is stored encrypted for that time.
                A different request with the same text gets a 409.
        """
        return await self._transport.call(
            create_api_key._get_kwargs(
                body=APIKeyCreate(
                    expires_at=expires_at,
                    description=description,
                    policy=policy,
                    metadata=metadata,
                ),
                idempotency_key=idempotency_key or str(uuid.uuid4()),
            ),
            "keyed",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def list(
        self,
        *,
        limit: int | Unset = UNSET,
        status: APIKeyStatus | Literal["active", "pending", "disabled", "revoked", "expired"] | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[APIKeyRecordRead]:
        """List API keys.

        Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a
        `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.

        Args:
            limit: The maximum number of items on a page.
            status: Return only keys with this status.
        """

        def page(cursor: str | None) -> Request:
            return list_api_keys._get_kwargs(
                limit=limit,
                status=member(APIKeyStatus, status),
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "link", "repeatable", retry, timeout, APIKeyRecordRead.from_dict)

    async def issue(
        self,
        project: str,
        *,
        external_id: str | Unset = UNSET,
        service_account: str | Unset = UNSET,
        expires_at: datetime.datetime | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        policy: APIKeyPolicy | None | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Issue an API key to an owner or a service account.

        Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an
        admin of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved
        later. The key is managed: its owner can restrict it, and not extend it. Without scopes, it has the default
        scopes of the project. With `Idempotency-Key` the request can be repeated safely.

        Args:
            project: The slug of the project.
            external_id: The external id of the owner, which is created if there is none.
            service_account: The name of the service account, in place of `external_id`.
            expires_at: When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC.
                Absent or `null`: after the default lifetime of the project, if it has one.
            description: What the key is used for; any characters except U+0000.
            policy: What restricts the key. Absent or `null` for the default policy of the project.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            idempotency_key: A text that is unique to this request, such as a random UUID. For one hour the same request
                with the same text gets the same result, including the secret, which is stored encrypted for that time.
                A different request with the same text gets a 409.
        """
        return await self._transport.call(
            issue_api_key._get_kwargs(
                project,
                body=APIKeyIssue(
                    external_id=external_id,
                    service_account=service_account,
                    expires_at=expires_at,
                    description=description,
                    policy=policy,
                    metadata=metadata,
                ),
                idempotency_key=idempotency_key or str(uuid.uuid4()),
            ),
            "keyed",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    def search(
        self,
        project: str,
        *,
        key: str | Unset = UNSET,
        owner: str | Unset = UNSET,
        status: APIKeyStatus | Literal["active", "pending", "disabled", "revoked", "expired"] | Unset = UNSET,
        description: str | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        expires_after: datetime.datetime | Unset = UNSET,
        expires_before: datetime.datetime | Unset = UNSET,
        created_before: datetime.datetime | Unset = UNSET,
        unused_since: datetime.datetime | Unset = UNSET,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[FoundAPIKey]:
        """Find API keys.

        Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those of
        a beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the
        order in which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may
        have fewer keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most.
        Deleted keys are not found. What is sent as `key` is neither logged nor returned.

        Args:
            project: The slug of the project.
            key: A whole key, or how it begins: 4 characters or more. Of what is not a whole key, the first 12
                characters count.
            owner: The external id of the owner.
            status: The status of a key: `active`; `pending` before its `not_before`; `disabled`; `revoked`; `expired`.
                Of several, the one that cannot be undone is reported first.
            description: What the description contains, in upper or lower case.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            expires_after: The key expires after this time. Keys that never expire do not.
            expires_before: The key expires before this time.
            created_before: The key was created before this time.
            unused_since: The key was created before this time, and was not used since.
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return search_api_keys._get_kwargs(
                project,
                body=APIKeyFilter(
                    key=key,
                    owner=owner,
                    status=member(APIKeyStatus, status),
                    description=description,
                    metadata=metadata,
                    expires_after=expires_after,
                    expires_before=expires_before,
                    created_before=created_before,
                    unused_since=unused_since,
                ),
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, FoundAPIKey.from_dict)

    async def revoke_matching(
        self,
        project: str,
        filter_: APIKeyFilter,
        dry_run: bool,
        limit: int,
        *,
        reason: str | Unset = UNSET,
        cursor: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRevocationResult:
        """Revoke many API keys.

        Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up
        to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope
        `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and
        says how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after
        the first request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not
        match.

        Args:
            project: The slug of the project.
            filter_: Conditions on a key, all of which it must meet. A condition that is absent is met by every key.
            dry_run: Whether the keys are counted, and none is revoked.
            limit: The most keys that one request revokes.
            reason: Why the keys are revoked, for the audit trail.
            cursor: The `next_cursor` of the request before.
        """
        return await self._transport.call(
            revoke_api_keys._get_kwargs(
                project,
                body=APIKeyRevocation(
                    filter_=filter_,
                    dry_run=dry_run,
                    limit=limit,
                    reason=reason,
                    cursor=cursor,
                ),
            ),
            "rejected",
            retry,
            timeout,
            APIKeyRevocationResult.from_dict,
        )

    async def usage(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyUsage:
        """Get an API key's usage.

        Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node that
        crashes loses at most ten seconds of them.

        Args:
            item_id: The `id` of the key.
        """
        return await self._transport.call(
            get_api_key_usage._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyUsage.from_dict,
        )

    async def disable(
        self,
        item_id: int,
        *,
        wait_until_effective: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Disable an API key.

        The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more
        than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            wait_until_effective: Whether the response waits, for about a second, until no node that reaches the
                database reports the key as valid any more. The change itself does not wait: it is made even if the
                client disconnects meanwhile.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            disable_api_key._get_kwargs(
                item_id,
                wait_until_effective=wait_until_effective,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    async def enable(
        self,
        item_id: int,
        *,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Enable an API key.

        Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no effect.
        A key that may do more than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            enable_api_key._get_kwargs(
                item_id,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    async def rotate(
        self,
        item_id: int,
        *,
        grace_period_seconds: int | Unset = UNSET,
        if_match: str | Unset = UNSET,
        idempotency_key: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Rotate an API key.

        Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in
        this response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier;
        without a grace period it is revoked. Only an active or pending key without a successor can be rotated: of
        several concurrent rotations one gets a 201 and the others get a 409. A key that may do more than the caller
        gets a 403, and so does a key that expires later than the API key that rotates it. A key may rotate itself. With
        `Idempotency-Key` the request can be repeated safely.

        Args:
            item_id: The `id` of the key.
            grace_period_seconds: How long the old key remains valid, in seconds; 0 if absent.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
            idempotency_key: A text that is unique to this request, such as a random UUID. For one hour the same request
                with the same text gets the same result, including the secret, which is stored encrypted for that time.
                A different request with the same text gets a 409.
        """
        return await self._transport.call(
            rotate_api_key._get_kwargs(
                item_id,
                body=APIKeyRotate(
                    grace_period_seconds=grace_period_seconds,
                ),
                if_match=if_match,
                idempotency_key=idempotency_key or str(uuid.uuid4()),
            ),
            "keyed",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    async def revoke(
        self,
        item_id: int,
        *,
        reason: str | None | Unset = UNSET,
        wait_until_effective: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Revoke an API key.

        Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that may
        do more than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            reason: The reason, for the audit trail. It must not contain secrets.
            wait_until_effective: Whether the response waits, for about a second, until no node that reaches the
                database reports the key as valid any more. The change itself does not wait: it is made even if the
                client disconnects meanwhile.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            revoke_api_key._get_kwargs(
                item_id,
                body=APIKeyRevoke(
                    reason=reason,
                ),
                wait_until_effective=wait_until_effective,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    async def get(
        self,
        item_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Get an API key.

        Returns a key of the caller, without its secret.

        Args:
            item_id: The `id` of the key.
        """
        return await self._transport.call(
            get_api_key._get_kwargs(
                item_id,
            ),
            "repeatable",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    async def update(
        self,
        item_id: int,
        *,
        expires_at: datetime.datetime | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyRecordRead:
        """Update.

        Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the
        value. `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do
        more than the caller gets a 403. An API key that expires can set no later expiry than its own, neither for
        itself nor for another key, and cannot remove one: that gets a 403.

        Args:
            item_id: The `id` of the key.
            expires_at: When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC.
                A time in the past makes the key expired.
            description: What the key is used for; any characters except U+0000.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            update_api_key._get_kwargs(
                item_id,
                body=APIKeyRecordCreate(
                    expires_at=expires_at,
                    description=description,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            APIKeyRecordRead.from_dict,
        )

    async def delete(
        self,
        item_id: int,
        *,
        wait_until_effective: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Delete an API key.

        Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps
        it. A key that may do more than the caller gets a 403.

        Args:
            item_id: The `id` of the key.
            wait_until_effective: Whether the response waits, for about a second, until no node that reaches the
                database reports the key as valid any more. The change itself does not wait: it is made even if the
                client disconnects meanwhile.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            delete_api_key._get_kwargs(
                item_id,
                wait_until_effective=wait_until_effective,
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            lambda _: None,
        )


class AsyncProjects:
    """`create`, `list`, `get`, `update`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    async def create(
        self,
        slug: str,
        *,
        settings: ProjectSettingsUpdate | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Project:
        """Create a project.

        Creates a project. Its slug is immutable. Settings that are absent have their defaults.

        Args:
            slug: The name of the project in paths; it cannot be changed.
            settings: Settings of a project. A member that is absent does not change; `null` removes the value.
        """
        return await self._transport.call(
            create_project._get_kwargs(
                body=ProjectCreate(
                    slug=slug,
                    settings=settings,
                ),
            ),
            "rejected",
            retry,
            timeout,
            Project.from_dict,
        )

    def list(
        self,
        *,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[Project]:
        """List projects.

        Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass `next_cursor`
        as `cursor` to get the next page, until it is `null`.

        Args:
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return list_projects._get_kwargs(
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, Project.from_dict)

    async def get(
        self,
        project: str,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Project:
        """Get a project.

        Returns a project with its settings. A project that the caller does not belong to gets a 404.

        Args:
            project: The slug of the project.
        """
        return await self._transport.call(
            get_project._get_kwargs(
                project,
            ),
            "repeatable",
            retry,
            timeout,
            Project.from_dict,
        )

    async def update(
        self,
        project: str,
        *,
        settings: ProjectSettingsUpdate | Unset = UNSET,
        disabled: bool | Unset = UNSET,
        if_match: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Project:
        """Update a project.

        Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key
        of a disabled project is valid. The project `default` cannot be disabled.

        Args:
            project: The slug of the project.
            settings: Settings of a project. A member that is absent does not change; `null` removes the value.
            disabled: Whether no key of the project is valid.
            if_match: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has
                changed since, nothing is done and the status is 412.
        """
        return await self._transport.call(
            update_project._get_kwargs(
                project,
                body=ProjectUpdate(
                    settings=settings,
                    disabled=disabled,
                ),
                if_match=if_match,
            ),
            "repeatable" if isinstance(if_match, Unset) else "rejected",
            retry,
            timeout,
            Project.from_dict,
        )


class AsyncOwners:
    """`upsert`, `list`, `get`, `delete`, `create_token`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    async def upsert(
        self,
        project: str,
        external_id: str,
        *,
        display_name: str | None | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        disabled: bool | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Owner:
        """Create or update an owner.

        Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not
        change. External ids are compared byte for byte. A disabled owner has no valid key.

        Args:
            project: The slug of the project.
            external_id: The id of the owner in the deployer's system: any characters but control characters, compared
                byte for byte.
            display_name: A name for people; `null` for none. Absent: unchanged.
            metadata: Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40
                letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without
                spaces, all together have at most 4,096 bytes.
            disabled: Whether no key of the owner is valid. Absent: unchanged.
        """
        return await self._transport.call(
            upsert_owner._get_kwargs(
                project,
                body=OwnerUpsert(
                    external_id=external_id,
                    display_name=display_name,
                    metadata=metadata,
                    disabled=disabled,
                ),
            ),
            "repeatable",
            retry,
            timeout,
            Owner.from_dict,
        )

    def list(
        self,
        project: str,
        *,
        limit: int | Unset = UNSET,
        external_id: str | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[Owner]:
        """List owners.

        Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as
        `cursor` to get the next page, until it is `null`.

        Args:
            project: The slug of the project.
            limit: The maximum number of items on a page.
            external_id: Return only the owner with this external id.
        """

        def page(cursor: str | None) -> Request:
            return list_owners._get_kwargs(
                project,
                limit=limit,
                external_id=external_id,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, Owner.from_dict)

    async def get(
        self,
        project: str,
        owner_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Owner:
        """Get an owner.

        Returns an owner of the project.

        Args:
            project: The slug of the project.
            owner_id: The `id` of the owner.
        """
        return await self._transport.call(
            get_owner._get_kwargs(
                project,
                owner_id,
            ),
            "repeatable",
            retry,
            timeout,
            Owner.from_dict,
        )

    async def delete(
        self,
        project: str,
        owner_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Delete an owner.

        Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys,
        which are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can
        then name a new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.

        Args:
            project: The slug of the project.
            owner_id: The `id` of the owner.
        """
        return await self._transport.call(
            delete_owner._get_kwargs(
                project,
                owner_id,
            ),
            "repeatable",
            retry,
            timeout,
            lambda _: None,
        )

    async def create_token(
        self,
        project: str,
        external_id: str,
        *,
        scopes: builtins.list[str] | Unset = UNSET,
        key_scopes: builtins.list[str] | Unset = UNSET,
        expires_in: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> TokenResponse:
        """Create an owner token.

        Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of
        the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the
        caller or the API key that created it is disabled, or the caller may no longer change owners. A browser may use
        it on pages of the allowed origins of the project.

        Args:
            project: The slug of the project.
            external_id: The external id of the owner.
            scopes: The scopes of the token, of `latchkey:keys.read`, `latchkey:keys.manage` and `latchkey:keys.write`.
                Absent: the first two.
            key_scopes: The scopes that keys may have which the token creates or restricts. Absent: the default scopes
                of the project.
            expires_in: How long the token is valid, in seconds; 900 if absent.
        """
        return await self._transport.call(
            create_owner_token._get_kwargs(
                project,
                body=OwnerTokenCreate(
                    external_id=external_id,
                    scopes=scopes,
                    key_scopes=key_scopes,
                    expires_in=expires_in,
                ),
            ),
            "repeatable",
            retry,
            timeout,
            TokenResponse.from_dict,
        )


class AsyncMembers:
    """`list`, `set`, `remove`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    def list(
        self,
        project: str,
        *,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[Member]:
        """List members.

        Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page,
        until it is `null`. Administrators reach every project and are not listed for it.

        Args:
            project: The slug of the project.
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return list_members._get_kwargs(
                project,
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, Member.from_dict)

    async def set(
        self,
        project: str,
        user_id: int,
        role: MemberRole | Literal["admin", "manager", "auditor", "verifier"],
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Member:
        """Give a user a role.

        Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens
        and API keys that exist. A service account that was removed cannot become a member again.

        Args:
            project: The slug of the project.
            user_id: The id of the user or service account.
            role: What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit
                events; `manager`: also manage owners and their keys; `admin`: everything.
        """
        return await self._transport.call(
            set_member._get_kwargs(
                project,
                user_id,
                body=MemberSet(
                    role=member(MemberRole, role),
                ),
            ),
            "repeatable",
            retry,
            timeout,
            Member.from_dict,
        )

    async def remove(
        self,
        project: str,
        user_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Remove a member.

        Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid. What
        is no member is 404.

        Args:
            project: The slug of the project.
            user_id: The id of the user or service account.
        """
        return await self._transport.call(
            remove_member._get_kwargs(
                project,
                user_id,
            ),
            "repeatable",
            retry,
            timeout,
            lambda _: None,
        )


class AsyncServiceAccounts:
    """`create`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    async def create(
        self,
        project: str,
        name: str,
        role: MemberRole | Literal["admin", "manager", "auditor", "verifier"],
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> Member:
        """Create a service account.

        Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API
        keys, which do what their scopes and the role permit.

        Args:
            project: The slug of the project.
            name: The name, unique among the service accounts of the project.
            role: What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys and audit
                events; `manager`: also manage owners and their keys; `admin`: everything.
        """
        return await self._transport.call(
            create_service_account._get_kwargs(
                project,
                body=ServiceAccountCreate(
                    name=name,
                    role=member(MemberRole, role),
                ),
            ),
            "rejected",
            retry,
            timeout,
            Member.from_dict,
        )


class AsyncAudit:
    """`events`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    def events(
        self,
        *,
        limit: int | Unset = UNSET,
        key_id: int | Unset = UNSET,
        actor_user_id: int | Unset = UNSET,
        action: str | Unset = UNSET,
        since: datetime.datetime | Unset = UNSET,
        until: datetime.datetime | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[AuditEvent]:
        """List audit events.

        Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of a
        scope. Administrators read all events, members those of the projects in which their role permits it. A change
        and its event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as
        `cursor` to get the next page, until it is `null`.

        Args:
            limit: The maximum number of items on a page.
            key_id: Return only events of this API key.
            actor_user_id: Return only events that this principal caused.
            action: Return only events with this action. It may be an action that this version does not know, because a
                later version may have written it.
            since: Return only events that occurred at or after this time; RFC 3339 with an offset.
            until: Return only events that occurred before this time; RFC 3339 with an offset.
        """

        def page(cursor: str | None) -> Request:
            return list_audit_events._get_kwargs(
                limit=limit,
                key_id=key_id,
                actor_user_id=actor_user_id,
                action=action,
                since=since,
                until=until,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, AuditEvent.from_dict)


class AsyncUsers:
    """`list`, `create`, `get`, `update`, `change_password`."""

    def __init__(self, transport: AsyncTransport):
        self._transport = transport

    def list(
        self,
        *,
        username: str | Unset = UNSET,
        limit: int | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> AsyncIterator[User]:
        """List users.

        Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only
        administrators manage users.

        Args:
            username: Return only the user of this name.
            limit: The maximum number of items on a page.
        """

        def page(cursor: str | None) -> Request:
            return list_users._get_kwargs(
                username=username,
                limit=limit,
                cursor=UNSET if cursor is None else cursor,
            )

        return self._transport.pages(page, "cursor", "repeatable", retry, timeout, User.from_dict)

    async def create(
        self,
        username: str,
        *,
        password: str | Unset = UNSET,
        administrator: bool | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> User:
        """Create a user.

        Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be
        given before. `setMember` gives a user roles in projects.

        Args:
            username: The name, unique among users. It cannot be changed.
            password: The password. Without one, nobody can log in as the user.
            administrator: Whether the user may do everything in the instance; by default not.
        """
        return await self._transport.call(
            create_user._get_kwargs(
                body=UserCreate(
                    username=username,
                    password=password,
                    administrator=administrator,
                ),
            ),
            "rejected",
            retry,
            timeout,
            User.from_dict,
        )

    async def get(
        self,
        user_id: int,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> User:
        """Get a user.

        Returns a user, also a disabled one. Service accounts and owners are 404.

        Args:
            user_id: The id of the user.
        """
        return await self._transport.call(
            get_user._get_kwargs(
                user_id,
            ),
            "repeatable",
            retry,
            timeout,
            User.from_dict,
        )

    async def update(
        self,
        user_id: int,
        *,
        password: str | Unset = UNSET,
        administrator: bool | Unset = UNSET,
        disabled: bool | Unset = UNSET,
        revoke_keys: bool | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> User:
        """Change a user.

        Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens of
        the user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are
        revoked for good, after everything else: if that fails, the rest is done, and the request can be repeated. The
        last administrator who is enabled can neither be disabled nor be made an ordinary user (409).

        Args:
            user_id: The id of the user.
            password: Another password. It ends all bearer tokens of the user.
            administrator: Whether the user may do everything in the instance.
            disabled: Whether the user is disabled. Keys are valid again when the user is enabled, unless they were
                revoked; bearer tokens are not.
            revoke_keys: If true, all API keys that the user has are revoked.
        """
        return await self._transport.call(
            update_user._get_kwargs(
                user_id,
                body=UserUpdate(
                    password=password,
                    administrator=administrator,
                    disabled=disabled,
                    revoke_keys=revoke_keys,
                ),
            ),
            "repeatable",
            retry,
            timeout,
            User.from_dict,
        )

    async def change_password(
        self,
        current: str,
        new: str,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> None:
        """Change the password of the current user.

        Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay
        valid. It takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and
        restricted tokens get a 403. The current password is checked like that of `issueToken`, under the same limits on
        failed attempts.

        Args:
            current: The password that the user has.
            new: The password that the user gets.
        """
        return await self._transport.call(
            change_password._get_kwargs(
                body=PasswordChange(
                    current=current,
                    new=new,
                ),
            ),
            "rejected",
            retry,
            timeout,
            lambda _: None,
        )


class AsyncLatchkey:
    """A Latchkey at a URL, called asynchronously with one credential.

    Args:
        url: The address; `LATCHKEY_URL` if it is absent.
        api_key: An API key; `LATCHKEY_API_KEY` if there is no credential at all.
        token: A bearer token, in place of an API key.
        username: The name of a user, in place of both: the client logs in, and renews the token in time.
        password: The user's password.
        timeout: The seconds that a call may take, with all that is repeated.
        retries: How often a request is repeated at most.
        http_client: An HTTP client of your own, which you close.

    Each method takes `timeout` as well, and `retry`: whether the request is repeated even if the server may have acted
    on it, or not repeated at all.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        token: str | None = None,
        username: str | None = None,
        password: str | None = None,
        timeout: float = 5.0,
        retries: int = 2,
        http_client: httpx.AsyncClient | None = None,
    ):
        self._transport = transport = AsyncTransport(
            url,
            api_key=api_key,
            token=token,
            username=username,
            password=password,
            timeout=timeout,
            retries=retries,
            http_client=http_client,
        )
        self.keys = AsyncKeys(transport)
        self.projects = AsyncProjects(transport)
        self.owners = AsyncOwners(transport)
        self.members = AsyncMembers(transport)
        self.service_accounts = AsyncServiceAccounts(transport)
        self.audit = AsyncAudit(transport)
        self.users = AsyncUsers(transport)

    def __repr__(self) -> str:
        return f"AsyncLatchkey({self._transport.url!r}, {self._transport.credential!r})"

    async def close(self) -> None:
        """Closes the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def whoami(
        self,
        *,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> UserRead:
        """Get the current user.

        Returns the user that the credential of the request belongs to.
        """
        return await self._transport.call(
            get_current_user._get_kwargs(), "repeatable", retry, timeout, UserRead.from_dict
        )

    async def verify(
        self,
        key: str,
        *,
        scopes: builtins.list[str] | None | Unset = UNSET,
        ip: str | None | Unset = UNSET,
        retry: bool | None = None,
        timeout: float | None = None,
    ) -> APIKeyVerification:
        """Verify an API key.

        Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the
        decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no
        node reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was
        made from the key cache. Every verification counts towards the key's usage, and one that is otherwise valid
        towards its rate limit.

        Args:
            key: The key, as the client sent it.
            scopes: The scopes that the key must have.
            ip: The client address. Without it a key that is restricted to networks is invalid.
        """
        return await self._transport.call(
            verify_api_key._get_kwargs(
                body=APIKeyVerify(
                    key=key,
                    scopes=scopes,
                    ip=ip,
                ),
            ),
            "rejected",
            retry,
            timeout,
            APIKeyVerification.from_dict,
        )
