// What methods return: the JSON of a response, with its headers at hand, and without its secrets when it is printed.
import type { Schemas } from "./core.js";
import { isObject, unreadable } from "./errors.js";
import { SHAPES, type Shape } from "./shapes.js";

/** A response that was read as a whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The status and the headers of a response. */
export class ResponseInfo {
  readonly status: number;
  readonly headers: Headers;

  constructor({ status, headers }: Reply) {
    this.status = status;
    this.headers = headers;
  }

  /** The version of what the response has, for `ifMatch`. */
  get etag(): string {
    const etag = this.headers.get("ETag");
    if (etag === null) throw new TypeError("The response has no ETag.");
    return etag;
  }

  /** The id that the server's log has for the request. */
  get requestId(): string | null {
    return this.headers.get("X-Request-Id");
  }
}

/** What a method returns; `response` is not enumerable: neither JSON nor a copy has it. */
export type Received<T> = T & { readonly response: ResponseInfo };

/** What Node.js calls in place of printing an object. */
export const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** The object in a response, if it is one of this schema. */
export function received<Name extends keyof typeof SHAPES>(schema: Name, reply: Reply): Received<Schemas[Name]> {
  const value = checked(contentOf(reply), schema, reply);
  Object.defineProperty(value, "response", { value: new ResponseInfo(reply) });
  return value as Received<Schemas[Name]>;
}

/** That a response is as empty as the contract says. */
export function nothing(reply: Reply): void {
  if (reply.text) throw unreadable(reply);
}

/** The JSON in a response. */
export function contentOf(reply: Reply): unknown {
  try {
    return JSON.parse(reply.text);
  } catch {
    throw unreadable(reply);
  }
}

/** The value, if it has the members of the schema; Node.js does not print its secrets. */
export function checked(value: unknown, schema: keyof typeof SHAPES, reply: Reply): object {
  const shape: Shape = SHAPES[schema];
  if (!isObject(value) || shape.required.some((name) => !(name in value))) throw unreadable(reply);
  for (const [name, inner] of Object.entries(shape.models)) {
    for (const part of [value[name] ?? []].flat()) checked(part, inner, reply);
  }
  if (shape.secrets.length > 0) {
    const hidden = (name: string) => (shape.secrets.includes(name) && value[name] !== null ? "***" : value[name]);
    Object.defineProperty(value, inspect, {
      value: () => Object.fromEntries(Object.keys(value).map((name) => [name, hidden(name)])),
    });
  }
  return value;
}
