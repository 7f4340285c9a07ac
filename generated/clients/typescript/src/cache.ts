// The cache of the middleware: the latest positive results of verifications, and those under way, which requests share.
import { createHash } from "node:crypto";
import type { Schemas } from "./core.js";
import type { Received } from "./replies.js";

export type Verify = Schemas["APIKeyVerify"];
export type Verified = Received<Schemas["APIKeyVerification"]>;

const LONGEST_LIFETIME = 1000;

interface Entry {
  readonly result: Promise<Verified>;
  /**
   * Requests that arrive later do not use the entry. The lifetime begins when the verification is sent: the key may be
   * revoked while the response is on its way.
   */
  end: number;
}

export class Cache {
  readonly #lifetime: number;
  readonly #size: number;
  readonly #verify: (body: Verify) => Promise<Verified>;
  /** By digest, in the order in which they were sent, which is that in which they end. */
  readonly #entries = new Map<string, Entry>();

  /** `lifetime` is in milliseconds. */
  constructor(lifetime: number, size: number, verify: (body: Verify) => Promise<Verified>) {
    if (!(lifetime > 0 && lifetime <= LONGEST_LIFETIME)) {
      throw new RangeError(`The cache may last for ${LONGEST_LIFETIME} ms at most, not for ${lifetime}.`);
    }
    if (!(size >= 1)) throw new RangeError("The cache must have room for a verification.");
    this.#lifetime = lifetime;
    this.#size = size;
    this.#verify = verify;
  }

  /** The result that is cached, or else that of a verification. */
  async verify(body: Verify): Promise<Verified> {
    const digest = digestOf(body);
    const arrived = performance.now();
    const entry = this.#entries.get(digest);
    if (!entry || arrived >= entry.end) return this.#add(digest, body, arrived);
    // A failure is shared, as to try again would exceed the time limit. Rate limits count every request.
    const found = await entry.result;
    return isCacheable(found) && arrived < entry.end ? found : this.#verify(body);
  }

  async #add(digest: string, body: Verify, now: number): Promise<Verified> {
    this.#entries.delete(digest);
    for (const [oldest, { end }] of this.#entries) {
      if (this.#entries.size < this.#size && now < end) break;
      this.#entries.delete(oldest);
    }
    const entry: Entry = { result: this.#verify(body), end: now + this.#lifetime };
    this.#entries.set(digest, entry);
    let isKept = false;
    try {
      const found = await entry.result;
      isKept = isCacheable(found);
      entry.end = Math.min(entry.end, endOf(found));
      return found;
    } finally {
      if (!isKept && this.#entries.get(digest) === entry) this.#entries.delete(digest);
    }
  }
}

/** What stands for a key, an address and scopes, so that no key remains in memory. */
function digestOf({ key, ip, scopes }: Verify): string {
  const text = JSON.stringify([key, ip, scopes]);
  return createHash("sha256").update(text).digest("base64");
}

function isCacheable({ valid, stale, response }: Verified): boolean {
  return valid === true && !stale && !response.headers.has("RateLimit");
}

/** When the key expires, on the clock of `performance.now()`. */
function endOf({ expires_at }: Verified): number {
  return expires_at === undefined ? Infinity : performance.now() + Date.parse(expires_at) - Date.now();
}
