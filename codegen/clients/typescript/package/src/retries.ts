// Which requests are repeated, and when.
import { secondsOf } from "./errors.js";
import type { TimeLimit } from "./limit.js";
import type { Reply } from "./replies.js";

/** `repeatable`, `keyed`: repeating is safe. `rejected`: only if the server surely did not act. */
export type Retry = "repeatable" | "keyed" | "rejected" | "never";

const FIRST_BACKOFF = 500;
const LONGEST_WAIT = 30_000;
// The server did not act.
const REJECTED = [408, 429, 503];
const TRANSIENT = [...REJECTED, 502, 504];

/** The attempts of a call. */
export class Attempts {
  readonly #retry: Retry;
  readonly #retries: number;
  readonly #limit: TimeLimit;
  #waits = 0;

  constructor(retry: Retry, retries: number, limit: TimeLimit) {
    this.#retry = retry;
    this.#retries = retry === "never" ? 0 : retries;
    this.#limit = limit;
  }

  /** The milliseconds before the request is repeated; undefined if the reply is the last one. */
  afterReply({ status, headers }: Reply): number | undefined {
    if (!(this.#retry === "rejected" ? REJECTED : TRANSIENT).includes(status)) return undefined;
    return this.#wait((secondsOf(headers.get("Retry-After")) ?? 0) * 1000);
  }

  /** The milliseconds before the request is repeated after `fetch` failed; undefined if it is not repeated. */
  afterFailure(failure: unknown): number | undefined {
    return this.#retry !== "rejected" || isUnsent(failure) ? this.#wait(0) : undefined;
  }

  /** The milliseconds before the next attempt, if there is one, and if it can start in time. */
  #wait(retryAfter: number): number | undefined {
    if (this.#waits === this.#retries || retryAfter > LONGEST_WAIT) return undefined;
    const backoff = FIRST_BACKOFF * 2 ** this.#waits * (0.5 + Math.random() / 2);
    this.#waits += 1;
    const wait = Math.max(retryAfter, backoff);
    return wait < this.#limit.remaining ? wait : undefined;
  }
}

/** What Node.js says of a failure of `fetch`. Browsers say nothing. */
interface Cause {
  syscall?: unknown;
  code?: unknown;
  message?: unknown;
  errors?: Cause[];
}

function causeOf(failure: unknown): Cause {
  return (failure as { cause?: Cause } | undefined)?.cause ?? {};
}

/** Whether no connection was established, so that the request was not sent. */
function isUnsent(failure: unknown): boolean {
  const cause = causeOf(failure);
  // It has tried several addresses.
  return (cause.errors ?? [cause]).every(
    ({ syscall, code }) => syscall === "connect" || syscall === "getaddrinfo" || code === "UND_ERR_CONNECT_TIMEOUT",
  );
}

/** Whether a response arrived that cannot be decompressed. */
export function isUndecodable(failure: unknown): boolean {
  return /^(Z_|ERR_)/.test(String(causeOf(failure).code));
}

/** Why `fetch` failed, in a few words. */
export function reasonOf(failure: unknown): string {
  const { message, code } = causeOf(failure);
  return String(message || code || (failure instanceof Error ? failure.message : failure));
}
