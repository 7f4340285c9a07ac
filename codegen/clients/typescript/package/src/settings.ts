// The settings of a client, from its options and the environment.
import { isSendable } from "./login.js";

/** What a client needs of `fetch`: that of Node.js and of browsers has it, and that of undici. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  redirect: "manual";
  signal: AbortSignal;
}

export interface FetchResponse {
  status: number;
  headers: Iterable<[string, string]>;
  text(): Promise<string>;
}

export interface LatchkeyOptions {
  /** The address; `LATCHKEY_URL` if it is absent. */
  url?: string | undefined;
  /** An API key; `LATCHKEY_API_KEY` if there is no credential at all. */
  apiKey?: string | undefined;
  /** A bearer token, in place of an API key. */
  token?: string | undefined;
  /** The name of a user, in place of both: the client logs in, and renews the token in time. */
  username?: string | undefined;
  /** The user's password. */
  password?: string | undefined;
  /** The milliseconds that a call may take, with all that is repeated: 5,000 by default. */
  timeout?: number | undefined;
  /** How often a request is repeated at most: twice by default. */
  retries?: number | undefined;
  /** A `fetch` of your own. */
  fetch?: Fetch | undefined;
  /** Gets a line for each request, without headers, queries and bodies, which hold secrets. */
  debug?: ((line: string) => void) | undefined;
}

/** What every method takes. */
export interface CallOptions {
  /** The milliseconds that the call may take, in place of the client's; of a list, each page. */
  timeout?: number | undefined;
  /** Whether the request is repeated even if the server may have acted on it, or not repeated at all. */
  retry?: boolean | undefined;
  /** Cancels the call. */
  signal?: AbortSignal | undefined;
}

export type Credential =
  { readonly apiKey: string } | { readonly token: string } | { readonly username: string; readonly password: string };

/** The address, without a slash at its end. */
export function urlOf(options: LatchkeyOptions): string {
  const text = options.url ?? environment().LATCHKEY_URL;
  if (!text) throw new TypeError("There is no URL of a Latchkey: give one, or set LATCHKEY_URL.");
  const url = parsed(text);
  // The text is not shown, for it may have a password.
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TypeError("The URL of a Latchkey is like https://keys.example.com, without a user and a password.");
  }
  return url.href.replace(/\/+$/, "");
}

export function credentialOf({ apiKey, token, username, password }: LatchkeyOptions): Credential {
  if ((username === undefined) !== (password === undefined)) {
    throw new TypeError("A login needs a username and a password.");
  }
  if ([apiKey, token, username].filter((value) => value !== undefined).length > 1) {
    throw new TypeError("Give one of apiKey, token, or username and password.");
  }
  if (username !== undefined && password !== undefined) return { username, password };
  if (token !== undefined) return { token: sendable(token, "token") };
  const key = apiKey ?? environment().LATCHKEY_API_KEY;
  if (!key) throw new TypeError("There is no credential: give one, or set LATCHKEY_API_KEY.");
  return { apiKey: sendable(key, "API key") };
}

function sendable(text: string, kind: string): string {
  if (!isSendable(text)) throw new TypeError(`The ${kind} has characters that cannot be sent.`);
  return text;
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** The environment variables; browsers have none. */
function environment(): Record<string, string | undefined> {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
}
