from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Problem")


@_attrs_define
class Problem:
    """A problem document (RFC 9457).

    Attributes:
        type_ (str): Always `about:blank`; `code` names the cause.
        title (str): The reason phrase of the status.
        status (int): The status of the response.
        detail (str): An explanation for people.
        code (str): The cause, for programs.

            - `missing_credentials` (401): the request has no credentials.
            - `invalid_credentials` (401): the bearer token or the API key is invalid.
            - `credentials_mismatch` (401): the bearer token and the API key belong to different principals.
            - `principal_disabled` (401): the user, service account or owner is disabled, or has ended the token.
            - `project_disabled` (401): the project of the key is disabled.
            - `key_pending`, `key_disabled`, `key_revoked`, `key_expired` (401 of `forwardAuth`): the status of the key.
            - `insufficient_scope` (403): the credential lacks a required scope.
            - `insufficient_permissions` (403): the request would grant more than the caller has, or is about a key that
              may do more.
            - `insufficient_role` (403): the role of the caller in the project does not permit this.
            - `key_managed` (403): a member of the project manages the key, so that the caller may only restrict it.
            - `network_not_allowed` (403): the key may not be used from the client address.
            - `key_not_found` (404): the key does not exist, or the caller does not reach it.
            - `project_not_found`, `owner_not_found` (404): there is none, or the caller does not belong to the project.
            - `path_not_found` (404), `method_not_allowed` (405): this contract has no such path or method.
            - `request_timeout` (408): the request body did not arrive in time.
            - `project_disabled` (409): nothing is issued in a disabled project.
            - `key_revoked` (409): a revoked key cannot be disabled, enabled or restricted.
            - `key_not_rotatable` (409): the key is not active or pending, or was rotated or changed concurrently.
            - `idempotency_key_reused` (409): the `Idempotency-Key` was used for another request.
            - `project_exists` (409): the slug or the prefix of the project is taken.
            - `project_not_disableable` (409): the project `default` cannot be disabled.
            - `owner_disabled` (409): the owner is disabled.
            - `member_not_found` (404): there is no such user, or no such service account of the project; or no such member.
            - `service_account_exists` (409): there is a service account of this name in the project.
            - `user_not_found` (404): there is no such user.
            - `user_exists` (409): there is a user of this name.
            - `last_administrator` (409): no other administrator is enabled.
            - `wrong_password` (403): the current password is wrong.
            - `origin_not_allowed` (403): the project of the owner token does not allow pages of this origin.
            - `precondition_failed` (412): the record has changed since the version in `If-Match`.
            - `content_too_large` (413): the request body is larger than the server accepts.
            - `key_quota_exceeded` (409): the user has as many keys as the server allows.
            - `rate_limited` (429): the rate limit of the key, or the limit of the server on requests with one credential,
              or on wrong passwords, is exceeded.
            - `internal_error` (500): an error of the server.
            - `database_unavailable` (503): the database is unreachable or too slow.
            - `processing_timeout` (503): the server did not finish the request in time.
            - `temporarily_unavailable` (503): too many logins at the same time, and this one did not count; or the
              client's address has sent many API keys that do not exist, and another of its keys is being looked up.
    """

    type_: str
    title: str
    status: int
    detail: str
    code: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        title = self.title

        status = self.status

        detail = self.detail

        code = self.code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "title": title,
                "status": status,
                "detail": detail,
                "code": code,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = d.pop("type")

        title = d.pop("title")

        status = d.pop("status")

        detail = d.pop("detail")

        code = d.pop("code")

        problem = cls(
            type_=type_,
            title=title,
            status=status,
            detail=detail,
            code=code,
        )

        problem.additional_properties = d
        return problem

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
