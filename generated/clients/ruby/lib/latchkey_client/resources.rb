# frozen_string_literal: true

require "securerandom"

module Latchkey
  # The groups of methods. Generated; do not edit.
  #
  # Each method takes these options as well:
  # - `timeout`: the seconds that the call may take, with all that is repeated; of a list, each page;
  # - `retry`: whether the request is repeated even if the server may have acted on it (true), or not repeated at all
  #   (false).
  module Resources
    # `get`, `set`.
    class KeysPolicy < Resource
      # Get an API key's policy.
      #
      # Returns the restrictions of a key. A member that is `null` does not restrict the key.
      #
      # @param item_id [Integer] The `id` of the key.
      # @return [APIKeyPolicyRead]
      # @raise [Error]
      def get(item_id, **options)
        parameters = {}
        arguments = [item_id]
        call(ApiKeyPoliciesApi, :get_api_key_policy, arguments, parameters, :repeatable, options)
      end

      # Replace an API key's policy.
      #
      # Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a policy
      # has the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows more
      # than the caller has gets a 403, and so does any policy for a key that may do more than the caller.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param scopes [Array<String>, nil] The only scopes that the key has.
      # @param networks [Array<String>, nil] The only networks that the key may be used from; bits beyond the prefix are
      #   ignored.
      # @param not_before [Time, nil] When the key becomes valid; before this time it is pending. RFC 3339 with an
      #   offset.
      # @param rate_limit [RateLimit, Hash, nil] How often the key may be verified.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [APIKeyPolicyRead]
      # @raise [Error]
      def set(
        item_id,
        scopes: ABSENT,
        networks: ABSENT,
        not_before: ABSENT,
        rate_limit: ABSENT,
        if_match: nil,
        **options
      )
        body = build(APIKeyPolicy, scopes: scopes, networks: networks, not_before: not_before, rate_limit: rate_limit)
        parameters = {if_match: if_match}
        arguments = [item_id, body]
        call(ApiKeyPoliciesApi, :set_api_key_policy, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end
    end

    # `get`, `set`.
    class KeysMetadata < Resource
      # Get an API key's metadata.
      #
      # Returns the strings that the deployer attached to a key.
      #
      # @param item_id [Integer] The `id` of the key.
      # @return [APIKeyMetadataRead]
      # @raise [Error]
      def get(item_id, **options)
        parameters = {}
        arguments = [item_id]
        call(ApiKeysApi, :get_api_key_metadata, arguments, parameters, :repeatable, options)
      end

      # Replace an API key's metadata.
      #
      # Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param metadata [Hash{String => String}] Strings that the deployer attaches to a key or an owner: at most 50,
      #   with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000.
      #   As JSON without spaces, all together have at most 4,096 bytes.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [APIKeyMetadataRead]
      # @raise [Error]
      def set(item_id, metadata:, if_match: nil, **options)
        body = build(APIKeyMetadata, metadata: metadata)
        parameters = {if_match: if_match}
        arguments = [item_id, body]
        call(ApiKeysApi, :set_api_key_metadata, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end
    end

    # `create`, `list`, `issue`, `search`, `revoke_matching`, `usage`, `disable`, `enable`, `rotate`, `revoke`, `get`,
    # `update`, `delete`.
    class Keys < Resource
      # @return [KeysPolicy]
      attr_reader :policy

      # @return [KeysMetadata]
      attr_reader :metadata

      def initialize(transport)
        super
        @policy = KeysPolicy.new(transport)
        @metadata = KeysMetadata.new(transport)
      end

      # Create an API key.
      #
      # Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be retrieved
      # later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a 403, and
      # a key without a `policy` gets the restrictions of the credential that creates it. A key that is created with an
      # API key expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata` (403).
      # With `Idempotency-Key` the request can be repeated safely.
      #
      # @param expires_at [Time, nil] When the key expires; RFC 3339 with an offset, microsecond precision, years 0001
      #   to 9999 in UTC. A time in the past makes the key expired. Absent or `null`: when the API key that creates it
      #   expires; never, if that never expires or the key is created with a bearer token.
      # @param description [String, nil] What the key is used for; any characters except U+0000.
      # @param policy [APIKeyPolicy, Hash, nil] What restricts the key. Absent or `null`: it gets the restrictions of
      #   the credential that creates it.
      # @param metadata [Hash{String => String}] Strings that the deployer attaches to a key or an owner: at most 50,
      #   with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000.
      #   As JSON without spaces, all together have at most 4,096 bytes.
      # @param idempotency_key [String] A text that is unique to this request, such as a random UUID. For one hour the
      #   same request with the same text gets the same result, including the secret, which is stored encrypted for that
      #   time. A different request with the same text gets a 409.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def create(
        expires_at: ABSENT,
        description: ABSENT,
        policy: ABSENT,
        metadata: ABSENT,
        idempotency_key: nil,
        **options
      )
        body = build(APIKeyCreate, expires_at: expires_at, description: description, policy: policy, metadata: metadata)
        parameters = {idempotency_key: idempotency_key || SecureRandom.uuid}
        arguments = [body]
        call(ApiKeysApi, :create_api_key, arguments, parameters, :keyed, options)
      end

      # List API keys.
      #
      # Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a
      # `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.
      #
      # @param limit [Integer] The maximum number of items on a page.
      # @param status [String] Return only keys with this status.
      # @yieldparam item [APIKeyRecordRead]
      # @return [Enumerator<APIKeyRecordRead>] the items of all pages, which are requested as they are needed
      # @raise [Error]
      def list(limit: nil, status: nil, **options, &block)
        parameters = {limit: limit, status: status}
        arguments = []
        pages(:link, ApiKeysApi, :list_api_keys, arguments, parameters, :repeatable, options, &block)
      end

      # Issue an API key to an owner or a service account.
      #
      # Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an
      # admin of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved
      # later. The key is managed: its owner can restrict it, and not extend it. Without scopes, it has the default
      # scopes of the project. With `Idempotency-Key` the request can be repeated safely.
      #
      # @param project [String] The slug of the project.
      # @param external_id [String] The external id of the owner, which is created if there is none.
      # @param service_account [String] The name of the service account, in place of `external_id`.
      # @param expires_at [Time, nil] When the key expires; RFC 3339 with an offset, microsecond precision, years 0001
      #   to 9999 in UTC. Absent or `null`: after the default lifetime of the project, if it has one.
      # @param description [String, nil] What the key is used for; any characters except U+0000.
      # @param policy [APIKeyPolicy, Hash, nil] What restricts the key. Absent or `null` for the default policy of the
      #   project.
      # @param metadata [Hash{String => String}] Strings that the deployer attaches to a key or an owner: at most 50,
      #   with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000.
      #   As JSON without spaces, all together have at most 4,096 bytes.
      # @param idempotency_key [String] A text that is unique to this request, such as a random UUID. For one hour the
      #   same request with the same text gets the same result, including the secret, which is stored encrypted for that
      #   time. A different request with the same text gets a 409.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def issue(
        project,
        external_id: ABSENT,
        service_account: ABSENT,
        expires_at: ABSENT,
        description: ABSENT,
        policy: ABSENT,
        metadata: ABSENT,
        idempotency_key: nil,
        **options
      )
        body = build(
          APIKeyIssue,
          external_id: external_id,
          service_account: service_account,
          expires_at: expires_at,
          description: description,
          policy: policy,
          metadata: metadata
        )
        parameters = {idempotency_key: idempotency_key || SecureRandom.uuid}
        arguments = [project, body]
        call(OwnersApi, :issue_api_key, arguments, parameters, :keyed, options)
      end

      # Find API keys.
      #
      # Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those of
      # a beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the
      # order in which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may
      # have fewer keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most.
      # Deleted keys are not found. What is sent as `key` is neither logged nor returned.
      #
      # @param project [String] The slug of the project.
      # @param key [String] A whole key, or how it begins: 4 characters or more. Of what is not a whole key, the first
      #   12 characters count.
      # @param owner [String] The external id of the owner.
      # @param status [String] The status of a key: `active`; `pending` before its `not_before`; `disabled`; `revoked`;
      #   `expired`. Of several, the one that cannot be undone is reported first.
      # @param description [String] What the description contains, in upper or lower case.
      # @param metadata [Hash{String => String}] Strings that the deployer attaches to a key or an owner: at most 50,
      #   with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000.
      #   As JSON without spaces, all together have at most 4,096 bytes.
      # @param expires_after [Time] The key expires after this time. Keys that never expire do not.
      # @param expires_before [Time] The key expires before this time.
      # @param created_before [Time] The key was created before this time.
      # @param unused_since [Time] The key was created before this time, and was not used since.
      # @param limit [Integer] The maximum number of items on a page.
      # @yieldparam item [FoundAPIKey]
      # @return [Enumerator<FoundAPIKey>] the items of all pages, which are requested as they are needed
      # @raise [Error]
      def search(
        project,
        key: ABSENT,
        owner: ABSENT,
        status: ABSENT,
        description: ABSENT,
        metadata: ABSENT,
        expires_after: ABSENT,
        expires_before: ABSENT,
        created_before: ABSENT,
        unused_since: ABSENT,
        limit: nil,
        **options,
        &block
      )
        body = build(
          APIKeyFilter,
          key: key,
          owner: owner,
          status: status,
          description: description,
          metadata: metadata,
          expires_after: expires_after,
          expires_before: expires_before,
          created_before: created_before,
          unused_since: unused_since
        )
        parameters = {limit: limit}
        arguments = [project, body]
        pages(:cursor, ApiKeySearchApi, :search_api_keys, arguments, parameters, :repeatable, options, &block)
      end

      # Revoke many API keys.
      #
      # Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up
      # to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope
      # `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and
      # says how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after
      # the first request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not
      # match.
      #
      # @param project [String] The slug of the project.
      # @param filter [APIKeyFilter, Hash] Conditions on a key, all of which it must meet. A condition that is absent is
      #   met by every key.
      # @param dry_run [Boolean] Whether the keys are counted, and none is revoked.
      # @param limit [Integer] The most keys that one request revokes.
      # @param reason [String] Why the keys are revoked, for the audit trail.
      # @param cursor [String] The `next_cursor` of the request before.
      # @return [APIKeyRevocationResult]
      # @raise [Error]
      def revoke_matching(project, filter:, dry_run:, limit:, reason: ABSENT, cursor: ABSENT, **options)
        body = build(APIKeyRevocation, filter: filter, dry_run: dry_run, limit: limit, reason: reason, cursor: cursor)
        parameters = {}
        arguments = [project, body]
        call(ApiKeySearchApi, :revoke_api_keys, arguments, parameters, :rejected, options)
      end

      # Get an API key's usage.
      #
      # Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node that
      # crashes loses at most ten seconds of them.
      #
      # @param item_id [Integer] The `id` of the key.
      # @return [APIKeyUsage]
      # @raise [Error]
      def usage(item_id, **options)
        parameters = {}
        arguments = [item_id]
        call(ApiKeysApi, :get_api_key_usage, arguments, parameters, :repeatable, options)
      end

      # Disable an API key.
      #
      # The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more
      # than the caller gets a 403.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param wait_until_effective [Boolean] Whether the response waits, for about a second, until no node that reaches
      #   the database reports the key as valid any more. The change itself does not wait: it is made even if the client
      #   disconnects meanwhile.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def disable(item_id, wait_until_effective: nil, if_match: nil, **options)
        parameters = {wait_until_effective: wait_until_effective, if_match: if_match}
        arguments = [item_id]
        call(ApiKeyLifecycleApi, :disable_api_key, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end

      # Enable an API key.
      #
      # Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no effect.
      # A key that may do more than the caller gets a 403.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def enable(item_id, if_match: nil, **options)
        parameters = {if_match: if_match}
        arguments = [item_id]
        call(ApiKeyLifecycleApi, :enable_api_key, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end

      # Rotate an API key.
      #
      # Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in
      # this response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier;
      # without a grace period it is revoked. Only an active or pending key without a successor can be rotated: of
      # several concurrent rotations one gets a 201 and the others get a 409. A key that may do more than the caller
      # gets a 403, and so does a key that expires later than the API key that rotates it. A key may rotate itself. With
      # `Idempotency-Key` the request can be repeated safely.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param grace_period_seconds [Integer] How long the old key remains valid, in seconds; 0 if absent.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @param idempotency_key [String] A text that is unique to this request, such as a random UUID. For one hour the
      #   same request with the same text gets the same result, including the secret, which is stored encrypted for that
      #   time. A different request with the same text gets a 409.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def rotate(item_id, grace_period_seconds: ABSENT, if_match: nil, idempotency_key: nil, **options)
        body = build(APIKeyRotate, grace_period_seconds: grace_period_seconds)
        parameters = {if_match: if_match, idempotency_key: idempotency_key || SecureRandom.uuid}
        arguments = [item_id, body]
        call(ApiKeyLifecycleApi, :rotate_api_key, arguments, parameters, :keyed, options)
      end

      # Revoke an API key.
      #
      # Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that may
      # do more than the caller gets a 403.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param reason [String, nil] The reason, for the audit trail. It must not contain secrets.
      # @param wait_until_effective [Boolean] Whether the response waits, for about a second, until no node that reaches
      #   the database reports the key as valid any more. The change itself does not wait: it is made even if the client
      #   disconnects meanwhile.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def revoke(item_id, reason: ABSENT, wait_until_effective: nil, if_match: nil, **options)
        body = build(APIKeyRevoke, reason: reason)
        parameters = {wait_until_effective: wait_until_effective, if_match: if_match}
        arguments = [item_id, body]
        call(ApiKeyLifecycleApi, :revoke_api_key, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end

      # Get an API key.
      #
      # Returns a key of the caller, without its secret.
      #
      # @param item_id [Integer] The `id` of the key.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def get(item_id, **options)
        parameters = {}
        arguments = [item_id]
        call(ApiKeysApi, :get_api_key, arguments, parameters, :repeatable, options)
      end

      # Update.
      #
      # Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the
      # value. `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do
      # more than the caller gets a 403. An API key that expires can set no later expiry than its own, neither for
      # itself nor for another key, and cannot remove one: that gets a 403.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param expires_at [Time, nil] When the key expires; RFC 3339 with an offset, microsecond precision, years 0001
      #   to 9999 in UTC. A time in the past makes the key expired.
      # @param description [String, nil] What the key is used for; any characters except U+0000.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [APIKeyRecordRead]
      # @raise [Error]
      def update(item_id, expires_at: ABSENT, description: ABSENT, if_match: nil, **options)
        body = build(APIKeyRecordCreate, expires_at: expires_at, description: description)
        parameters = {if_match: if_match}
        arguments = [item_id, body]
        call(ApiKeysApi, :update_api_key, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end

      # Delete an API key.
      #
      # Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps
      # it. A key that may do more than the caller gets a 403.
      #
      # @param item_id [Integer] The `id` of the key.
      # @param wait_until_effective [Boolean] Whether the response waits, for about a second, until no node that reaches
      #   the database reports the key as valid any more. The change itself does not wait: it is made even if the client
      #   disconnects meanwhile.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [nil]
      # @raise [Error]
      def delete(item_id, wait_until_effective: nil, if_match: nil, **options)
        parameters = {wait_until_effective: wait_until_effective, if_match: if_match}
        arguments = [item_id]
        call(ApiKeysApi, :delete_api_key, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end
    end

    # `create`, `list`, `get`, `update`.
    class Projects < Resource
      # Create a project.
      #
      # Creates a project. Its slug is immutable. Settings that are absent have their defaults.
      #
      # @param slug [String] The name of the project in paths; it cannot be changed.
      # @param settings [ProjectSettingsUpdate, Hash] Settings of a project. A member that is absent does not change;
      #   `null` removes the value.
      # @return [Project]
      # @raise [Error]
      def create(slug:, settings: ABSENT, **options)
        body = build(ProjectCreate, slug: slug, settings: settings)
        parameters = {}
        arguments = [body]
        call(ProjectsApi, :create_project, arguments, parameters, :rejected, options)
      end

      # List projects.
      #
      # Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass `next_cursor`
      # as `cursor` to get the next page, until it is `null`.
      #
      # @param limit [Integer] The maximum number of items on a page.
      # @yieldparam item [Project]
      # @return [Enumerator<Project>] the items of all pages, which are requested as they are needed
      # @raise [Error]
      def list(limit: nil, **options, &block)
        parameters = {limit: limit}
        arguments = []
        pages(:cursor, ProjectsApi, :list_projects, arguments, parameters, :repeatable, options, &block)
      end

      # Get a project.
      #
      # Returns a project with its settings. A project that the caller does not belong to gets a 404.
      #
      # @param project [String] The slug of the project.
      # @return [Project]
      # @raise [Error]
      def get(project, **options)
        parameters = {}
        arguments = [project]
        call(ProjectsApi, :get_project, arguments, parameters, :repeatable, options)
      end

      # Update a project.
      #
      # Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key
      # of a disabled project is valid. The project `default` cannot be disabled.
      #
      # @param project [String] The slug of the project.
      # @param settings [ProjectSettingsUpdate, Hash] Settings of a project. A member that is absent does not change;
      #   `null` removes the value.
      # @param disabled [Boolean] Whether no key of the project is valid.
      # @param if_match [String] The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the
      #   record has changed since, nothing is done and the status is 412.
      # @return [Project]
      # @raise [Error]
      def update(project, settings: ABSENT, disabled: ABSENT, if_match: nil, **options)
        body = build(ProjectUpdate, settings: settings, disabled: disabled)
        parameters = {if_match: if_match}
        arguments = [project, body]
        call(ProjectsApi, :update_project, arguments, parameters, if_match ? :rejected : :repeatable, options)
      end
    end

    # `upsert`, `list`, `get`, `delete`, `create_token`.
    class Owners < Resource
      # Create or update an owner.
      #
      # Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not
      # change. External ids are compared byte for byte. A disabled owner has no valid key.
      #
      # @param project [String] The slug of the project.
      # @param external_id [String] The id of the owner in the deployer's system: any characters but control characters,
      #   compared byte for byte.
      # @param display_name [String, nil] A name for people; `null` for none. Absent: unchanged.
      # @param metadata [Hash{String => String}] Strings that the deployer attaches to a key or an owner: at most 50,
      #   with names of 1 to 40 letters, digits, `_`, `.` and `-`, and values of at most 500 characters, any but U+0000.
      #   As JSON without spaces, all together have at most 4,096 bytes.
      # @param disabled [Boolean] Whether no key of the owner is valid. Absent: unchanged.
      # @return [Owner]
      # @raise [Error]
      def upsert(project, external_id:, display_name: ABSENT, metadata: ABSENT, disabled: ABSENT, **options)
        body = build(
          OwnerUpsert,
          external_id: external_id,
          display_name: display_name,
          metadata: metadata,
          disabled: disabled
        )
        parameters = {}
        arguments = [project, body]
        call(OwnersApi, :upsert_owner, arguments, parameters, :repeatable, options)
      end

      # List owners.
      #
      # Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as
      # `cursor` to get the next page, until it is `null`.
      #
      # @param project [String] The slug of the project.
      # @param limit [Integer] The maximum number of items on a page.
      # @param external_id [String] Return only the owner with this external id.
      # @yieldparam item [Owner]
      # @return [Enumerator<Owner>] the items of all pages, which are requested as they are needed
      # @raise [Error]
      def list(project, limit: nil, external_id: nil, **options, &block)
        parameters = {limit: limit, external_id: external_id}
        arguments = [project]
        pages(:cursor, OwnersApi, :list_owners, arguments, parameters, :repeatable, options, &block)
      end

      # Get an owner.
      #
      # Returns an owner of the project.
      #
      # @param project [String] The slug of the project.
      # @param owner_id [Integer] The `id` of the owner.
      # @return [Owner]
      # @raise [Error]
      def get(project, owner_id, **options)
        parameters = {}
        arguments = [project, owner_id]
        call(OwnersApi, :get_owner, arguments, parameters, :repeatable, options)
      end

      # Delete an owner.
      #
      # Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys,
      # which are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can
      # then name a new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.
      #
      # @param project [String] The slug of the project.
      # @param owner_id [Integer] The `id` of the owner.
      # @return [nil]
      # @raise [Error]
      def delete(project, owner_id, **options)
        parameters = {}
        arguments = [project, owner_id]
        call(OwnersApi, :delete_owner, arguments, parameters, :repeatable, options)
      end

      # Create an owner token.
      #
      # Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of
      # the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the
      # caller or the API key that created it is disabled, or the caller may no longer change owners. A browser may use
      # it on pages of the allowed origins of the project.
      #
      # @param project [String] The slug of the project.
      # @param external_id [String] The external id of the owner.
      # @param scopes [Array<String>] The scopes of the token, of `latchkey:keys.read`, `latchkey:keys.manage` and
      #   `latchkey:keys.write`. Absent: the first two.
      # @param key_scopes [Array<String>] The scopes that keys may have which the token creates or restricts. Absent:
      #   the default scopes of the project.
      # @param expires_in [Integer] How long the token is valid, in seconds; 900 if absent.
      # @return [TokenResponse]
      # @raise [Error]
      def create_token(project, external_id:, scopes: ABSENT, key_scopes: ABSENT, expires_in: ABSENT, **options)
        body = build(
          OwnerTokenCreate,
          external_id: external_id,
          scopes: scopes,
          key_scopes: key_scopes,
          expires_in: expires_in
        )
        parameters = {}
        arguments = [project, body]
        call(OwnersApi, :create_owner_token, arguments, parameters, :repeatable, options)
      end
    end

    # `list`, `set`, `remove`.
    class Members < Resource
      # List members.
      #
      # Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page,
      # until it is `null`. Administrators reach every project and are not listed for it.
      #
      # @param project [String] The slug of the project.
      # @param limit [Integer] The maximum number of items on a page.
      # @yieldparam item [Member]
      # @return [Enumerator<Member>] the items of all pages, which are requested as they are needed
      # @raise [Error]
      def list(project, limit: nil, **options, &block)
        parameters = {limit: limit}
        arguments = [project]
        pages(:cursor, MembersApi, :list_members, arguments, parameters, :repeatable, options, &block)
      end

      # Give a user a role.
      #
      # Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens
      # and API keys that exist. A service account that was removed cannot become a member again.
      #
      # @param project [String] The slug of the project.
      # @param user_id [Integer] The id of the user or service account.
      # @param role [String] What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys
      #   and audit events; `manager`: also manage owners and their keys; `admin`: everything.
      # @return [Member]
      # @raise [Error]
      def set(project, user_id, role:, **options)
        body = build(MemberSet, role: role)
        parameters = {}
        arguments = [project, user_id, body]
        call(MembersApi, :set_member, arguments, parameters, :repeatable, options)
      end

      # Remove a member.
      #
      # Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid. What
      # is no member is 404.
      #
      # @param project [String] The slug of the project.
      # @param user_id [Integer] The id of the user or service account.
      # @return [nil]
      # @raise [Error]
      def remove(project, user_id, **options)
        parameters = {}
        arguments = [project, user_id]
        call(MembersApi, :remove_member, arguments, parameters, :repeatable, options)
      end
    end

    # `create`.
    class ServiceAccounts < Resource
      # Create a service account.
      #
      # Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API
      # keys, which do what their scopes and the role permit.
      #
      # @param project [String] The slug of the project.
      # @param name [String] The name, unique among the service accounts of the project.
      # @param role [String] What a member may do in the project. `verifier`: verify keys; `auditor`: read owners, keys
      #   and audit events; `manager`: also manage owners and their keys; `admin`: everything.
      # @return [Member]
      # @raise [Error]
      def create(project, name:, role:, **options)
        body = build(ServiceAccountCreate, name: name, role: role)
        parameters = {}
        arguments = [project, body]
        call(MembersApi, :create_service_account, arguments, parameters, :rejected, options)
      end
    end

    # `events`.
    class Audit < Resource
      # List audit events.
      #
      # Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of a
      # scope. Administrators read all events, members those of the projects in which their role permits it. A change
      # and its event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as
      # `cursor` to get the next page, until it is `null`.
      #
      # @param limit [Integer] The maximum number of items on a page.
      # @param key_id [Integer] Return only events of this API key.
      # @param actor_user_id [Integer] Return only events that this principal caused.
      # @param action [String] Return only events with this action. It may be an action that this version does not know,
      #   because a later version may have written it.
      # @param since [Time] Return only events that occurred at or after this time; RFC 3339 with an offset.
      # @param until [Time] Return only events that occurred before this time; RFC 3339 with an offset.
      # @yieldparam item [AuditEvent]
      # @return [Enumerator<AuditEvent>] the items of all pages, which are requested as they are needed
      # @raise [Error]
      def events(limit: nil, key_id: nil, actor_user_id: nil, action: nil, since: nil, until: nil, **options, &block)
        parameters = {
          limit: limit,
          key_id: key_id,
          actor_user_id: actor_user_id,
          action: action,
          since: since,
          _until: binding.local_variable_get(:until)
        }
        arguments = []
        pages(:cursor, AuditApi, :list_audit_events, arguments, parameters, :repeatable, options, &block)
      end
    end

    # `list`, `create`, `get`, `update`, `change_password`.
    class Users < Resource
      # List users.
      #
      # Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only
      # administrators manage users.
      #
      # @param username [String] Return only the user of this name.
      # @param limit [Integer] The maximum number of items on a page.
      # @yieldparam item [User]
      # @return [Enumerator<User>] the items of all pages, which are requested as they are needed
      # @raise [Error]
      def list(username: nil, limit: nil, **options, &block)
        parameters = {username: username, limit: limit}
        arguments = []
        pages(:cursor, UsersApi, :list_users, arguments, parameters, :repeatable, options, &block)
      end

      # Create a user.
      #
      # Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be
      # given before. `setMember` gives a user roles in projects.
      #
      # @param username [String] The name, unique among users. It cannot be changed.
      # @param password [String] The password. Without one, nobody can log in as the user.
      # @param administrator [Boolean] Whether the user may do everything in the instance; by default not.
      # @return [User]
      # @raise [Error]
      def create(username:, password: ABSENT, administrator: ABSENT, **options)
        body = build(UserCreate, username: username, password: password, administrator: administrator)
        parameters = {}
        arguments = [body]
        call(UsersApi, :create_user, arguments, parameters, :rejected, options)
      end

      # Get a user.
      #
      # Returns a user, also a disabled one. Service accounts and owners are 404.
      #
      # @param user_id [Integer] The id of the user.
      # @return [User]
      # @raise [Error]
      def get(user_id, **options)
        parameters = {}
        arguments = [user_id]
        call(UsersApi, :get_user, arguments, parameters, :repeatable, options)
      end

      # Change a user.
      #
      # Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens of
      # the user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are
      # revoked for good, after everything else: if that fails, the rest is done, and the request can be repeated. The
      # last administrator who is enabled can neither be disabled nor be made an ordinary user (409).
      #
      # @param user_id [Integer] The id of the user.
      # @param password [String] Another password. It ends all bearer tokens of the user.
      # @param administrator [Boolean] Whether the user may do everything in the instance.
      # @param disabled [Boolean] Whether the user is disabled. Keys are valid again when the user is enabled, unless
      #   they were revoked; bearer tokens are not.
      # @param revoke_keys [Boolean] If true, all API keys that the user has are revoked.
      # @return [User]
      # @raise [Error]
      def update(user_id, password: ABSENT, administrator: ABSENT, disabled: ABSENT, revoke_keys: ABSENT, **options)
        body = build(
          UserUpdate,
          password: password,
          administrator: administrator,
          disabled: disabled,
          revoke_keys: revoke_keys
        )
        parameters = {}
        arguments = [user_id, body]
        call(UsersApi, :update_user, arguments, parameters, :repeatable, options)
      end

      # Change the password of the current user.
      #
      # Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay
      # valid. It takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and
      # restricted tokens get a 403. The current password is checked like that of `issueToken`, under the same limits on
      # failed attempts.
      #
      # @param current [String] The password that the user has.
      # @param new [String] The password that the user gets.
      # @return [nil]
      # @raise [Error]
      def change_password(current:, new:, **options)
        body = build(PasswordChange, current: current, new: new)
        parameters = {}
        arguments = [body]
        call(UsersApi, :change_password, arguments, parameters, :rejected, options)
      end
    end

    # `whoami`, `verify`.
    class Root < Resource
      # @return [Keys]
      attr_reader :keys

      # @return [Projects]
      attr_reader :projects

      # @return [Owners]
      attr_reader :owners

      # @return [Members]
      attr_reader :members

      # @return [ServiceAccounts]
      attr_reader :service_accounts

      # @return [Audit]
      attr_reader :audit

      # @return [Users]
      attr_reader :users

      def initialize(transport)
        super
        @keys = Keys.new(transport)
        @projects = Projects.new(transport)
        @owners = Owners.new(transport)
        @members = Members.new(transport)
        @service_accounts = ServiceAccounts.new(transport)
        @audit = Audit.new(transport)
        @users = Users.new(transport)
      end

      # Get the current user.
      #
      # Returns the user that the credential of the request belongs to.
      #
      # @return [UserRead]
      # @raise [Error]
      def whoami(**options)
        parameters = {}
        arguments = []
        call(UsersApi, :get_current_user, arguments, parameters, :repeatable, options)
      end

      # Verify an API key.
      #
      # Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the
      # decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no
      # node reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was
      # made from the key cache. Every verification counts towards the key's usage, and one that is otherwise valid
      # towards its rate limit.
      #
      # @param key [String] The key, as the client sent it.
      # @param scopes [Array<String>, nil] The scopes that the key must have.
      # @param ip [String, nil] The client address. Without it a key that is restricted to networks is invalid.
      # @return [APIKeyVerification]
      # @raise [Error]
      def verify(key:, scopes: ABSENT, ip: ABSENT, **options)
        body = build(APIKeyVerify, key: key, scopes: scopes, ip: ip)
        parameters = {}
        arguments = [body]
        call(VerificationApi, :verify_api_key, arguments, parameters, :rejected, options)
      end
    end
  end
end
