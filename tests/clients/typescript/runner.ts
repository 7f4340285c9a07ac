// Executes the steps of the scenario with the TypeScript client; ../README.md describes the protocol.
import { createInterface } from "node:readline";
import { createClient, type Client, type Credentials, type Schemas } from "latchkey-client";

interface RunnerRequest {
  operation: string;
  base_url: string;
  credentials: { bearer?: string; api_key?: string };
  arguments: Arguments;
}
// The arguments of all operations, by their names in the contract; the type of `body` depends on the operation.
type Arguments = {
  item_id: number;
  limit: number;
  cursor: string;
  status: Schemas["APIKeyStatus"];
  scope: string;
  key_id: number;
  actor_user_id: number;
  action: Schemas["AuditAction"];
  "If-Match": string;
  "Idempotency-Key": string;
  body: unknown;
};
interface CallResult {
  response: Response;
  data?: unknown;
  error?: unknown;
}

/** The arguments of these names that are present. */
function pick<Name extends keyof Arguments>(given: Arguments, ...names: Name[]): Partial<Pick<Arguments, Name>> {
  return Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]])) as Partial<
    Pick<Arguments, Name>
  >;
}
const form = { "Content-Type": "application/x-www-form-urlencoded" };
const path = ({ item_id }: Arguments) => ({ item_id });

const calls: Record<string, (client: Client, a: Arguments) => Promise<CallResult>> = {
  issueToken: (client, a) => client.POST("/token", { body: a.body as Schemas["TokenRequest"], headers: form }),
  getCurrentUser: (client) => client.GET("/v1/users/me"),
  createApiKey: (client, a) =>
    client.POST("/v1/api-keys/", {
      params: { header: pick(a, "Idempotency-Key") },
      body: a.body as Schemas["APIKeyRecordCreate"],
    }),
  listApiKeys: (client, a) => client.GET("/v1/api-keys/", { params: { query: pick(a, "limit", "cursor", "status") } }),
  getApiKey: (client, a) => client.GET("/v1/api-keys/{item_id}", { params: { path: path(a) } }),
  updateApiKey: (client, a) =>
    client.PATCH("/v1/api-keys/{item_id}", {
      params: { path: path(a), header: pick(a, "If-Match") },
      body: a.body as Schemas["APIKeyRecordCreate"],
    }),
  deleteApiKey: (client, a) => client.DELETE("/v1/api-keys/{item_id}", { params: { path: path(a) } }),
  verifyApiKey: (client, a) => client.POST("/v1/api-keys/verify", { body: a.body as Schemas["APIKeyVerify"] }),
  introspectToken: (client, a) =>
    client.POST("/v1/introspect", { body: a.body as Schemas["IntrospectionRequest"], headers: form }),
  forwardAuth: (client, a) => client.GET("/v1/forward-auth", { params: { query: pick(a, "scope") } }),
  revokeToken: (client, a) => client.POST("/v1/revoke", { body: a.body as Schemas["RevocationRequest"], headers: form }),
  getApiKeyPolicy: (client, a) => client.GET("/v1/api-keys/{item_id}/policy", { params: { path: path(a) } }),
  setApiKeyPolicy: (client, a) =>
    client.PUT("/v1/api-keys/{item_id}/policy", {
      params: { path: path(a), header: pick(a, "If-Match") },
      body: a.body as Schemas["APIKeyPolicy"],
    }),
  getApiKeyUsage: (client, a) => client.GET("/v1/api-keys/{item_id}/usage", { params: { path: path(a) } }),
  disableApiKey: (client, a) => client.POST("/v1/api-keys/{item_id}/disable", { params: { path: path(a) } }),
  enableApiKey: (client, a) => client.POST("/v1/api-keys/{item_id}/enable", { params: { path: path(a) } }),
  rotateApiKey: (client, a) =>
    client.POST("/v1/api-keys/{item_id}/rotate", {
      params: { path: path(a), header: pick(a, "Idempotency-Key") },
      body: a.body as Schemas["APIKeyRotate"],
    }),
  revokeApiKey: (client, a) =>
    client.POST("/v1/api-keys/{item_id}/revoke", {
      params: { path: path(a) },
      body: a.body as Schemas["APIKeyRevoke"],
    }),
  listAuditEvents: (client, a) =>
    client.GET("/v1/audit/events", {
      params: { query: pick(a, "limit", "cursor", "key_id", "actor_user_id", "action") },
    }),
};

function isValidationError(error: unknown): error is Schemas["HTTPValidationError"] {
  return typeof error === "object" && error !== null && "detail" in error && Array.isArray(error.detail);
}
function isProblem(error: unknown): error is Schemas["Problem"] {
  return typeof error === "object" && error !== null && "title" in error;
}
function isTokenError(error: unknown): error is Schemas["TokenError"] {
  return typeof error === "object" && error !== null && "error" in error;
}
/** The name of the schema of an error, which depends on the status. */
function schemaName(status: number, error: unknown): string {
  if (status === 422 && isValidationError(error)) return "HTTPValidationError";
  if (status === 400 && isTokenError(error)) return "TokenError";
  if ([401, 403, 404, 408, 409, 412, 413, 429, 500, 503].includes(status) && isProblem(error)) return "Problem";
  return "unknown";
}

async function execute(request: RunnerRequest): Promise<object> {
  const call = calls[request.operation];
  if (!call) return { failure: `no such operation: ${request.operation}` };
  const { bearer, api_key } = request.credentials;
  const credentials: Credentials = { ...(bearer && { bearer }), ...(api_key && { apiKey: api_key }) };
  const { response, data, error } = await call(createClient({ baseUrl: request.base_url, ...credentials }), request.arguments);
  const result = { status: response.status, headers: Object.fromEntries(response.headers) };
  if (response.status >= 400) return { ...result, error: schemaName(response.status, error), body: error };
  return { ...result, body: data };
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await execute(JSON.parse(line) as RunnerRequest).catch((error: unknown) => ({ failure: String(error) }));
  console.log(JSON.stringify(result));
}
