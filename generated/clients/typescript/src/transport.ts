// Sends the requests of methods: with the credential, within the time limit, and again where that is safe.
import { createFinalURL, createQuerySerializer, defaultPathSerializer } from "openapi-fetch";
import { ConnectionFailedError, errorOf } from "./errors.js";
import { TimeLimit } from "./limit.js";
import { Login } from "./login.js";
import type { Reply } from "./replies.js";
import { Attempts, isUndecodable, reasonOf, type Retry } from "./retries.js";
import { credentialOf, urlOf, type CallOptions, type Fetch, type LatchkeyOptions } from "./settings.js";
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
const USER_AGENT = "document" in globalThis || "WorkerGlobalScope" in globalThis ? undefined : `latchkey-typescript/${VERSION}`;
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
    const headers = headersOf(request, credential);
    for (;;) {
      const started = performance.now();
      let wait: number | undefined;
      try {
        const reply = await limit.within(this.#places.use(() => this.#attempt(request, url, headers, limit.signal)));
        this.#log(url, request, started, `${reply.status}, request ${reply.headers.get("X-Request-Id") ?? "-"}`);
        checkVersion(reply.headers.get("Latchkey-Version"));
        wait = attempts.afterReply(reply);
        if (wait === undefined) return reply;
      } catch (failure) {
        this.#log(url, request, started, reasonOf(failure));
        if (limit.signal.aborted) throw failure;
        wait = attempts.afterFailure(failure);
        if (wait === undefined) {
          throw new ConnectionFailedError(`no response: ${reasonOf(failure)}`, {}, { cause: failure });
        }
      }
      await limit.sleep(wait);
    }
  }

  async #attempt(request: Request, url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
    const { method, body } = request;
    const content = body && { body: body instanceof URLSearchParams ? body.toString() : JSON.stringify(body) };
    const response = await this.#fetch(url, { method, headers, ...content, redirect: "manual", signal });
    const { status } = response;
    let text = "";
    try {
      text = await response.text();
    } catch (failure) {
      // Of any other response the status says enough.
      if (signal.aborted || (isSuccess(status) && !isUndecodable(failure))) throw failure;
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

  #log(url: string, { method }: Request, started: number, what: string): void {
    const path = url.slice(this.url.length).split("?")[0];
    this.#debug?.(`${method} ${path} in ${Math.round(performance.now() - started)} ms: ${what}`);
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The headers of a request; it throws a `TypeError` if one of them cannot be sent. */
function headersOf(request: Request, credential: Record<string, string>): Record<string, string> {
  const headers = new Headers({ Accept: "application/json", ...credential });
  if (USER_AGENT) headers.set("User-Agent", USER_AGENT);
  if (request.body) {
    const isForm = request.body instanceof URLSearchParams;
    headers.set("Content-Type", isForm ? "application/x-www-form-urlencoded" : "application/json");
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value !== undefined) headers.set(name, value);
  }
  return Object.fromEntries(headers);
}

/** A bounded number of places, each for one job at a time. */
class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  async use<T>(job: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((begin) => this.#waiting.push(begin));
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
