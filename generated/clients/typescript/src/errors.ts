// The errors of calls: `LatchkeyError`, its subclasses by meaning, and the one that a response stands for.
import type { Schemas } from "./core.js";
import type { Reply } from "./replies.js";

/** What is known of an error. What is not known is null; `errors` is empty then. */
export interface ErrorDetails {
  /** The status of the response; null if there was none. */
  readonly status: number | null;
  /** The cause, as `code` of a problem document has it. */
  readonly code: string | null;
  readonly title: string | null;
  readonly detail: string | null;
  /** What is wrong with the request, of a 422. */
  readonly errors: readonly Schemas["ValidationError"][];
  /** The id that the server's log has for the request. */
  readonly requestId: string | null;
  /** The seconds after which the server wants to be asked again. */
  readonly retryAfter: number | null;
}

/** A call that failed. */
export class LatchkeyError extends Error implements ErrorDetails {
  static {
    this.prototype.name = "LatchkeyError";
  }
  readonly status: number | null;
  readonly code: string | null;
  readonly title: string | null;
  readonly detail: string | null;
  readonly errors: readonly Schemas["ValidationError"][];
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(message: string, details: Partial<ErrorDetails> = {}, options?: ErrorOptions) {
    super(message, options);
    this.status = details.status ?? null;
    this.code = details.code ?? null;
    this.title = details.title ?? null;
    this.detail = details.detail ?? null;
    this.errors = details.errors ?? [];
    this.requestId = details.requestId ?? null;
    this.retryAfter = details.retryAfter ?? null;
  }
}

/** 401: the credential is missing or invalid; or a login was refused. */
export class AuthenticationError extends LatchkeyError {
  static {
    this.prototype.name = "AuthenticationError";
  }
}

/** 403: the credential does not permit the call. */
export class PermissionDeniedError extends LatchkeyError {
  static {
    this.prototype.name = "PermissionDeniedError";
  }
}

/** 404: what the call is about does not exist, or the caller may not see it. */
export class NotFoundError extends LatchkeyError {
  static {
    this.prototype.name = "NotFoundError";
  }
}

/** 409: the call does not fit the state of what it is about. */
export class ConflictError extends LatchkeyError {
  static {
    this.prototype.name = "ConflictError";
  }
}

/** 412: what the call is about has changed since its ETag was read. */
export class PreconditionFailedError extends LatchkeyError {
  static {
    this.prototype.name = "PreconditionFailedError";
  }
}

/** 422: the request violates the contract; `errors` says where. */
export class InvalidRequestError extends LatchkeyError {
  static {
    this.prototype.name = "InvalidRequestError";
  }
}

/** 429: there were too many requests. */
export class RateLimitedError extends LatchkeyError {
  static {
    this.prototype.name = "RateLimitedError";
  }
}

/** 5xx: the server, or a proxy before it, cannot respond now. */
export class ServerError extends LatchkeyError {
  static {
    this.prototype.name = "ServerError";
  }
}

/** There was no response: the server cannot be reached, or the connection was lost. */
export class ConnectionFailedError extends LatchkeyError {
  static {
    this.prototype.name = "ConnectionFailedError";
  }
}

/** There was no response within the time limit of the call. */
export class TimedOutError extends LatchkeyError {
  static {
    this.prototype.name = "TimedOutError";
  }
}

const BY_STATUS: Record<number, typeof LatchkeyError> = {
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  412: PreconditionFailedError,
  422: InvalidRequestError,
  429: RateLimitedError,
};

/** The error that a response stands for, from the server or a proxy. */
export function errorOf({ status, headers, text }: Reply): LatchkeyError {
  const members = objectOf(text);
  // RFC 6749 names them otherwise.
  const code = textOf(members.code) ?? textOf(members.error);
  const title = textOf(members.title);
  const detail = textOf(members.detail) ?? textOf(members.error_description);
  const errors = validationErrors(members.detail);
  const requestId = headers.get("X-Request-Id");
  const what = errors.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; ") || detail || title;
  // Browsers hide the status of a redirection.
  const head = [status || "a redirection", code].filter(Boolean).join(" ");
  const message = [head, what].filter(Boolean).join(": ");
  const Kind = BY_STATUS[status] ?? (status >= 500 ? ServerError : LatchkeyError);
  return new Kind(requestId ? `${message} (request ${requestId})` : message, {
    status: status || null,
    code,
    title,
    detail,
    errors,
    requestId,
    retryAfter: secondsOf(headers.get("Retry-After")),
  });
}

/** The error of a successful response that is not what the contract says. */
export function unreadable({ status, headers }: Reply, why?: string): LatchkeyError {
  const text = why ?? "the response is not what the contract says; is this the address of a Latchkey?";
  return new LatchkeyError(`${status}: ${text}`, { status, requestId: headers.get("X-Request-Id") });
}

/** `Retry-After` in seconds from now, of a number or a date; null if it is neither. */
export function secondsOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  // Other texts than dates of HTTP are dates for `Date.parse` as well.
  const at = retryAfter.endsWith(" GMT") ? Date.parse(retryAfter) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text);
    return isObject(content) ? content : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function validationErrors(detail: unknown): Schemas["ValidationError"][] {
  const entries: unknown[] = Array.isArray(detail) ? detail : [];
  return entries.filter(isObject).map(({ loc, msg, type }) => ({
    loc: Array.isArray(loc) ? loc.filter((part) => typeof part === "string" || Number.isInteger(part)) : [],
    msg: textOf(msg) ?? "",
    type: textOf(type) ?? "",
  }));
}
