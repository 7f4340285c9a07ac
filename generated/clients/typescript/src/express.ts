// Middleware of Express, which lets requests with a valid key through. The package does not depend on Express: what it
// needs of requests and responses is described here.
import { isIP } from "node:net";
import { Cache, type Verified, type Verify } from "./cache.js";
import type { Schemas } from "./core.js";
import { bodyOf, denialOf, malformed, missing, outdated, unavailable, type Denial } from "./denials.js";
import type { Latchkey } from "./resources.js";

export interface ExpressRequest {
  /** The address of the client, as the setting `trust proxy` has it. */
  readonly ip?: string | undefined;
  readonly headersDistinct: { readonly [name: string]: string[] | undefined };
}

export interface ExpressResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export type ExpressHandler = (
  request: ExpressRequest,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => void;

export interface ProtectionOptions {
  /** Whether recent verifications are accepted while the database is unreachable (the default), or get 503. */
  stale?: "accept" | "refuse" | undefined;
  /**
   * For how many milliseconds a valid key is accepted again without a verification, after the last one was sent: 1,000
   * at most, and 0 by default. That adds to the time after which a revoked key is rejected, and usage becomes a lower
   * bound. Keys with a rate limit are never cached.
   */
  cache?: number | undefined;
  /** How many verifications the cache has at most: 10,000 by default. */
  cacheSize?: number | undefined;
  /** Gets a line for each failed verification, without the key: `console.error` by default. */
  log?: ((line: string) => void) | undefined;
}

const MEMBERS = [
  ...(["key_id", "user_id", "username", "project", "owner_external_id", "scopes", "unrestricted"] as const),
  ...(["metadata", "owner_metadata", "stale"] as const),
] as const;

/** Who has sent a request. It must not be changed, as other requests may share its members. */
export type Identity = Readonly<Pick<Schemas["APIKeyVerification"], (typeof MEMBERS)[number]>>;

// The contract's limit is 1,024 characters; a longer key is rejected without a verification.
const KEY = /^[!-~]{1,1024}$/;

const identities = new WeakMap<object, Identity>();

/** Who has sent a request that was let through; an error for other requests. */
export function identityOf(request: object): Identity {
  const identity = identities.get(request);
  if (!identity) throw new TypeError("The route is not protected.");
  return identity;
}

export function hasScope({ unrestricted, scopes }: Identity, scope: string): boolean {
  return unrestricted || (scopes?.includes(scope) ?? false);
}

/**
 * A function that makes handlers: they let requests through whose key is valid and has all of the given scopes. Others
 * get a problem document (RFC 9457), as from forward authentication.
 */
export function protection(
  latchkey: Pick<Latchkey, "verify">,
  { stale = "accept", cache = 0, cacheSize = 10_000, log = console.error }: ProtectionOptions = {},
): (...scopes: string[]) => ExpressHandler {
  const send = (body: Verify) => latchkey.verify(body);
  const cached = cache === 0 ? undefined : new Cache(cache, cacheSize, send);

  async function identified(request: ExpressRequest, scopes: string[]): Promise<Identity | Denial> {
    const key = keyOf(request.headersDistinct);
    if (typeof key !== "string") return key;
    let found: Verified;
    try {
      const body = { key, scopes, ip: addressOf(request.ip) };
      found = await (cached ? cached.verify(body) : send(body));
    } catch (failure) {
      log(`failed to verify an API key: ${failure}`);
      return unavailable();
    }
    // Not even what is only like `true` lets a request through.
    if (found.valid !== true) return denialOf(found, scopes);
    return found.stale && stale === "refuse" ? outdated() : identityIn(found);
  }

  return (...scopes) =>
    (request, response, next) => {
      identified(request, scopes).then((outcome) => {
        if ("detail" in outcome) return deny(response, outcome);
        identities.set(request, outcome);
        next();
      }, next);
    };
}

function identityIn(found: Verified): Identity {
  return Object.fromEntries(MEMBERS.filter((name) => name in found).map((name) => [name, found[name]])) as Identity;
}

function deny(response: ExpressResponse, denial: Denial): void {
  response.statusCode = denial.status;
  for (const [name, value] of Object.entries(denial.headers)) response.setHeader(name, value);
  response.setHeader("Content-Type", "application/problem+json");
  response.end(bodyOf(denial));
}

/** The key of a request. X-API-Key takes precedence, because Authorization may be for another service. */
function keyOf(headers: ExpressRequest["headersDistinct"]): string | Denial {
  const keys = headers["x-api-key"] ?? headers.authorization?.map(tokenOf);
  if (!keys) return missing();
  const [key, ...others] = keys;
  return key !== undefined && others.length === 0 && KEY.test(key) ? key : malformed();
}

/** The token of `Authorization: Bearer`; empty if it is another scheme. */
function tokenOf(authorization: string): string {
  return authorization.slice(0, 7).toLowerCase() === "bearer " ? authorization.slice(7).trim() : "";
}

/** An address without what only this machine adds to it; null if it is none, as a header of a proxy may be anything. */
function addressOf(ip = ""): string | null {
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*/, "");
  return isIP(address) ? address : null;
}
