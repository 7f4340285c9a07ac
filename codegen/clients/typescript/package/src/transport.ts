// Sends the requests of methods: with the credential, within the time limit, and again where that is safe.
import { createFinalURL, createQuerySerializer, defaultPathSerializer } from "openapi-fetch";
import { ConnectionFailedError, errorOf } from "./errors.js";
import { TimeLimit } from "./limit.js";
import { Login } from "./login.js";
import { Places } from "./places.js";
import type { Reply } from "./replies.js";
import { Attempts, isUndecodable, reasonOf, type Retry } from "./retries.js";
import { credentialOf, urlOf, type CallOptions, type Fetch, type FetchInit, type LatchkeyOptions } from "./settings.js";
import { checkVersion, VERSION } from "./version.js";

/** A request of a method. What is undefined is not sent. */
export interface Request {
  readonly method: string;
  /** With the names of `parameters` in braces. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly query?: object;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON, or as a form. */
  readonly body?: object | URLSearchParams;
  readonly retry: Retry;
}

// The server closes further connections of one address; `fetch` opens as many as there are requests.
const MOST_REQUESTS = 100;
// Pages do not choose it.
const USER_AGENT =
  "document" in globalThis || "WorkerGlobalScope" in globalThis ? undefined : `latchkey-typescript/${VERSION}`;
const serializers = { querySerializer: createQuerySerializer(), pathSerializer: defaultPathSerializer };

export class Transport {
  readonly url: string;
  readonly #timeout: number;
  readonly #retries: number;
  readonly #fetch: Fetch;
  readonly #debug: ((line: string) => void) | undefined;
  readonly #credential: Record<string, string> | Login;
  readonly #places = new Places(MOST_REQUESTS);
  readonly #text: string;

  constructor(options: LatchkeyOptions) {
    this.url = urlOf(options);
    this.#timeout = options.timeout ?? 5000;
    this.#retries = options.retries ?? 2;
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
    this.#debug = options.debug;
    const credential = credentialOf(options);
    if ("username" in credential) {
      const { username, password } = credential;
      this.#credential = new Login(() => this.#issueToken(username, password));
      this.#text = `user ${username}`;
    } else if ("token" in credential) {
      this.#credential = { Authorization: `Bearer ${credential.token}` };
      this.#text = "token";
    } else {
      this.#credential = { "X-API-Key": credential.apiKey };
      this.#text = "API key";
    }
  }

  /** The address, and the kind of the credential. */
  toString(): string {
    return `Latchkey ${this.url} (${this.#text})`;
  }

  /** The successful response to a request; it throws the error that any other stands for. */
  async send({ timeout = this.#timeout, retry, signal }: CallOptions, request: Request): Promise<Reply> {
    const policy = retry === undefined ? request.retry : retry ? "repeatable" : "never";
    const limit = new TimeLimit(timeout, signal);
    try {
      const attempts = new Attempts(policy, this.#retries, limit);
      const reply = await this.#authorized(request, attempts, limit);
      if (!isSuccess(reply.status)) throw errorOf(reply);
      return reply;
    } finally {
      limit.close();
    }
  }

  async #authorized(request: Request, attempts: Attempts, limit: TimeLimit): Promise<Reply> {
    const login = this.#credential;
    if (!(login instanceof Login)) return this.#repeated(request, login, attempts, limit);
    const token = await limit.within(login.token());
    const reply = await this.#repeated(request, { Authorization: `Bearer ${token}` }, attempts, limit);
    if (reply.status !== 401) return reply;
    // The server did not act. The token may have ended early: once, another may help.
    login.forget(token);
    const another = await limit.within(login.token());
    return this.#repeated(request, { Authorization: `Bearer ${another}` }, attempts, limit);
  }

  /** The response to a login, which several calls may wait for: it has a time limit of its own. */
  async #issueToken(username: string, password: string): Promise<Reply> {
    const body = new URLSearchParams({ grant_type: "password", username, password });
    const request: Request = { method: "POST", path: "/token", body, retry: "rejected" };
    const limit = new TimeLimit(this.#timeout);
    try {
      return await this.#repeated(request, {}, new Attempts("rejected", this.#retries, limit), limit);
    } finally {
      limit.close();
    }
  }

  async #repeated(
    request: Request,
    credential: Record<string, string>,
    attempts: Attempts,
    limit: TimeLimit,
  ): Promise<Reply> {
    const url = this.#urlOf(request);
    const init = initOf(request, credential, limit.signal);
    for (;;) {
      const started = performance.now();
      let reply: Reply | undefined;
      let failure: unknown;
      try {
        reply = await this.#places.use(limit, () => this.#attempt(url, init, limit));
      } catch (error) {
        failure = error;
      }
      const requestId = reply?.headers.get("X-Request-Id") ?? "-";
      this.#log(url, init.method, started, reply ? `${reply.status}, request ${requestId}` : reasonOf(failure));
      if (reply) checkVersion(reply.headers.get("Latchkey-Version"));
      else if (limit.signal.aborted) throw failure;
      const wait = reply ? attempts.afterReply(reply) : attempts.afterFailure(failure);
      if (wait !== undefined) await limit.sleep(wait);
      else if (reply) return reply;
      else throw new ConnectionFailedError(`no response: ${reasonOf(failure)}`, {}, { cause: failure });
    }
  }

  async #attempt(url: string, init: FetchInit, limit: TimeLimit): Promise<Reply> {
    const response = await limit.within(this.#fetch(url, init));
    const { status } = response;
    let text = "";
    try {
      text = await limit.within(response.text());
    } catch (failure) {
      // Of an error, the status alone says enough. Node.js may wait for ever for what cannot be decompressed.
      if (limit.isCancelled || (isSuccess(status) && !isUndecodable(failure))) throw failure;
    }
    return { status, headers: new Headers([...response.headers]), text };
  }

  #urlOf({ path, parameters = {}, query = {} }: Request): string {
    for (const [name, value] of Object.entries(parameters)) {
      // They would make another path of it.
      if (["", ".", ".."].includes(String(value))) throw new TypeError(`${name} cannot be ${JSON.stringify(value)}.`);
    }
    const params = { path: parameters, query: { ...query } };
    return createFinalURL(path, { baseUrl: this.url, params, ...serializers });
  }

  #log(url: string, method: string, started: number, what: string): void {
    const path = url.slice(this.url.length).split("?")[0];
    this.#debug?.(`${method} ${path} in ${Math.round(performance.now() - started)} ms: ${what}`);
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** What `fetch` gets; it throws a `TypeError` if something cannot be sent. */
function initOf(
  { method, headers = {}, body }: Request,
  credential: Record<string, string>,
  signal: AbortSignal,
): FetchInit {
  const isForm = body instanceof URLSearchParams;
  const sent = new Headers({ Accept: "application/json", ...credential });
  if (USER_AGENT) sent.set("User-Agent", USER_AGENT);
  if (body) sent.set("Content-Type", isForm ? "application/x-www-form-urlencoded" : "application/json");
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) sent.set(name, value);
  }
  const content = body && { body: isForm ? body.toString() : JSON.stringify(body) };
  return { method, headers: Object.fromEntries(sent), ...content, redirect: "manual", signal };
}
