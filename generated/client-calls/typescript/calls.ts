// Calls every operation of the TypeScript client, with arguments and responses as JSON. Generated; do not edit.
import type { Client, Schemas, operations } from "latchkey-client";

/** Arguments or properties of a body, by their names in the contract. */
export type Values = Record<string, any>;
export interface CallResult {
  response: Response;
  data?: unknown;
  error?: unknown;
}
export type Query<Id extends keyof operations> = NonNullable<operations[Id]["parameters"]["query"]>;
type Header<Id extends keyof operations> = NonNullable<operations[Id]["parameters"]["header"]>;

/** The values of these names that are present. */
export function pick<T>(given: Values, ...names: (keyof T & string)[]): Partial<T> {
  return Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]])) as Partial<T>;
}
const form = { "Content-Type": "application/x-www-form-urlencoded" };

export function buildRateLimit(body: Values): Schemas["RateLimit"] {
  return {
    requests: body.requests,
    seconds: body.seconds,
  };
}
export function buildAPIKeyPolicy(body: Values): Schemas["APIKeyPolicy"] {
  return {
    ...pick<Schemas["APIKeyPolicy"]>(body, "scopes", "networks", "not_before", "rate_limit"),
  };
}
export function buildAPIKeyCreate(body: Values): Schemas["APIKeyCreate"] {
  return {
    ...pick<Schemas["APIKeyCreate"]>(body, "expires_at", "description", "policy", "metadata"),
  };
}
export function buildAPIKeyVerify(body: Values): Schemas["APIKeyVerify"] {
  return {
    key: body.key,
    ...pick<Schemas["APIKeyVerify"]>(body, "scopes", "ip"),
  };
}
export function buildDefaultPolicy(body: Values): Schemas["DefaultPolicy"] {
  return {
    ...pick<Schemas["DefaultPolicy"]>(body, "scopes", "networks", "rate_limit"),
  };
}
export function buildProjectSettingsUpdate(body: Values): Schemas["ProjectSettingsUpdate"] {
  return {
    ...pick<Schemas["ProjectSettingsUpdate"]>(body, "key_prefix", "default_policy", "default_lifetime_seconds", "max_lifetime_seconds", "allowed_origins"),
  };
}
export function buildProjectCreate(body: Values): Schemas["ProjectCreate"] {
  return {
    slug: body.slug,
    ...pick<Schemas["ProjectCreate"]>(body, "settings"),
  };
}
export function buildProjectUpdate(body: Values): Schemas["ProjectUpdate"] {
  return {
    ...pick<Schemas["ProjectUpdate"]>(body, "settings", "disabled"),
  };
}
export function buildOwnerUpsert(body: Values): Schemas["OwnerUpsert"] {
  return {
    external_id: body.external_id,
    ...pick<Schemas["OwnerUpsert"]>(body, "display_name", "metadata", "disabled"),
  };
}
export function buildAPIKeyIssue(body: Values): Schemas["APIKeyIssue"] {
  return {
    ...pick<Schemas["APIKeyIssue"]>(body, "external_id", "service_account", "expires_at", "description", "policy", "metadata"),
  };
}
export function buildAPIKeyFilter(body: Values): Schemas["APIKeyFilter"] {
  return {
    ...pick<Schemas["APIKeyFilter"]>(body, "key", "owner", "status", "description", "metadata", "expires_after", "expires_before", "created_before", "unused_since"),
  };
}
export function buildAPIKeyRevocation(body: Values): Schemas["APIKeyRevocation"] {
  return {
    filter: body.filter,
    dry_run: body.dry_run,
    limit: body.limit,
    ...pick<Schemas["APIKeyRevocation"]>(body, "reason", "cursor"),
  };
}
export function buildMemberSet(body: Values): Schemas["MemberSet"] {
  return {
    role: body.role,
  };
}
export function buildServiceAccountCreate(body: Values): Schemas["ServiceAccountCreate"] {
  return {
    name: body.name,
    role: body.role,
  };
}
export function buildOwnerTokenCreate(body: Values): Schemas["OwnerTokenCreate"] {
  return {
    external_id: body.external_id,
    ...pick<Schemas["OwnerTokenCreate"]>(body, "scopes", "key_scopes", "expires_in"),
  };
}
export function buildAPIKeyMetadata(body: Values): Schemas["APIKeyMetadata"] {
  return {
    metadata: body.metadata,
  };
}
export function buildAPIKeyRotate(body: Values): Schemas["APIKeyRotate"] {
  return {
    ...pick<Schemas["APIKeyRotate"]>(body, "grace_period_seconds"),
  };
}
export function buildAPIKeyRevoke(body: Values): Schemas["APIKeyRevoke"] {
  return {
    ...pick<Schemas["APIKeyRevoke"]>(body, "reason"),
  };
}
export function buildAPIKeyRecordCreate(body: Values): Schemas["APIKeyRecordCreate"] {
  return {
    ...pick<Schemas["APIKeyRecordCreate"]>(body, "expires_at", "description"),
  };
}
export function buildUserCreate(body: Values): Schemas["UserCreate"] {
  return {
    username: body.username,
    ...pick<Schemas["UserCreate"]>(body, "password", "administrator"),
  };
}
export function buildUserUpdate(body: Values): Schemas["UserUpdate"] {
  return {
    ...pick<Schemas["UserUpdate"]>(body, "password", "administrator", "disabled", "revoke_keys"),
  };
}
export function buildPasswordChange(body: Values): Schemas["PasswordChange"] {
  return {
    current: body.current,
    new: body.new,
  };
}
export function buildTokenRequest(body: Values): Schemas["TokenRequest"] {
  return {
    grant_type: body.grant_type,
    username: body.username,
    password: body.password,
    ...pick<Schemas["TokenRequest"]>(body, "scope"),
  };
}
export function buildIntrospectionRequest(body: Values): Schemas["IntrospectionRequest"] {
  return {
    token: body.token,
    ...pick<Schemas["IntrospectionRequest"]>(body, "token_type_hint"),
  };
}
export function buildRevocationRequest(body: Values): Schemas["RevocationRequest"] {
  return {
    token: body.token,
    ...pick<Schemas["RevocationRequest"]>(body, "token_type_hint"),
  };
}

export function readTokenResponse(value: Schemas["TokenResponse"]) {
  return {
    access_token: value.access_token,
    token_type: value.token_type,
    expires_in: value.expires_in,
    scope: value.scope,
  };
}
export function readProjectRole(value: Schemas["ProjectRole"]) {
  return {
    project: value.project,
    role: value.role,
  };
}
export function readUserRead(value: Schemas["UserRead"]) {
  return {
    id: value.id,
    username: value.username,
    role: value.role,
    kind: value.kind,
    project: value.project,
    roles: value.roles.map(readProjectRole),
    created_at: value.created_at,
  };
}
export function readAPIKeyRecordRead(value: Schemas["APIKeyRecordRead"]) {
  return {
    id: value.id,
    key_prefix: value.key_prefix,
    user_id: value.user_id,
    status: value.status,
    created_at: value.created_at,
    expires_at: value.expires_at,
    description: value.description,
    full_key: value.full_key,
  };
}
export function readAPIKeyVerification(value: Schemas["APIKeyVerification"]) {
  return {
    valid: value.valid,
    code: value.code,
    stale: value.stale,
    unrestricted: value.unrestricted,
    key_id: value.key_id,
    user_id: value.user_id,
    username: value.username,
    project: value.project,
    owner_external_id: value.owner_external_id,
    scopes: value.scopes,
    expires_at: value.expires_at,
    metadata: value.metadata,
    owner_metadata: value.owner_metadata,
    retry_after_seconds: value.retry_after_seconds,
  };
}
export function readTokenIntrospection(value: Schemas["TokenIntrospection"]) {
  return {
    active: value.active,
    scope: value.scope,
    username: value.username,
    client_id: value.client_id,
    project: value.project,
    token_type: value.token_type,
    exp: value.exp,
    iat: value.iat,
    nbf: value.nbf,
    sub: value.sub,
    jti: value.jti,
    stale: value.stale,
  };
}
export function readRateLimitRead(value: Schemas["RateLimitRead"]) {
  return {
    requests: value.requests,
    seconds: value.seconds,
  };
}
export function readDefaultPolicyRead(value: Schemas["DefaultPolicyRead"]) {
  return {
    scopes: value.scopes,
    networks: value.networks,
    rate_limit: value.rate_limit && readRateLimitRead(value.rate_limit),
  };
}
export function readProjectSettings(value: Schemas["ProjectSettings"]) {
  return {
    key_prefix: value.key_prefix,
    default_policy: readDefaultPolicyRead(value.default_policy),
    default_lifetime_seconds: value.default_lifetime_seconds,
    max_lifetime_seconds: value.max_lifetime_seconds,
    allowed_origins: value.allowed_origins,
  };
}
export function readProject(value: Schemas["Project"]) {
  return {
    slug: value.slug,
    settings: readProjectSettings(value.settings),
    disabled: value.disabled,
    created_at: value.created_at,
  };
}
export function readProjectPage(value: Schemas["ProjectPage"]) {
  return {
    items: value.items.map(readProject),
    next_cursor: value.next_cursor,
  };
}
export function readOwner(value: Schemas["Owner"]) {
  return {
    id: value.id,
    external_id: value.external_id,
    display_name: value.display_name,
    metadata: value.metadata,
    disabled: value.disabled,
    created_at: value.created_at,
  };
}
export function readOwnerPage(value: Schemas["OwnerPage"]) {
  return {
    items: value.items.map(readOwner),
    next_cursor: value.next_cursor,
  };
}
export function readFoundAPIKey(value: Schemas["FoundAPIKey"]) {
  return {
    key: readAPIKeyRecordRead(value.key),
    owner_external_id: value.owner_external_id,
    metadata: value.metadata,
    last_used_at: value.last_used_at,
  };
}
export function readFoundAPIKeyPage(value: Schemas["FoundAPIKeyPage"]) {
  return {
    items: value.items.map(readFoundAPIKey),
    next_cursor: value.next_cursor,
  };
}
export function readAPIKeyRevocationResult(value: Schemas["APIKeyRevocationResult"]) {
  return {
    matched: value.matched,
    revoked: value.revoked,
    next_cursor: value.next_cursor,
  };
}
export function readMember(value: Schemas["Member"]) {
  return {
    user_id: value.user_id,
    kind: value.kind,
    name: value.name,
    role: value.role,
  };
}
export function readMemberPage(value: Schemas["MemberPage"]) {
  return {
    items: value.items.map(readMember),
    next_cursor: value.next_cursor,
  };
}
export function readAPIKeyPolicyRead(value: Schemas["APIKeyPolicyRead"]) {
  return {
    scopes: value.scopes,
    networks: value.networks,
    not_before: value.not_before,
    rate_limit: value.rate_limit && readRateLimitRead(value.rate_limit),
  };
}
export function readAPIKeyMetadataRead(value: Schemas["APIKeyMetadataRead"]) {
  return {
    metadata: value.metadata,
  };
}
export function readAPIKeyUsage(value: Schemas["APIKeyUsage"]) {
  return {
    key_id: value.key_id,
    valid_count: value.valid_count,
    invalid_count: value.invalid_count,
    last_used_at: value.last_used_at,
  };
}
export function readTextChange(value: Schemas["TextChange"]) {
  return {
    before: value.before,
    after: value.after,
  };
}
export function readTimeChange(value: Schemas["TimeChange"]) {
  return {
    before: value.before,
    after: value.after,
  };
}
export function readFlagChange(value: Schemas["FlagChange"]) {
  return {
    before: value.before,
    after: value.after,
  };
}
export function readListChange(value: Schemas["ListChange"]) {
  return {
    before: value.before,
    after: value.after,
  };
}
export function readRateLimitChange(value: Schemas["RateLimitChange"]) {
  return {
    before: value.before && readRateLimitRead(value.before),
    after: value.after && readRateLimitRead(value.after),
  };
}
export function readIdChange(value: Schemas["IdChange"]) {
  return {
    before: value.before,
    after: value.after,
  };
}
export function readDurationChange(value: Schemas["DurationChange"]) {
  return {
    before: value.before,
    after: value.after,
  };
}
export function readAuditChanges(value: Schemas["AuditChanges"]) {
  return {
    description: value.description && readTextChange(value.description),
    expires_at: value.expires_at && readTimeChange(value.expires_at),
    not_before: value.not_before && readTimeChange(value.not_before),
    disabled: value.disabled && readFlagChange(value.disabled),
    revoked: value.revoked && readFlagChange(value.revoked),
    revocation_reason: value.revocation_reason && readTextChange(value.revocation_reason),
    deleted: value.deleted && readFlagChange(value.deleted),
    scopes: value.scopes && readListChange(value.scopes),
    networks: value.networks && readListChange(value.networks),
    rate_limit: value.rate_limit && readRateLimitChange(value.rate_limit),
    successor_id: value.successor_id && readIdChange(value.successor_id),
    managed: value.managed && readFlagChange(value.managed),
    username: value.username && readTextChange(value.username),
    role: value.role && readTextChange(value.role),
    key_prefix: value.key_prefix && readTextChange(value.key_prefix),
    default_lifetime_seconds: value.default_lifetime_seconds && readDurationChange(value.default_lifetime_seconds),
    max_lifetime_seconds: value.max_lifetime_seconds && readDurationChange(value.max_lifetime_seconds),
    allowed_origins: value.allowed_origins && readListChange(value.allowed_origins),
  };
}
export function readAuditEvent(value: Schemas["AuditEvent"]) {
  return {
    id: value.id,
    occurred_at: value.occurred_at,
    action: value.action,
    subject_type: value.subject_type,
    subject_id: value.subject_id,
    key_id: value.key_id,
    actor_user_id: value.actor_user_id,
    actor_key_id: value.actor_key_id,
    credential_type: value.credential_type,
    client_ip: value.client_ip,
    operation: value.operation,
    project: value.project,
    principal_id: value.principal_id,
    minted_by: value.minted_by,
    changes: readAuditChanges(value.changes),
  };
}
export function readAuditEventPage(value: Schemas["AuditEventPage"]) {
  return {
    items: value.items.map(readAuditEvent),
    next_cursor: value.next_cursor,
  };
}
export function readUser(value: Schemas["User"]) {
  return {
    id: value.id,
    username: value.username,
    administrator: value.administrator,
    disabled: value.disabled,
    has_password: value.has_password,
    roles: value.roles.map(readProjectRole),
    created_at: value.created_at,
  };
}
export function readUserPage(value: Schemas["UserPage"]) {
  return {
    items: value.items.map(readUser),
    next_cursor: value.next_cursor,
  };
}
export function readValidationError(value: Schemas["ValidationError"]) {
  return {
    loc: value.loc,
    msg: value.msg,
    type: value.type,
  };
}
export function readHTTPValidationError(value: Schemas["HTTPValidationError"]) {
  return {
    detail: value.detail && value.detail.map(readValidationError),
  };
}
export function readProblem(value: Schemas["Problem"]) {
  return {
    type: value.type,
    title: value.title,
    status: value.status,
    detail: value.detail,
    code: value.code,
  };
}
export function readTokenError(value: Schemas["TokenError"]) {
  return {
    error: value.error,
    error_description: value.error_description,
  };
}

export const calls: Record<string, (client: Client, a: Values) => Promise<CallResult>> = {
  issueToken: async (client, a) => {
    const { response, data, error } = await client.POST("/token", {
      body: buildTokenRequest(a.body),
      headers: form,
    });
    return { response, data: data && readTokenResponse(data), error };
  },
  getCurrentUser: async (client, _) => {
    const { response, data, error } = await client.GET("/v1/users/me");
    return { response, data: data && readUserRead(data), error };
  },
  createApiKey: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/api-keys/", {
      params: {
        header: pick<Header<"createApiKey">>(a, "Idempotency-Key"),
      },
      body: buildAPIKeyCreate(a.body),
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  listApiKeys: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/api-keys/", {
      params: {
        query: pick<Query<"listApiKeys">>(a, "limit", "cursor", "status"),
      },
    });
    return { response, data: data && data.map(readAPIKeyRecordRead), error };
  },
  verifyApiKey: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/api-keys/verify", {
      body: buildAPIKeyVerify(a.body),
    });
    return { response, data: data && readAPIKeyVerification(data), error };
  },
  introspectToken: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/introspect", {
      body: buildIntrospectionRequest(a.body),
      headers: form,
    });
    return { response, data: data && readTokenIntrospection(data), error };
  },
  forwardAuth: async (client, a) => {
    const { response, error } = await client.GET("/v1/forward-auth", {
      params: {
        query: pick<Query<"forwardAuth">>(a, "scope", "metadata"),
      },
    });
    return { response, error };
  },
  projectForwardAuth: async (client, a) => {
    const { response, error } = await client.GET("/v1/projects/{project}/forward-auth", {
      params: {
        path: { project: a.project },
        query: pick<Query<"projectForwardAuth">>(a, "scope", "metadata"),
      },
    });
    return { response, error };
  },
  createProject: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/projects", {
      body: buildProjectCreate(a.body),
    });
    return { response, data: data && readProject(data), error };
  },
  listProjects: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/projects", {
      params: {
        query: pick<Query<"listProjects">>(a, "limit", "cursor"),
      },
    });
    return { response, data: data && readProjectPage(data), error };
  },
  getProject: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/projects/{project}", {
      params: {
        path: { project: a.project },
      },
    });
    return { response, data: data && readProject(data), error };
  },
  updateProject: async (client, a) => {
    const { response, data, error } = await client.PATCH("/v1/projects/{project}", {
      params: {
        path: { project: a.project },
        header: pick<Header<"updateProject">>(a, "If-Match"),
      },
      body: buildProjectUpdate(a.body),
    });
    return { response, data: data && readProject(data), error };
  },
  upsertOwner: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/projects/{project}/owners", {
      params: {
        path: { project: a.project },
      },
      body: buildOwnerUpsert(a.body),
    });
    return { response, data: data && readOwner(data), error };
  },
  listOwners: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/projects/{project}/owners", {
      params: {
        path: { project: a.project },
        query: pick<Query<"listOwners">>(a, "limit", "cursor", "external_id"),
      },
    });
    return { response, data: data && readOwnerPage(data), error };
  },
  getOwner: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/projects/{project}/owners/{owner_id}", {
      params: {
        path: { project: a.project, owner_id: a.owner_id },
      },
    });
    return { response, data: data && readOwner(data), error };
  },
  deleteOwner: async (client, a) => {
    const { response, error } = await client.DELETE("/v1/projects/{project}/owners/{owner_id}", {
      params: {
        path: { project: a.project, owner_id: a.owner_id },
      },
    });
    return { response, error };
  },
  issueApiKey: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/projects/{project}/api-keys", {
      params: {
        path: { project: a.project },
        header: pick<Header<"issueApiKey">>(a, "Idempotency-Key"),
      },
      body: buildAPIKeyIssue(a.body),
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  searchApiKeys: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/projects/{project}/api-keys/search", {
      params: {
        path: { project: a.project },
        query: pick<Query<"searchApiKeys">>(a, "limit", "cursor"),
      },
      body: buildAPIKeyFilter(a.body),
    });
    return { response, data: data && readFoundAPIKeyPage(data), error };
  },
  revokeApiKeys: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/projects/{project}/api-keys/revoke", {
      params: {
        path: { project: a.project },
      },
      body: buildAPIKeyRevocation(a.body),
    });
    return { response, data: data && readAPIKeyRevocationResult(data), error };
  },
  listMembers: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/projects/{project}/members", {
      params: {
        path: { project: a.project },
        query: pick<Query<"listMembers">>(a, "limit", "cursor"),
      },
    });
    return { response, data: data && readMemberPage(data), error };
  },
  setMember: async (client, a) => {
    const { response, data, error } = await client.PUT("/v1/projects/{project}/members/{user_id}", {
      params: {
        path: { project: a.project, user_id: a.user_id },
      },
      body: buildMemberSet(a.body),
    });
    return { response, data: data && readMember(data), error };
  },
  removeMember: async (client, a) => {
    const { response, error } = await client.DELETE("/v1/projects/{project}/members/{user_id}", {
      params: {
        path: { project: a.project, user_id: a.user_id },
      },
    });
    return { response, error };
  },
  createServiceAccount: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/projects/{project}/service-accounts", {
      params: {
        path: { project: a.project },
      },
      body: buildServiceAccountCreate(a.body),
    });
    return { response, data: data && readMember(data), error };
  },
  createOwnerToken: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/projects/{project}/owner-tokens", {
      params: {
        path: { project: a.project },
      },
      body: buildOwnerTokenCreate(a.body),
    });
    return { response, data: data && readTokenResponse(data), error };
  },
  revokeToken: async (client, a) => {
    const { response, error } = await client.POST("/v1/revoke", {
      body: buildRevocationRequest(a.body),
      headers: form,
    });
    return { response, error };
  },
  getApiKeyPolicy: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/api-keys/{item_id}/policy", {
      params: {
        path: { item_id: a.item_id },
      },
    });
    return { response, data: data && readAPIKeyPolicyRead(data), error };
  },
  setApiKeyPolicy: async (client, a) => {
    const { response, data, error } = await client.PUT("/v1/api-keys/{item_id}/policy", {
      params: {
        path: { item_id: a.item_id },
        header: pick<Header<"setApiKeyPolicy">>(a, "If-Match"),
      },
      body: buildAPIKeyPolicy(a.body),
    });
    return { response, data: data && readAPIKeyPolicyRead(data), error };
  },
  getApiKeyMetadata: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/api-keys/{item_id}/metadata", {
      params: {
        path: { item_id: a.item_id },
      },
    });
    return { response, data: data && readAPIKeyMetadataRead(data), error };
  },
  setApiKeyMetadata: async (client, a) => {
    const { response, data, error } = await client.PUT("/v1/api-keys/{item_id}/metadata", {
      params: {
        path: { item_id: a.item_id },
        header: pick<Header<"setApiKeyMetadata">>(a, "If-Match"),
      },
      body: buildAPIKeyMetadata(a.body),
    });
    return { response, data: data && readAPIKeyMetadataRead(data), error };
  },
  getApiKeyUsage: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/api-keys/{item_id}/usage", {
      params: {
        path: { item_id: a.item_id },
      },
    });
    return { response, data: data && readAPIKeyUsage(data), error };
  },
  disableApiKey: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/api-keys/{item_id}/disable", {
      params: {
        path: { item_id: a.item_id },
        query: pick<Query<"disableApiKey">>(a, "wait_until_effective"),
        header: pick<Header<"disableApiKey">>(a, "If-Match"),
      },
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  enableApiKey: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/api-keys/{item_id}/enable", {
      params: {
        path: { item_id: a.item_id },
        header: pick<Header<"enableApiKey">>(a, "If-Match"),
      },
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  rotateApiKey: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/api-keys/{item_id}/rotate", {
      params: {
        path: { item_id: a.item_id },
        header: pick<Header<"rotateApiKey">>(a, "If-Match", "Idempotency-Key"),
      },
      body: buildAPIKeyRotate(a.body),
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  revokeApiKey: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/api-keys/{item_id}/revoke", {
      params: {
        path: { item_id: a.item_id },
        query: pick<Query<"revokeApiKey">>(a, "wait_until_effective"),
        header: pick<Header<"revokeApiKey">>(a, "If-Match"),
      },
      body: buildAPIKeyRevoke(a.body),
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  getApiKey: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/api-keys/{item_id}", {
      params: {
        path: { item_id: a.item_id },
      },
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  updateApiKey: async (client, a) => {
    const { response, data, error } = await client.PATCH("/v1/api-keys/{item_id}", {
      params: {
        path: { item_id: a.item_id },
        header: pick<Header<"updateApiKey">>(a, "If-Match"),
      },
      body: buildAPIKeyRecordCreate(a.body),
    });
    return { response, data: data && readAPIKeyRecordRead(data), error };
  },
  deleteApiKey: async (client, a) => {
    const { response, error } = await client.DELETE("/v1/api-keys/{item_id}", {
      params: {
        path: { item_id: a.item_id },
        query: pick<Query<"deleteApiKey">>(a, "wait_until_effective"),
        header: pick<Header<"deleteApiKey">>(a, "If-Match"),
      },
    });
    return { response, error };
  },
  listAuditEvents: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/audit/events", {
      params: {
        query: pick<Query<"listAuditEvents">>(a, "limit", "cursor", "key_id", "actor_user_id", "action", "since", "until"),
      },
    });
    return { response, data: data && readAuditEventPage(data), error };
  },
  listUsers: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/users", {
      params: {
        query: pick<Query<"listUsers">>(a, "username", "limit", "cursor"),
      },
    });
    return { response, data: data && readUserPage(data), error };
  },
  createUser: async (client, a) => {
    const { response, data, error } = await client.POST("/v1/users", {
      body: buildUserCreate(a.body),
    });
    return { response, data: data && readUser(data), error };
  },
  getUser: async (client, a) => {
    const { response, data, error } = await client.GET("/v1/users/{user_id}", {
      params: {
        path: { user_id: a.user_id },
      },
    });
    return { response, data: data && readUser(data), error };
  },
  updateUser: async (client, a) => {
    const { response, data, error } = await client.PATCH("/v1/users/{user_id}", {
      params: {
        path: { user_id: a.user_id },
      },
      body: buildUserUpdate(a.body),
    });
    return { response, data: data && readUser(data), error };
  },
  changePassword: async (client, a) => {
    const { response, error } = await client.PUT("/v1/users/me/password", {
      body: buildPasswordChange(a.body),
    });
    return { response, error };
  },
};
