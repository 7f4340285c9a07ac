// What the schemas of responses consist of, at run time. Generated; do not edit.

export interface Shape {
  readonly required: readonly string[];
  /** The members that are secrets. */
  readonly secrets: readonly string[];
  /** The members that are objects, or lists of objects, by their schemas. */
  readonly models: Readonly<Record<string, keyof typeof SHAPES>>;
}

export const SHAPES = {
  ProjectRole: {
    required: ["project", "role"],
    secrets: [],
    models: {},
  },
  UserRead: {
    required: ["id", "username", "role", "kind", "project", "roles", "created_at"],
    secrets: [],
    models: { roles: "ProjectRole" },
  },
  APIKeyRecordRead: {
    required: ["id", "key_prefix", "user_id", "status", "created_at", "expires_at", "description"],
    secrets: ["full_key"],
    models: {},
  },
  APIKeyVerification: {
    required: ["valid", "code", "stale", "unrestricted"],
    secrets: [],
    models: {},
  },
  RateLimitRead: {
    required: ["requests", "seconds"],
    secrets: [],
    models: {},
  },
  DefaultPolicyRead: {
    required: ["scopes", "networks", "rate_limit"],
    secrets: [],
    models: { rate_limit: "RateLimitRead" },
  },
  ProjectSettings: {
    required: ["key_prefix", "default_policy", "default_lifetime_seconds", "max_lifetime_seconds", "allowed_origins"],
    secrets: [],
    models: { default_policy: "DefaultPolicyRead" },
  },
  Project: {
    required: ["slug", "settings", "disabled", "created_at"],
    secrets: [],
    models: { settings: "ProjectSettings" },
  },
  Owner: {
    required: ["id", "external_id", "display_name", "metadata", "disabled", "created_at"],
    secrets: [],
    models: {},
  },
  FoundAPIKey: {
    required: ["key", "owner_external_id", "metadata", "last_used_at"],
    secrets: [],
    models: { key: "APIKeyRecordRead" },
  },
  APIKeyRevocationResult: {
    required: ["matched", "revoked", "next_cursor"],
    secrets: [],
    models: {},
  },
  Member: {
    required: ["user_id", "kind", "name", "role"],
    secrets: [],
    models: {},
  },
  TokenResponse: {
    required: ["access_token", "token_type", "expires_in", "scope"],
    secrets: ["access_token"],
    models: {},
  },
  APIKeyPolicyRead: {
    required: ["scopes", "networks", "not_before", "rate_limit"],
    secrets: [],
    models: { rate_limit: "RateLimitRead" },
  },
  APIKeyMetadataRead: {
    required: ["metadata"],
    secrets: [],
    models: {},
  },
  APIKeyUsage: {
    required: ["key_id", "valid_count", "invalid_count", "last_used_at"],
    secrets: [],
    models: {},
  },
  TextChange: {
    required: ["before", "after"],
    secrets: [],
    models: {},
  },
  TimeChange: {
    required: ["before", "after"],
    secrets: [],
    models: {},
  },
  FlagChange: {
    required: ["before", "after"],
    secrets: [],
    models: {},
  },
  ListChange: {
    required: ["before", "after"],
    secrets: [],
    models: {},
  },
  RateLimitChange: {
    required: ["before", "after"],
    secrets: [],
    models: { before: "RateLimitRead", after: "RateLimitRead" },
  },
  IdChange: {
    required: ["before", "after"],
    secrets: [],
    models: {},
  },
  DurationChange: {
    required: ["before", "after"],
    secrets: [],
    models: {},
  },
  AuditChanges: {
    required: [],
    secrets: [],
    models: { description: "TextChange", expires_at: "TimeChange", not_before: "TimeChange", disabled: "FlagChange", revoked: "FlagChange", revocation_reason: "TextChange", deleted: "FlagChange", scopes: "ListChange", networks: "ListChange", rate_limit: "RateLimitChange", successor_id: "IdChange", managed: "FlagChange", username: "TextChange", role: "TextChange", key_prefix: "TextChange", default_lifetime_seconds: "DurationChange", max_lifetime_seconds: "DurationChange", allowed_origins: "ListChange" },
  },
  AuditEvent: {
    required: ["id", "occurred_at", "action", "subject_type", "subject_id", "key_id", "actor_user_id", "actor_key_id", "credential_type", "client_ip", "changes"],
    secrets: [],
    models: { changes: "AuditChanges" },
  },
  User: {
    required: ["id", "username", "administrator", "disabled", "has_password", "roles", "created_at"],
    secrets: [],
    models: { roles: "ProjectRole" },
  },
} as const;
