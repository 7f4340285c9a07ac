// Calls the methods of the TypeScript client; ../README.md describes the requests, under "Methods".
import { inspect } from "node:util";
import * as latchkey from "latchkey-client";
import { Latchkey, LatchkeyError, type CallOptions, type LatchkeyOptions } from "latchkey-client";
import type { Values } from "./calls.js";
import { methods } from "./methods.js";

export interface MethodRequest {
  client: string;
  settings: { url?: string; api_key?: string; token?: string; username?: string; password?: string };
  method: string;
  arguments: Values;
  options: { retry?: boolean; timeout?: number };
  take?: number;
  for_seconds?: number;
  concurrently?: number;
  cancel_after?: number;
}

const KINDS: [typeof LatchkeyError, string][] = [
  [latchkey.AuthenticationError, "authentication"],
  [latchkey.PermissionDeniedError, "permission_denied"],
  [latchkey.NotFoundError, "not_found"],
  [latchkey.ConflictError, "conflict"],
  [latchkey.PreconditionFailedError, "precondition_failed"],
  [latchkey.InvalidRequestError, "validation"],
  [latchkey.RateLimitedError, "rate_limited"],
  [latchkey.ServerError, "server"],
  [latchkey.ConnectionFailedError, "connection"],
  [latchkey.TimedOutError, "timeout"],
  [LatchkeyError, "error"],
];
const clients = new Map<string, Latchkey>();
const debugged: string[] = [];

function clientOf({ client: name, settings: { api_key: apiKey, ...settings } }: MethodRequest): Latchkey {
  const options: LatchkeyOptions = { ...settings, ...(apiKey && { apiKey }), debug: (line) => debugged.push(line) };
  const client = clients.get(name) ?? new Latchkey(options);
  clients.set(name, client);
  return client;
}

/** The client, a value and the debug log, in the ways that they can be printed. */
function printed(client: Latchkey, value: unknown): string {
  const texts = [client, value].flatMap((part) => [String(part), inspect(part, { depth: 9, showHidden: true })]);
  const error = value instanceof Error ? [value.stack, JSON.stringify(value)] : [];
  return [...texts, JSON.stringify(client), ...error, ...debugged.splice(0)].join("\n");
}

/** The result of a call, or the items of its pages, as they are and by their properties. */
async function once(
  request: MethodRequest,
  client: Latchkey,
  options: CallOptions,
): Promise<{ value: unknown; body: unknown }> {
  const method = methods[request.method];
  if (!method) throw new Error(`no such method: ${request.method}`);
  const called = method.call(client, request.arguments, options);
  if (!(Symbol.asyncIterator in called)) {
    const value = await called;
    return { value, body: method.read(value) };
  }
  const items: unknown[] = [];
  for await (const item of called) {
    items.push(item);
    if (items.length === request.take) break;
  }
  return { value: items, body: items.map(method.read) };
}

async function repeatedly(request: MethodRequest, client: Latchkey, options: CallOptions) {
  const end = performance.now() + (request.for_seconds ?? 0) * 1000;
  for (;;) {
    const results = await Promise.all(
      Array.from({ length: request.concurrently ?? 1 }, () => once(request, client, options)),
    );
    if (performance.now() >= end) return results[0]!;
  }
}

export async function executeStep(request: MethodRequest): Promise<object> {
  const client = clientOf(request);
  const { retry, timeout } = request.options;
  const { cancel_after: cancelAfter } = request;
  const cancelled = new Error("cancelled by the caller");
  const controller = new AbortController();
  if (cancelAfter) setTimeout(() => controller.abort(cancelled), cancelAfter * 1000);
  const options: CallOptions = {
    retry,
    timeout: timeout && timeout * 1000,
    ...(cancelAfter && { signal: controller.signal }),
  };
  try {
    const { value, body } = await repeatedly(request, client, options);
    const response = (value as { response?: latchkey.ResponseInfo } | undefined)?.response;
    return { body, headers: response && Object.fromEntries(response.headers), printed: printed(client, value) };
  } catch (error) {
    if (error === cancelled) return { cancelled: true, printed: printed(client, error) };
    const kind = KINDS.find(([Kind]) => error instanceof Kind)?.[1];
    if (!kind || !(error instanceof LatchkeyError)) return { failure: inspect(error), printed: printed(client, error) };
    const { status, code, title, detail, errors, requestId, retryAfter } = error;
    return {
      error: kind,
      status,
      code,
      title,
      detail,
      errors,
      request_id: requestId,
      retry_after: retryAfter,
      printed: printed(client, error),
    };
  }
}
