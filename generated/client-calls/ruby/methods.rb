# frozen_string_literal: true

# Calls every method of the Ruby client, with arguments and results as JSON. Generated; do not edit.

require_relative "calls"

module Calls
  # How each method is called, and how its result, or an item of it, is read.
  METHODS = {
    "whoami" => [
      lambda { |client, _, options|
        client.whoami(
          **options
        )
      },
->(model) { read_user_read(model) },
    ],
    "keys.create" => [
      lambda { |client, a, options|
        client.keys.create(
          **given(a, {idempotency_key: [:"Idempotency-Key", nil]}),
          **given(a[:body], {expires_at: [:expires_at, :time], description: [:description, nil], policy: [:policy, :build_api_key_policy], metadata: [:metadata, nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.list" => [
      lambda { |client, a, options|
        client.keys.list(
          **given(a, {limit: [:limit, nil], status: [:status, nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "verify" => [
      lambda { |client, a, options|
        client.verify(
          **given(a[:body], {key: [:key, nil], scopes: [:scopes, nil], ip: [:ip, nil]}),
          **options
        )
      },
->(model) { read_api_key_verification(model) },
    ],
    "projects.create" => [
      lambda { |client, a, options|
        client.projects.create(
          **given(a[:body], {slug: [:slug, nil], settings: [:settings, :build_project_settings_update]}),
          **options
        )
      },
->(model) { read_project(model) },
    ],
    "projects.list" => [
      lambda { |client, a, options|
        client.projects.list(
          **given(a, {limit: [:limit, nil]}),
          **options
        )
      },
->(model) { read_project(model) },
    ],
    "projects.get" => [
      lambda { |client, a, options|
        client.projects.get(
          a[:project],
          **options
        )
      },
->(model) { read_project(model) },
    ],
    "projects.update" => [
      lambda { |client, a, options|
        client.projects.update(
          a[:project],
          **given(a, {if_match: [:"If-Match", nil]}),
          **given(a[:body], {settings: [:settings, :build_project_settings_update], disabled: [:disabled, nil]}),
          **options
        )
      },
->(model) { read_project(model) },
    ],
    "owners.upsert" => [
      lambda { |client, a, options|
        client.owners.upsert(
          a[:project],
          **given(a[:body], {external_id: [:external_id, nil], display_name: [:display_name, nil], metadata: [:metadata, nil], disabled: [:disabled, nil]}),
          **options
        )
      },
->(model) { read_owner(model) },
    ],
    "owners.list" => [
      lambda { |client, a, options|
        client.owners.list(
          a[:project],
          **given(a, {limit: [:limit, nil], external_id: [:external_id, nil]}),
          **options
        )
      },
->(model) { read_owner(model) },
    ],
    "owners.get" => [
      lambda { |client, a, options|
        client.owners.get(
          a[:project],
          a[:owner_id],
          **options
        )
      },
->(model) { read_owner(model) },
    ],
    "owners.delete" => [
      lambda { |client, a, options|
        client.owners.delete(
          a[:project],
          a[:owner_id],
          **options
        )
      },
->(_) {},
    ],
    "keys.issue" => [
      lambda { |client, a, options|
        client.keys.issue(
          a[:project],
          **given(a, {idempotency_key: [:"Idempotency-Key", nil]}),
          **given(a[:body], {external_id: [:external_id, nil], service_account: [:service_account, nil], expires_at: [:expires_at, :time], description: [:description, nil], policy: [:policy, :build_api_key_policy], metadata: [:metadata, nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.search" => [
      lambda { |client, a, options|
        client.keys.search(
          a[:project],
          **given(a, {limit: [:limit, nil]}),
          **given(a[:body], {key: [:key, nil], owner: [:owner, nil], status: [:status, nil], description: [:description, nil], metadata: [:metadata, nil], expires_after: [:expires_after, :time], expires_before: [:expires_before, :time], created_before: [:created_before, :time], unused_since: [:unused_since, :time]}),
          **options
        )
      },
->(model) { read_found_api_key(model) },
    ],
    "keys.revoke_matching" => [
      lambda { |client, a, options|
        client.keys.revoke_matching(
          a[:project],
          **given(a[:body], {filter: [:filter, :build_api_key_filter], dry_run: [:dry_run, nil], limit: [:limit, nil], reason: [:reason, nil], cursor: [:cursor, nil]}),
          **options
        )
      },
->(model) { read_api_key_revocation_result(model) },
    ],
    "members.list" => [
      lambda { |client, a, options|
        client.members.list(
          a[:project],
          **given(a, {limit: [:limit, nil]}),
          **options
        )
      },
->(model) { read_member(model) },
    ],
    "members.set" => [
      lambda { |client, a, options|
        client.members.set(
          a[:project],
          a[:user_id],
          **given(a[:body], {role: [:role, nil]}),
          **options
        )
      },
->(model) { read_member(model) },
    ],
    "members.remove" => [
      lambda { |client, a, options|
        client.members.remove(
          a[:project],
          a[:user_id],
          **options
        )
      },
->(_) {},
    ],
    "service_accounts.create" => [
      lambda { |client, a, options|
        client.service_accounts.create(
          a[:project],
          **given(a[:body], {name: [:name, nil], role: [:role, nil]}),
          **options
        )
      },
->(model) { read_member(model) },
    ],
    "owners.create_token" => [
      lambda { |client, a, options|
        client.owners.create_token(
          a[:project],
          **given(a[:body], {external_id: [:external_id, nil], scopes: [:scopes, nil], key_scopes: [:key_scopes, nil], expires_in: [:expires_in, nil]}),
          **options
        )
      },
->(model) { read_token_response(model) },
    ],
    "keys.policy.get" => [
      lambda { |client, a, options|
        client.keys.policy.get(
          a[:item_id],
          **options
        )
      },
->(model) { read_api_key_policy_read(model) },
    ],
    "keys.policy.set" => [
      lambda { |client, a, options|
        client.keys.policy.set(
          a[:item_id],
          **given(a, {if_match: [:"If-Match", nil]}),
          **given(a[:body], {scopes: [:scopes, nil], networks: [:networks, nil], not_before: [:not_before, :time], rate_limit: [:rate_limit, :build_rate_limit]}),
          **options
        )
      },
->(model) { read_api_key_policy_read(model) },
    ],
    "keys.metadata.get" => [
      lambda { |client, a, options|
        client.keys.metadata.get(
          a[:item_id],
          **options
        )
      },
->(model) { read_api_key_metadata_read(model) },
    ],
    "keys.metadata.set" => [
      lambda { |client, a, options|
        client.keys.metadata.set(
          a[:item_id],
          **given(a, {if_match: [:"If-Match", nil]}),
          **given(a[:body], {metadata: [:metadata, nil]}),
          **options
        )
      },
->(model) { read_api_key_metadata_read(model) },
    ],
    "keys.usage" => [
      lambda { |client, a, options|
        client.keys.usage(
          a[:item_id],
          **options
        )
      },
->(model) { read_api_key_usage(model) },
    ],
    "keys.disable" => [
      lambda { |client, a, options|
        client.keys.disable(
          a[:item_id],
          **given(a, {wait_until_effective: [:wait_until_effective, nil], if_match: [:"If-Match", nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.enable" => [
      lambda { |client, a, options|
        client.keys.enable(
          a[:item_id],
          **given(a, {if_match: [:"If-Match", nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.rotate" => [
      lambda { |client, a, options|
        client.keys.rotate(
          a[:item_id],
          **given(a, {if_match: [:"If-Match", nil], idempotency_key: [:"Idempotency-Key", nil]}),
          **given(a[:body], {grace_period_seconds: [:grace_period_seconds, nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.revoke" => [
      lambda { |client, a, options|
        client.keys.revoke(
          a[:item_id],
          **given(a, {wait_until_effective: [:wait_until_effective, nil], if_match: [:"If-Match", nil]}),
          **given(a[:body], {reason: [:reason, nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.get" => [
      lambda { |client, a, options|
        client.keys.get(
          a[:item_id],
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.update" => [
      lambda { |client, a, options|
        client.keys.update(
          a[:item_id],
          **given(a, {if_match: [:"If-Match", nil]}),
          **given(a[:body], {expires_at: [:expires_at, :time], description: [:description, nil]}),
          **options
        )
      },
->(model) { read_api_key_record_read(model) },
    ],
    "keys.delete" => [
      lambda { |client, a, options|
        client.keys.delete(
          a[:item_id],
          **given(a, {wait_until_effective: [:wait_until_effective, nil], if_match: [:"If-Match", nil]}),
          **options
        )
      },
->(_) {},
    ],
    "audit.events" => [
      lambda { |client, a, options|
        client.audit.events(
          **given(a, {limit: [:limit, nil], key_id: [:key_id, nil], actor_user_id: [:actor_user_id, nil], action: [:action, nil], since: [:since, :time], until: [:until, :time]}),
          **options
        )
      },
->(model) { read_audit_event(model) },
    ],
    "users.list" => [
      lambda { |client, a, options|
        client.users.list(
          **given(a, {username: [:username, nil], limit: [:limit, nil]}),
          **options
        )
      },
->(model) { read_user(model) },
    ],
    "users.create" => [
      lambda { |client, a, options|
        client.users.create(
          **given(a[:body], {username: [:username, nil], password: [:password, nil], administrator: [:administrator, nil]}),
          **options
        )
      },
->(model) { read_user(model) },
    ],
    "users.get" => [
      lambda { |client, a, options|
        client.users.get(
          a[:user_id],
          **options
        )
      },
->(model) { read_user(model) },
    ],
    "users.update" => [
      lambda { |client, a, options|
        client.users.update(
          a[:user_id],
          **given(a[:body], {password: [:password, nil], administrator: [:administrator, nil], disabled: [:disabled, nil], revoke_keys: [:revoke_keys, nil]}),
          **options
        )
      },
->(model) { read_user(model) },
    ],
    "users.change_password" => [
      lambda { |client, a, options|
        client.users.change_password(
          **given(a[:body], {current: [:current, nil], new: [:new, nil]}),
          **options
        )
      },
->(_) {},
    ],
  }.freeze
end
