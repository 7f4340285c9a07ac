// Executes steps with the TypeScript client; ../README.md describes the protocol.
import { createInterface } from "node:readline";
import { createClient, type Credentials, type Schemas } from "latchkey-client";
import { calls, readHTTPValidationError, readProblem, readTokenError, type Values } from "./calls.js";
import { executeStep, type MethodRequest } from "./steps.js";

interface RunnerRequest {
  operation: string;
  base_url: string;
  credentials: { bearer?: string; api_key?: string };
  arguments: Values;
}

function isValidationError(error: unknown): error is Schemas["HTTPValidationError"] {
  return typeof error === "object" && error !== null && "detail" in error && Array.isArray(error.detail);
}
function isProblem(error: unknown): error is Schemas["Problem"] {
  return typeof error === "object" && error !== null && "title" in error;
}
function isTokenError(error: unknown): error is Schemas["TokenError"] {
  return typeof error === "object" && error !== null && "error" in error;
}
/** The name of the schema of an error, which depends on the status, and its content. */
function readError(status: number, error: unknown): { error: string; body?: unknown } {
  if (status === 422 && isValidationError(error))
    return { error: "HTTPValidationError", body: readHTTPValidationError(error) };
  if ([400, 429].includes(status) && isTokenError(error)) return { error: "TokenError", body: readTokenError(error) };
  if ([401, 403, 404, 408, 409, 412, 413, 429, 500, 503].includes(status) && isProblem(error)) {
    return { error: "Problem", body: readProblem(error) };
  }
  return { error: "unknown" };
}

async function execute(request: RunnerRequest): Promise<object> {
  const call = calls[request.operation];
  if (!call) return { failure: `no such operation: ${request.operation}` };
  const { bearer, api_key } = request.credentials;
  const credentials: Credentials = { ...(bearer && { bearer }), ...(api_key && { apiKey: api_key }) };
  const { response, data, error } = await call(
    createClient({ baseUrl: request.base_url, ...credentials }),
    request.arguments,
  );
  const result = { status: response.status, headers: Object.fromEntries(response.headers) };
  return response.status >= 400 ? { ...result, ...readError(response.status, error) } : { ...result, body: data };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as RunnerRequest | MethodRequest;
  const response = "method" in request ? executeStep(request) : execute(request);
  const result = await response.catch((error: unknown) => ({ failure: String(error) }));
  console.log(JSON.stringify(result));
}
