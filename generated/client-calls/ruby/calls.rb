# frozen_string_literal: true

# Calls every operation of the Ruby client, with arguments and responses as JSON. Generated; do not edit.

require "latchkey_client"

module Calls
  # An argument that the language's types cannot express.
  class Rejected < StandardError; end

  module_function

  def time(text)
    return text unless text.is_a?(String)
    raise Rejected, "a Time has an offset" unless text.match?(/(Z|[+-]\d\d:\d\d)\z/)

    Time.iso8601(text)
  end

  # A value in the client's type, converted by a method of this module, or each of a list by `[method]`; nil remains.
  def converted(value, convert)
    return value if value.nil? || convert.nil?

    convert.is_a?(Array) ? value.map { |item| send(convert.first, item) } : send(convert, value)
  end

  # The values that are present, by the client's names; `names` has the contract's name of each, and its conversion.
  def given(values, names)
    names.select { |_, (name, _)| values.key?(name) }.transform_values { |(name, convert)| converted(values[name], convert) }
  end

  # The properties that are present in a model, times as text.
  def present(model, values)
    names = model.to_hash.keys
    values.select { |name, _| names.include?(name) }.transform_values { |value| value.is_a?(Time) ? value.iso8601(6) : value }
  end

  def one(model)
    model.nil? ? nil : yield(model)
  end

  def each(models, &read)
    models&.map(&read)
  end

  def build_rate_limit(body)
    Latchkey::RateLimit.new(given(body, {requests: [:requests, nil], seconds: [:seconds, nil]}))
  end

  def build_api_key_policy(body)
    Latchkey::APIKeyPolicy.new(given(body, {scopes: [:scopes, nil], networks: [:networks, nil], not_before: [:not_before, :time], rate_limit: [:rate_limit, :build_rate_limit]}))
  end

  def build_api_key_create(body)
    Latchkey::APIKeyCreate.new(given(body, {expires_at: [:expires_at, :time], description: [:description, nil], policy: [:policy, :build_api_key_policy], metadata: [:metadata, nil]}))
  end

  def build_api_key_verify(body)
    Latchkey::APIKeyVerify.new(given(body, {key: [:key, nil], scopes: [:scopes, nil], ip: [:ip, nil]}))
  end

  def build_default_policy(body)
    Latchkey::DefaultPolicy.new(given(body, {scopes: [:scopes, nil], networks: [:networks, nil], rate_limit: [:rate_limit, :build_rate_limit]}))
  end

  def build_project_settings_update(body)
    Latchkey::ProjectSettingsUpdate.new(given(body, {key_prefix: [:key_prefix, nil], default_policy: [:default_policy, :build_default_policy], default_lifetime_seconds: [:default_lifetime_seconds, nil], max_lifetime_seconds: [:max_lifetime_seconds, nil], allowed_origins: [:allowed_origins, nil]}))
  end

  def build_project_create(body)
    Latchkey::ProjectCreate.new(given(body, {slug: [:slug, nil], settings: [:settings, :build_project_settings_update]}))
  end

  def build_project_update(body)
    Latchkey::ProjectUpdate.new(given(body, {settings: [:settings, :build_project_settings_update], disabled: [:disabled, nil]}))
  end

  def build_owner_upsert(body)
    Latchkey::OwnerUpsert.new(given(body, {external_id: [:external_id, nil], display_name: [:display_name, nil], metadata: [:metadata, nil], disabled: [:disabled, nil]}))
  end

  def build_api_key_issue(body)
    Latchkey::APIKeyIssue.new(given(body, {external_id: [:external_id, nil], service_account: [:service_account, nil], expires_at: [:expires_at, :time], description: [:description, nil], policy: [:policy, :build_api_key_policy], metadata: [:metadata, nil]}))
  end

  def build_api_key_filter(body)
    Latchkey::APIKeyFilter.new(given(body, {key: [:key, nil], owner: [:owner, nil], status: [:status, nil], description: [:description, nil], metadata: [:metadata, nil], expires_after: [:expires_after, :time], expires_before: [:expires_before, :time], created_before: [:created_before, :time], unused_since: [:unused_since, :time]}))
  end

  def build_api_key_revocation(body)
    Latchkey::APIKeyRevocation.new(given(body, {filter: [:filter, :build_api_key_filter], dry_run: [:dry_run, nil], limit: [:limit, nil], reason: [:reason, nil], cursor: [:cursor, nil]}))
  end

  def build_member_set(body)
    Latchkey::MemberSet.new(given(body, {role: [:role, nil]}))
  end

  def build_service_account_create(body)
    Latchkey::ServiceAccountCreate.new(given(body, {name: [:name, nil], role: [:role, nil]}))
  end

  def build_owner_token_create(body)
    Latchkey::OwnerTokenCreate.new(given(body, {external_id: [:external_id, nil], scopes: [:scopes, nil], key_scopes: [:key_scopes, nil], expires_in: [:expires_in, nil]}))
  end

  def build_api_key_metadata(body)
    Latchkey::APIKeyMetadata.new(given(body, {metadata: [:metadata, nil]}))
  end

  def build_api_key_rotate(body)
    Latchkey::APIKeyRotate.new(given(body, {grace_period_seconds: [:grace_period_seconds, nil]}))
  end

  def build_api_key_revoke(body)
    Latchkey::APIKeyRevoke.new(given(body, {reason: [:reason, nil]}))
  end

  def build_api_key_record_create(body)
    Latchkey::APIKeyRecordCreate.new(given(body, {expires_at: [:expires_at, :time], description: [:description, nil]}))
  end

  def build_user_create(body)
    Latchkey::UserCreate.new(given(body, {username: [:username, nil], password: [:password, nil], administrator: [:administrator, nil]}))
  end

  def build_user_update(body)
    Latchkey::UserUpdate.new(given(body, {password: [:password, nil], administrator: [:administrator, nil], disabled: [:disabled, nil], revoke_keys: [:revoke_keys, nil]}))
  end

  def build_password_change(body)
    Latchkey::PasswordChange.new(given(body, {current: [:current, nil], new: [:new, nil]}))
  end

  def read_token_response(model)
    present(
      model,
      access_token: model.access_token,
      token_type: model.token_type,
      expires_in: model.expires_in,
      scope: model.scope
    )
  end

  def read_project_role(model)
    present(
      model,
      project: model.project,
      role: model.role
    )
  end

  def read_user_read(model)
    present(
      model,
      id: model.id,
      username: model.username,
      role: model.role,
      kind: model.kind,
      project: model.project,
      roles: each(model.roles) { |value| read_project_role(value) },
      created_at: model.created_at
    )
  end

  def read_api_key_record_read(model)
    present(
      model,
      id: model.id,
      key_prefix: model.key_prefix,
      user_id: model.user_id,
      status: model.status,
      created_at: model.created_at,
      expires_at: model.expires_at,
      description: model.description,
      full_key: model.full_key
    )
  end

  def read_api_key_verification(model)
    present(
      model,
      valid: model.valid,
      code: model.code,
      stale: model.stale,
      unrestricted: model.unrestricted,
      key_id: model.key_id,
      user_id: model.user_id,
      username: model.username,
      project: model.project,
      owner_external_id: model.owner_external_id,
      scopes: model.scopes,
      expires_at: model.expires_at,
      metadata: model.metadata,
      owner_metadata: model.owner_metadata,
      retry_after_seconds: model.retry_after_seconds
    )
  end

  def read_token_introspection(model)
    present(
      model,
      active: model.active,
      scope: model.scope,
      username: model.username,
      client_id: model.client_id,
      project: model.project,
      token_type: model.token_type,
      exp: model.exp,
      iat: model.iat,
      nbf: model.nbf,
      sub: model.sub,
      jti: model.jti,
      stale: model.stale
    )
  end

  def read_rate_limit_read(model)
    present(
      model,
      requests: model.requests,
      seconds: model.seconds
    )
  end

  def read_default_policy_read(model)
    present(
      model,
      scopes: model.scopes,
      networks: model.networks,
      rate_limit: one(model.rate_limit) { |value| read_rate_limit_read(value) }
    )
  end

  def read_project_settings(model)
    present(
      model,
      key_prefix: model.key_prefix,
      default_policy: one(model.default_policy) { |value| read_default_policy_read(value) },
      default_lifetime_seconds: model.default_lifetime_seconds,
      max_lifetime_seconds: model.max_lifetime_seconds,
      allowed_origins: model.allowed_origins
    )
  end

  def read_project(model)
    present(
      model,
      slug: model.slug,
      settings: one(model.settings) { |value| read_project_settings(value) },
      disabled: model.disabled,
      created_at: model.created_at
    )
  end

  def read_project_page(model)
    present(
      model,
      items: each(model.items) { |value| read_project(value) },
      next_cursor: model.next_cursor
    )
  end

  def read_owner(model)
    present(
      model,
      id: model.id,
      external_id: model.external_id,
      display_name: model.display_name,
      metadata: model.metadata,
      disabled: model.disabled,
      created_at: model.created_at
    )
  end

  def read_owner_page(model)
    present(
      model,
      items: each(model.items) { |value| read_owner(value) },
      next_cursor: model.next_cursor
    )
  end

  def read_found_api_key(model)
    present(
      model,
      key: one(model.key) { |value| read_api_key_record_read(value) },
      owner_external_id: model.owner_external_id,
      metadata: model.metadata,
      last_used_at: model.last_used_at
    )
  end

  def read_found_api_key_page(model)
    present(
      model,
      items: each(model.items) { |value| read_found_api_key(value) },
      next_cursor: model.next_cursor
    )
  end

  def read_api_key_revocation_result(model)
    present(
      model,
      matched: model.matched,
      revoked: model.revoked,
      next_cursor: model.next_cursor
    )
  end

  def read_member(model)
    present(
      model,
      user_id: model.user_id,
      kind: model.kind,
      name: model.name,
      role: model.role
    )
  end

  def read_member_page(model)
    present(
      model,
      items: each(model.items) { |value| read_member(value) },
      next_cursor: model.next_cursor
    )
  end

  def read_api_key_policy_read(model)
    present(
      model,
      scopes: model.scopes,
      networks: model.networks,
      not_before: model.not_before,
      rate_limit: one(model.rate_limit) { |value| read_rate_limit_read(value) }
    )
  end

  def read_api_key_metadata_read(model)
    present(
      model,
      metadata: model.metadata
    )
  end

  def read_api_key_usage(model)
    present(
      model,
      key_id: model.key_id,
      valid_count: model.valid_count,
      invalid_count: model.invalid_count,
      last_used_at: model.last_used_at
    )
  end

  def read_text_change(model)
    present(
      model,
      before: model.before,
      after: model.after
    )
  end

  def read_time_change(model)
    present(
      model,
      before: model.before,
      after: model.after
    )
  end

  def read_flag_change(model)
    present(
      model,
      before: model.before,
      after: model.after
    )
  end

  def read_list_change(model)
    present(
      model,
      before: model.before,
      after: model.after
    )
  end

  def read_rate_limit_change(model)
    present(
      model,
      before: one(model.before) { |value| read_rate_limit_read(value) },
      after: one(model.after) { |value| read_rate_limit_read(value) }
    )
  end

  def read_id_change(model)
    present(
      model,
      before: model.before,
      after: model.after
    )
  end

  def read_duration_change(model)
    present(
      model,
      before: model.before,
      after: model.after
    )
  end

  def read_audit_changes(model)
    present(
      model,
      description: one(model.description) { |value| read_text_change(value) },
      expires_at: one(model.expires_at) { |value| read_time_change(value) },
      not_before: one(model.not_before) { |value| read_time_change(value) },
      disabled: one(model.disabled) { |value| read_flag_change(value) },
      revoked: one(model.revoked) { |value| read_flag_change(value) },
      revocation_reason: one(model.revocation_reason) { |value| read_text_change(value) },
      deleted: one(model.deleted) { |value| read_flag_change(value) },
      scopes: one(model.scopes) { |value| read_list_change(value) },
      networks: one(model.networks) { |value| read_list_change(value) },
      rate_limit: one(model.rate_limit) { |value| read_rate_limit_change(value) },
      successor_id: one(model.successor_id) { |value| read_id_change(value) },
      managed: one(model.managed) { |value| read_flag_change(value) },
      username: one(model.username) { |value| read_text_change(value) },
      role: one(model.role) { |value| read_text_change(value) },
      key_prefix: one(model.key_prefix) { |value| read_text_change(value) },
      default_lifetime_seconds: one(model.default_lifetime_seconds) { |value| read_duration_change(value) },
      max_lifetime_seconds: one(model.max_lifetime_seconds) { |value| read_duration_change(value) },
      allowed_origins: one(model.allowed_origins) { |value| read_list_change(value) }
    )
  end

  def read_audit_event(model)
    present(
      model,
      id: model.id,
      occurred_at: model.occurred_at,
      action: model.action,
      subject_type: model.subject_type,
      subject_id: model.subject_id,
      key_id: model.key_id,
      actor_user_id: model.actor_user_id,
      actor_key_id: model.actor_key_id,
      credential_type: model.credential_type,
      client_ip: model.client_ip,
      operation: model.operation,
      project: model.project,
      principal_id: model.principal_id,
      minted_by: model.minted_by,
      changes: one(model.changes) { |value| read_audit_changes(value) }
    )
  end

  def read_audit_event_page(model)
    present(
      model,
      items: each(model.items) { |value| read_audit_event(value) },
      next_cursor: model.next_cursor
    )
  end

  def read_user(model)
    present(
      model,
      id: model.id,
      username: model.username,
      administrator: model.administrator,
      disabled: model.disabled,
      has_password: model.has_password,
      roles: each(model.roles) { |value| read_project_role(value) },
      created_at: model.created_at
    )
  end

  def read_user_page(model)
    present(
      model,
      items: each(model.items) { |value| read_user(value) },
      next_cursor: model.next_cursor
    )
  end

  def read_validation_error(model)
    present(
      model,
      loc: model.loc,
      msg: model.msg,
      type: model.type
    )
  end

  def read_http_validation_error(model)
    present(
      model,
      detail: each(model.detail) { |value| read_validation_error(value) }
    )
  end

  def read_problem(model)
    present(
      model,
      type: model.type,
      title: model.title,
      status: model.status,
      detail: model.detail,
      code: model.code
    )
  end

  def read_token_error(model)
    present(
      model,
      error: model.error,
      error_description: model.error_description
    )
  end

  # The name of the schema of an error response, and its content; "unknown" and nil if it has none.
  def read_error(model)
    case model
    when Latchkey::HTTPValidationError then ["HTTPValidationError", read_http_validation_error(model)]
    when Latchkey::Problem then ["Problem", read_problem(model)]
    when Latchkey::TokenError then ["TokenError", read_token_error(model)]
    else ["unknown", nil]
    end
  end

  # The result of a call with its content as JSON.
  def read(result)
    data, status, headers = result
    [data.nil? || !block_given? ? nil : yield(data), status, headers]
  end

  # Each call returns the content of the response, its status and its headers.
  CALLS = {
    "issueToken" => lambda { |client, a|
      result = Latchkey::TokensApi.new(client).issue_token_with_http_info(
        a[:body][:grant_type],
        a[:body][:username],
        a[:body][:password],
        given(a[:body], {scope: [:scope, nil]})
      )
      read(result) { |model| read_token_response(model) }
    },
    "getCurrentUser" => lambda { |client, _|
      result = Latchkey::UsersApi.new(client).get_current_user_with_http_info(
      )
      read(result) { |model| read_user_read(model) }
    },
    "createApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).create_api_key_with_http_info(
        build_api_key_create(a[:body]),
        given(a, {idempotency_key: [:"Idempotency-Key", nil]})
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "listApiKeys" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).list_api_keys_with_http_info(
        given(a, {limit: [:limit, nil], cursor: [:cursor, nil], status: [:status, nil]})
      )
      read(result) { |models| each(models) { |model| read_api_key_record_read(model) } }
    },
    "verifyApiKey" => lambda { |client, a|
      result = Latchkey::VerificationApi.new(client).verify_api_key_with_http_info(
        build_api_key_verify(a[:body]),
      )
      read(result) { |model| read_api_key_verification(model) }
    },
    "introspectToken" => lambda { |client, a|
      result = Latchkey::VerificationApi.new(client).introspect_token_with_http_info(
        a[:body][:token],
        given(a[:body], {token_type_hint: [:token_type_hint, nil]})
      )
      read(result) { |model| read_token_introspection(model) }
    },
    "forwardAuth" => lambda { |client, a|
      result = Latchkey::VerificationApi.new(client).forward_auth_with_http_info(
        given(a, {scope: [:scope, nil], metadata: [:metadata, nil]})
      )
      read(result)
    },
    "projectForwardAuth" => lambda { |client, a|
      result = Latchkey::VerificationApi.new(client).project_forward_auth_with_http_info(
        a[:project],
        given(a, {scope: [:scope, nil], metadata: [:metadata, nil]})
      )
      read(result)
    },
    "createProject" => lambda { |client, a|
      result = Latchkey::ProjectsApi.new(client).create_project_with_http_info(
        build_project_create(a[:body]),
      )
      read(result) { |model| read_project(model) }
    },
    "listProjects" => lambda { |client, a|
      result = Latchkey::ProjectsApi.new(client).list_projects_with_http_info(
        given(a, {limit: [:limit, nil], cursor: [:cursor, nil]})
      )
      read(result) { |model| read_project_page(model) }
    },
    "getProject" => lambda { |client, a|
      result = Latchkey::ProjectsApi.new(client).get_project_with_http_info(
        a[:project],
      )
      read(result) { |model| read_project(model) }
    },
    "updateProject" => lambda { |client, a|
      result = Latchkey::ProjectsApi.new(client).update_project_with_http_info(
        a[:project],
        build_project_update(a[:body]),
        given(a, {if_match: [:"If-Match", nil]})
      )
      read(result) { |model| read_project(model) }
    },
    "upsertOwner" => lambda { |client, a|
      result = Latchkey::OwnersApi.new(client).upsert_owner_with_http_info(
        a[:project],
        build_owner_upsert(a[:body]),
      )
      read(result) { |model| read_owner(model) }
    },
    "listOwners" => lambda { |client, a|
      result = Latchkey::OwnersApi.new(client).list_owners_with_http_info(
        a[:project],
        given(a, {limit: [:limit, nil], cursor: [:cursor, nil], external_id: [:external_id, nil]})
      )
      read(result) { |model| read_owner_page(model) }
    },
    "getOwner" => lambda { |client, a|
      result = Latchkey::OwnersApi.new(client).get_owner_with_http_info(
        a[:project],
        a[:owner_id],
      )
      read(result) { |model| read_owner(model) }
    },
    "deleteOwner" => lambda { |client, a|
      result = Latchkey::OwnersApi.new(client).delete_owner_with_http_info(
        a[:project],
        a[:owner_id],
      )
      read(result)
    },
    "issueApiKey" => lambda { |client, a|
      result = Latchkey::OwnersApi.new(client).issue_api_key_with_http_info(
        a[:project],
        build_api_key_issue(a[:body]),
        given(a, {idempotency_key: [:"Idempotency-Key", nil]})
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "searchApiKeys" => lambda { |client, a|
      result = Latchkey::ApiKeySearchApi.new(client).search_api_keys_with_http_info(
        a[:project],
        build_api_key_filter(a[:body]),
        given(a, {limit: [:limit, nil], cursor: [:cursor, nil]})
      )
      read(result) { |model| read_found_api_key_page(model) }
    },
    "revokeApiKeys" => lambda { |client, a|
      result = Latchkey::ApiKeySearchApi.new(client).revoke_api_keys_with_http_info(
        a[:project],
        build_api_key_revocation(a[:body]),
      )
      read(result) { |model| read_api_key_revocation_result(model) }
    },
    "listMembers" => lambda { |client, a|
      result = Latchkey::MembersApi.new(client).list_members_with_http_info(
        a[:project],
        given(a, {limit: [:limit, nil], cursor: [:cursor, nil]})
      )
      read(result) { |model| read_member_page(model) }
    },
    "setMember" => lambda { |client, a|
      result = Latchkey::MembersApi.new(client).set_member_with_http_info(
        a[:project],
        a[:user_id],
        build_member_set(a[:body]),
      )
      read(result) { |model| read_member(model) }
    },
    "removeMember" => lambda { |client, a|
      result = Latchkey::MembersApi.new(client).remove_member_with_http_info(
        a[:project],
        a[:user_id],
      )
      read(result)
    },
    "createServiceAccount" => lambda { |client, a|
      result = Latchkey::MembersApi.new(client).create_service_account_with_http_info(
        a[:project],
        build_service_account_create(a[:body]),
      )
      read(result) { |model| read_member(model) }
    },
    "createOwnerToken" => lambda { |client, a|
      result = Latchkey::OwnersApi.new(client).create_owner_token_with_http_info(
        a[:project],
        build_owner_token_create(a[:body]),
      )
      read(result) { |model| read_token_response(model) }
    },
    "revokeToken" => lambda { |client, a|
      result = Latchkey::TokensApi.new(client).revoke_token_with_http_info(
        a[:body][:token],
        given(a[:body], {token_type_hint: [:token_type_hint, nil]})
      )
      read(result)
    },
    "getApiKeyPolicy" => lambda { |client, a|
      result = Latchkey::ApiKeyPoliciesApi.new(client).get_api_key_policy_with_http_info(
        a[:item_id],
      )
      read(result) { |model| read_api_key_policy_read(model) }
    },
    "setApiKeyPolicy" => lambda { |client, a|
      result = Latchkey::ApiKeyPoliciesApi.new(client).set_api_key_policy_with_http_info(
        a[:item_id],
        build_api_key_policy(a[:body]),
        given(a, {if_match: [:"If-Match", nil]})
      )
      read(result) { |model| read_api_key_policy_read(model) }
    },
    "getApiKeyMetadata" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).get_api_key_metadata_with_http_info(
        a[:item_id],
      )
      read(result) { |model| read_api_key_metadata_read(model) }
    },
    "setApiKeyMetadata" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).set_api_key_metadata_with_http_info(
        a[:item_id],
        build_api_key_metadata(a[:body]),
        given(a, {if_match: [:"If-Match", nil]})
      )
      read(result) { |model| read_api_key_metadata_read(model) }
    },
    "getApiKeyUsage" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).get_api_key_usage_with_http_info(
        a[:item_id],
      )
      read(result) { |model| read_api_key_usage(model) }
    },
    "disableApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeyLifecycleApi.new(client).disable_api_key_with_http_info(
        a[:item_id],
        given(a, {if_match: [:"If-Match", nil], wait_until_effective: [:wait_until_effective, nil]})
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "enableApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeyLifecycleApi.new(client).enable_api_key_with_http_info(
        a[:item_id],
        given(a, {if_match: [:"If-Match", nil]})
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "rotateApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeyLifecycleApi.new(client).rotate_api_key_with_http_info(
        a[:item_id],
        build_api_key_rotate(a[:body]),
        given(a, {if_match: [:"If-Match", nil], idempotency_key: [:"Idempotency-Key", nil]})
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "revokeApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeyLifecycleApi.new(client).revoke_api_key_with_http_info(
        a[:item_id],
        build_api_key_revoke(a[:body]),
        given(a, {if_match: [:"If-Match", nil], wait_until_effective: [:wait_until_effective, nil]})
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "getApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).get_api_key_with_http_info(
        a[:item_id],
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "updateApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).update_api_key_with_http_info(
        a[:item_id],
        build_api_key_record_create(a[:body]),
        given(a, {if_match: [:"If-Match", nil]})
      )
      read(result) { |model| read_api_key_record_read(model) }
    },
    "deleteApiKey" => lambda { |client, a|
      result = Latchkey::ApiKeysApi.new(client).delete_api_key_with_http_info(
        a[:item_id],
        given(a, {if_match: [:"If-Match", nil], wait_until_effective: [:wait_until_effective, nil]})
      )
      read(result)
    },
    "listAuditEvents" => lambda { |client, a|
      result = Latchkey::AuditApi.new(client).list_audit_events_with_http_info(
        given(a, {limit: [:limit, nil], cursor: [:cursor, nil], key_id: [:key_id, nil], actor_user_id: [:actor_user_id, nil], action: [:action, nil], since: [:since, :time], _until: [:until, :time]})
      )
      read(result) { |model| read_audit_event_page(model) }
    },
    "listUsers" => lambda { |client, a|
      result = Latchkey::UsersApi.new(client).list_users_with_http_info(
        given(a, {username: [:username, nil], limit: [:limit, nil], cursor: [:cursor, nil]})
      )
      read(result) { |model| read_user_page(model) }
    },
    "createUser" => lambda { |client, a|
      result = Latchkey::UsersApi.new(client).create_user_with_http_info(
        build_user_create(a[:body]),
      )
      read(result) { |model| read_user(model) }
    },
    "getUser" => lambda { |client, a|
      result = Latchkey::UsersApi.new(client).get_user_with_http_info(
        a[:user_id],
      )
      read(result) { |model| read_user(model) }
    },
    "updateUser" => lambda { |client, a|
      result = Latchkey::UsersApi.new(client).update_user_with_http_info(
        a[:user_id],
        build_user_update(a[:body]),
      )
      read(result) { |model| read_user(model) }
    },
    "changePassword" => lambda { |client, a|
      result = Latchkey::UsersApi.new(client).change_password_with_http_info(
        build_password_change(a[:body]),
      )
      read(result)
    },
  }.freeze
end
