# frozen_string_literal: true

# Executes the steps of the scenario with the Ruby client; ../README.md describes the protocol.

require "json"
require "latchkey_client"

# An argument that the language's types cannot express.
class Rejected < StandardError; end

def time(text)
  return text unless text.is_a?(String)
  raise Rejected, "a Time has an offset" unless text.match?(/(Z|[+-]\d\d:\d\d)\z/)

  Time.iso8601(text)
end

def record(body)
  body = body.merge(expires_at: time(body[:expires_at])) if body.key?(:expires_at)
  Latchkey::APIKeyRecordCreate.new(body)
end

def policy(body)
  body = body.merge(not_before: time(body[:not_before])) if body.key?(:not_before)
  body = body.merge(rate_limit: Latchkey::RateLimit.new(body[:rate_limit])) if body[:rate_limit]
  Latchkey::APIKeyPolicy.new(body)
end

# The arguments of these names that are present, by the client's names.
def options(arguments, *names)
  arguments.slice(*names).transform_keys { |name| name.to_s.downcase.tr("-", "_").to_sym }
end

CALLS = {
  "issueToken" => lambda { |client, a|
    Latchkey::TokensApi.new(client).issue_token_with_http_info(*a[:body].values_at(:grant_type, :username, :password), options(a[:body], :scope))
  },
  "getCurrentUser" => ->(client, _) { Latchkey::UsersApi.new(client).get_current_user_with_http_info },
  "createApiKey" => lambda { |client, a|
    Latchkey::ApiKeysApi.new(client).create_api_key_with_http_info(record(a[:body]), options(a, :"Idempotency-Key"))
  },
  "listApiKeys" => lambda { |client, a|
    Latchkey::ApiKeysApi.new(client).list_api_keys_with_http_info(options(a, :limit, :cursor, :status))
  },
  "getApiKey" => ->(client, a) { Latchkey::ApiKeysApi.new(client).get_api_key_with_http_info(a[:item_id]) },
  "updateApiKey" => lambda { |client, a|
    Latchkey::ApiKeysApi.new(client).update_api_key_with_http_info(a[:item_id], record(a[:body]), options(a, :"If-Match"))
  },
  "deleteApiKey" => ->(client, a) { Latchkey::ApiKeysApi.new(client).delete_api_key_with_http_info(a[:item_id]) },
  "verifyApiKey" => lambda { |client, a|
    Latchkey::VerificationApi.new(client).verify_api_key_with_http_info(Latchkey::APIKeyVerify.new(a[:body]))
  },
  "introspectToken" => lambda { |client, a|
    Latchkey::VerificationApi.new(client).introspect_token_with_http_info(a[:body][:token], options(a[:body], :token_type_hint))
  },
  "forwardAuth" => ->(client, a) { Latchkey::VerificationApi.new(client).forward_auth_with_http_info(options(a, :scope)) },
  "revokeToken" => lambda { |client, a|
    Latchkey::VerificationApi.new(client).revoke_token_with_http_info(a[:body][:token], options(a[:body], :token_type_hint))
  },
  "getApiKeyPolicy" => ->(client, a) { Latchkey::LifecycleApi.new(client).get_api_key_policy_with_http_info(a[:item_id]) },
  "setApiKeyPolicy" => lambda { |client, a|
    Latchkey::LifecycleApi.new(client).set_api_key_policy_with_http_info(a[:item_id], policy(a[:body]), options(a, :"If-Match"))
  },
  "getApiKeyUsage" => ->(client, a) { Latchkey::LifecycleApi.new(client).get_api_key_usage_with_http_info(a[:item_id]) },
  "disableApiKey" => ->(client, a) { Latchkey::LifecycleApi.new(client).disable_api_key_with_http_info(a[:item_id]) },
  "enableApiKey" => ->(client, a) { Latchkey::LifecycleApi.new(client).enable_api_key_with_http_info(a[:item_id]) },
  "rotateApiKey" => lambda { |client, a|
    Latchkey::LifecycleApi.new(client).rotate_api_key_with_http_info(
      a[:item_id], Latchkey::APIKeyRotate.new(a[:body]), options(a, :"Idempotency-Key")
    )
  },
  "revokeApiKey" => lambda { |client, a|
    Latchkey::LifecycleApi.new(client).revoke_api_key_with_http_info(a[:item_id], Latchkey::APIKeyRevoke.new(a[:body]))
  },
  "listAuditEvents" => lambda { |client, a|
    Latchkey::AuditApi.new(client).list_audit_events_with_http_info(options(a, :limit, :cursor, :key_id, :actor_user_id, :action))
  },
}.freeze

def client(request)
  config = Latchkey::Configuration.new
  config.scheme, config.host = request[:base_url].split("://")
  config.access_token = request[:credentials][:bearer]
  config.api_key["X-API-Key"] = request[:credentials][:api_key]
  Latchkey::ApiClient.new(config)
end

def encode(value)
  value.is_a?(Array) ? value.map(&:to_hash) : value&.to_hash
end

def execute(request)
  data, status, headers = CALLS.fetch(request[:operation]).call(client(request), request[:arguments])
  {status: status, headers: headers.to_h.transform_keys(&:downcase), body: encode(data)}.compact
rescue Rejected => e
  {rejected: e.message}
rescue Latchkey::ApiError => e
  return {failure: e.message} if e.code.to_i.zero?

  schema = e.model ? e.model.class.name.delete_prefix("Latchkey::") : "unknown"
  {status: e.code, headers: e.response_headers.to_h.transform_keys(&:downcase), error: schema, body: encode(e.model)}.compact
rescue StandardError => e
  {failure: e.full_message(highlight: false)}
end

$stdout.sync = true
$stdin.each_line { |line| puts JSON.generate(execute(JSON.parse(line, symbolize_names: true))) }
