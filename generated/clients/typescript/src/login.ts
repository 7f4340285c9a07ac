// The token of a user who logs in with a name and a password.
import { AuthenticationError, errorOf, isObject, unreadable, type LatchkeyError } from "./errors.js";
import { contentOf, type Reply } from "./replies.js";

// A token is renewed so long before it ends, or at the last tenth of its lifetime.
const RENEWAL = 60_000;

export class Login {
  readonly #issue: () => Promise<Reply>;
  #token: string | undefined;
  #renewedAt = 0;
  #refusal: LatchkeyError | undefined;
  #pending: Promise<string> | undefined;

  /** `issue` requests a token. */
  constructor(issue: () => Promise<Reply>) {
    this.#issue = issue;
  }

  /** A token that is valid for long enough; calls at the same time share one login. A refused login is not repeated. */
  async token(): Promise<string> {
    if (this.#refusal) throw refused(this.#refusal);
    if (this.#token !== undefined && performance.now() < this.#renewedAt) return this.#token;
    this.#pending ??= this.#renew().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** Forgets the token that was rejected, unless it is another by now. */
  forget(token: string): void {
    if (token === this.#token) this.#token = undefined;
  }

  async #renew(): Promise<string> {
    const requestedAt = performance.now();
    const reply = await this.#issue();
    if (reply.status !== 200) {
      const error = errorOf(reply);
      if (![400, 401, 403].includes(reply.status)) throw error;
      this.#refusal = error;
      throw refused(error);
    }
    const content = contentOf(reply);
    const { access_token: token, expires_in: lifetime } = isObject(content) ? content : {};
    if (typeof token !== "string" || !isSendable(token) || typeof lifetime !== "number") throw unreadable(reply);
    this.#token = token;
    this.#renewedAt = requestedAt + lifetime * 1000 - Math.min(RENEWAL, lifetime * 100);
    return token;
  }
}

function refused(error: LatchkeyError): AuthenticationError {
  return new AuthenticationError(`the login was refused: ${error.message}`, error);
}

/** Whether `fetch` accepts a text in a header; its error would show the text. */
export function isSendable(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
