// The responses of the middleware to requests that it does not let through, which are those of forward authentication.
import { STATUS_CODES } from "node:http";
import type { Schemas } from "./core.js";

/** A problem document and its headers. */
export interface Denial {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
}

const CHALLENGE = 'Bearer realm="latchkey"';

export function bodyOf({ status, code, detail }: Denial): string {
  return JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status, detail, code });
}

export function missing(): Denial {
  const detail = "Send an API key, in X-API-Key or as a bearer token.";
  return { status: 401, code: "missing_credentials", detail, headers: { "WWW-Authenticate": CHALLENGE } };
}

export function malformed(): Denial {
  return invalid("invalid_credentials", "Send one API key, in X-API-Key or as a bearer token.");
}

export function unavailable(): Denial {
  return retry(503, "temporarily_unavailable", "The API key cannot be verified now. Try again.", 1);
}

export function outdated(): Denial {
  return retry(503, "database_unavailable", "The API key can only be verified from old data now. Try again.", 1);
}

/** The response to a request whose key is invalid; codes may be new. */
export function denialOf(found: Schemas["APIKeyVerification"], scopes: readonly string[]): Denial {
  const { code } = found;
  switch (code) {
    case "insufficient_scope": {
      const needed = scopes.join(" ");
      return forbidden(code, `The credential lacks a required scope: ${needed}.`, `, scope="${needed}"`);
    }
    case "network_not_allowed":
      return forbidden(code, "The API key may not be used from this address.");
    case "rate_limited": {
      const seconds = Math.max(1, found.retry_after_seconds ?? 1);
      return retry(429, code, "The API key is over its rate limit. Wait, then try again.", seconds);
    }
    case "pending":
      return invalid("key_pending", "The API key is not valid yet.");
    case "disabled":
    case "revoked":
    case "expired":
      return invalid(`key_${code}`, `The API key is ${code}.`);
    case "principal_disabled":
      return invalid(code, "The principal that the API key belongs to is disabled.");
    case "project_disabled":
      return invalid(code, "The project of the API key is disabled.");
    default:
      return invalid("invalid_credentials", "The API key is invalid.");
  }
}

function invalid(code: string, detail: string): Denial {
  return { status: 401, code, detail, headers: { "WWW-Authenticate": `${CHALLENGE}, error="invalid_token"` } };
}

function forbidden(code: string, detail: string, parameters = ""): Denial {
  const challenge = `${CHALLENGE}, error="insufficient_scope"${parameters}`;
  return { status: 403, code, detail, headers: { "WWW-Authenticate": challenge } };
}

function retry(status: number, code: string, detail: string, seconds: number): Denial {
  return { status, code, detail, headers: { "Retry-After": String(seconds) } };
}
