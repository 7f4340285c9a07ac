// The methods of a Latchkey, in groups. Generated; do not edit.
import type { Schemas, operations } from "./core.js";
import { pages } from "./pages.js";
import { inspect, nothing, received, type Received } from "./replies.js";
import type { CallOptions, LatchkeyOptions } from "./settings.js";
import { Transport } from "./transport.js";

/** The parameters of an operation, but for the cursor of its pages. */
type Query<Id extends keyof operations> = Omit<NonNullable<operations[Id]["parameters"]["query"]>, "cursor">;

export interface IdempotencyKey {
  /**
   * A text that is unique to this request, such as a random UUID. For one hour the same request with the same text gets
   * the same result, including the secret, which is stored encrypted for that time. A different request with the same
   * text gets a 409.
   */
  idempotencyKey?: string | undefined;
}

export interface IfMatch {
  /**
   * The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
   * nothing is done and the status is 412.
   */
  ifMatch?: string | undefined;
}

/** A UUID. Node.js 18 and pages without TLS lack `randomUUID`; what it is for must be unique, and is no secret. */
function uuid(): string {
  const digit = () => Math.floor(Math.random() * 16).toString(16);
  return globalThis.crypto?.randomUUID?.() ?? "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, digit);
}

/** `get`, `set`. */
export class KeysPolicy {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Get an API key's policy.
   *
   * Returns the restrictions of a key. A member that is `null` does not restrict the key.
   */
  async get(
    itemId: number,
    options: CallOptions = {},
  ): Promise<Received<Schemas["APIKeyPolicyRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/api-keys/{item_id}/policy",
      parameters: { item_id: itemId },
      retry: "repeatable",
    });
    return received("APIKeyPolicyRead", reply);
  }

  /**
   * Replace an API key's policy.
   *
   * Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a policy
   * has the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows more
   * than the caller has gets a 403, and so does any policy for a key that may do more than the caller.
   */
  async set(
    itemId: number,
    body: Schemas["APIKeyPolicy"] = {},
    options: CallOptions & IfMatch = {},
  ): Promise<Received<Schemas["APIKeyPolicyRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "PUT",
      path: "/v1/api-keys/{item_id}/policy",
      parameters: { item_id: itemId },
      body,
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    return received("APIKeyPolicyRead", reply);
  }
}

/** `get`, `set`. */
export class KeysMetadata {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Get an API key's metadata.
   *
   * Returns the strings that the deployer attached to a key.
   */
  async get(
    itemId: number,
    options: CallOptions = {},
  ): Promise<Received<Schemas["APIKeyMetadataRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/api-keys/{item_id}/metadata",
      parameters: { item_id: itemId },
      retry: "repeatable",
    });
    return received("APIKeyMetadataRead", reply);
  }

  /**
   * Replace an API key's metadata.
   *
   * Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.
   */
  async set(
    itemId: number,
    body: Schemas["APIKeyMetadata"],
    options: CallOptions & IfMatch = {},
  ): Promise<Received<Schemas["APIKeyMetadataRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "PUT",
      path: "/v1/api-keys/{item_id}/metadata",
      parameters: { item_id: itemId },
      body,
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    return received("APIKeyMetadataRead", reply);
  }
}

/** `create`, `list`, `issue`, `search`, `revokeMatching`, `usage`, `disable`, `enable`, `rotate`, `revoke`, `get`, `update`, `delete`. */
export class Keys {
  readonly #transport: Transport;
  readonly policy: KeysPolicy;
  readonly metadata: KeysMetadata;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.policy = new KeysPolicy(transport);
    this.metadata = new KeysMetadata(transport);
  }

  /**
   * Create an API key.
   *
   * Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be retrieved
   * later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a 403, and a
   * key without a `policy` gets the restrictions of the credential that creates it. A key that is created with an API
   * key expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata` (403). With
   * `Idempotency-Key` the request can be repeated safely.
   */
  async create(
    body: Schemas["APIKeyCreate"] = {},
    options: CallOptions & IdempotencyKey = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/api-keys/",
      body,
      headers: { "Idempotency-Key": options.idempotencyKey ?? uuid() },
      retry: "keyed",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * List API keys.
   *
   * Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a `status`
   * filter a page may hold fewer records than `limit`, or none, while more pages follow.
   *
   * Iterates over the items of all pages, each of which is requested when it is needed.
   */
  list(
    options: CallOptions & Query<"listApiKeys"> = {},
  ): AsyncGenerator<Schemas["APIKeyRecordRead"], void, undefined> {
    return pages("APIKeyRecordRead", "link", (cursor) =>
      this.#transport.send(options, {
        method: "GET",
        path: "/v1/api-keys/",
        query: { limit: options.limit, status: options.status, cursor },
        retry: "repeatable",
      }),
    );
  }

  /**
   * Issue an API key to an owner or a service account.
   *
   * Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an admin
   * of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved later. The
   * key is managed: its owner can restrict it, and not extend it. Without scopes, it has the default scopes of the
   * project. With `Idempotency-Key` the request can be repeated safely.
   */
  async issue(
    project: string,
    body: Schemas["APIKeyIssue"] = {},
    options: CallOptions & IdempotencyKey = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/projects/{project}/api-keys",
      parameters: { project },
      body,
      headers: { "Idempotency-Key": options.idempotencyKey ?? uuid() },
      retry: "keyed",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * Find API keys.
   *
   * Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those of a
   * beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the order
   * in which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may have
   * fewer keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most. Deleted keys
   * are not found. What is sent as `key` is neither logged nor returned.
   *
   * Iterates over the items of all pages, each of which is requested when it is needed.
   */
  search(
    project: string,
    body: Schemas["APIKeyFilter"] = {},
    options: CallOptions & Query<"searchApiKeys"> = {},
  ): AsyncGenerator<Schemas["FoundAPIKey"], void, undefined> {
    return pages("FoundAPIKey", "cursor", (cursor) =>
      this.#transport.send(options, {
        method: "POST",
        path: "/v1/projects/{project}/api-keys/search",
        parameters: { project },
        query: { limit: options.limit, cursor },
        body,
        retry: "repeatable",
      }),
    );
  }

  /**
   * Revoke many API keys.
   *
   * Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up to
   * `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope
   * `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and says
   * how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after the
   * first request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not match.
   */
  async revokeMatching(
    project: string,
    body: Schemas["APIKeyRevocation"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["APIKeyRevocationResult"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/projects/{project}/api-keys/revoke",
      parameters: { project },
      body,
      retry: "rejected",
    });
    return received("APIKeyRevocationResult", reply);
  }

  /**
   * Get an API key's usage.
   *
   * Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node that
   * crashes loses at most ten seconds of them.
   */
  async usage(
    itemId: number,
    options: CallOptions = {},
  ): Promise<Received<Schemas["APIKeyUsage"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/api-keys/{item_id}/usage",
      parameters: { item_id: itemId },
      retry: "repeatable",
    });
    return received("APIKeyUsage", reply);
  }

  /**
   * Disable an API key.
   *
   * The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more than
   * the caller gets a 403.
   */
  async disable(
    itemId: number,
    options: CallOptions & Query<"disableApiKey"> & IfMatch = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/api-keys/{item_id}/disable",
      parameters: { item_id: itemId },
      query: { wait_until_effective: options.wait_until_effective },
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * Enable an API key.
   *
   * Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no effect. A
   * key that may do more than the caller gets a 403.
   */
  async enable(
    itemId: number,
    options: CallOptions & IfMatch = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/api-keys/{item_id}/enable",
      parameters: { item_id: itemId },
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * Rotate an API key.
   *
   * Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in this
   * response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier; without
   * a grace period it is revoked. Only an active or pending key without a successor can be rotated: of several
   * concurrent rotations one gets a 201 and the others get a 409. A key that may do more than the caller gets a 403,
   * and so does a key that expires later than the API key that rotates it. A key may rotate itself. With `Idempotency-
   * Key` the request can be repeated safely.
   */
  async rotate(
    itemId: number,
    body: Schemas["APIKeyRotate"] = {},
    options: CallOptions & IfMatch & IdempotencyKey = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/api-keys/{item_id}/rotate",
      parameters: { item_id: itemId },
      body,
      headers: { "If-Match": options.ifMatch, "Idempotency-Key": options.idempotencyKey ?? uuid() },
      retry: "keyed",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * Revoke an API key.
   *
   * Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that may do
   * more than the caller gets a 403.
   */
  async revoke(
    itemId: number,
    body: Schemas["APIKeyRevoke"] = {},
    options: CallOptions & Query<"revokeApiKey"> & IfMatch = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/api-keys/{item_id}/revoke",
      parameters: { item_id: itemId },
      query: { wait_until_effective: options.wait_until_effective },
      body,
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * Get an API key.
   *
   * Returns a key of the caller, without its secret.
   */
  async get(
    itemId: number,
    options: CallOptions = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/api-keys/{item_id}",
      parameters: { item_id: itemId },
      retry: "repeatable",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * Update.
   *
   * Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the value.
   * `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do more than
   * the caller gets a 403. An API key that expires can set no later expiry than its own, neither for itself nor for
   * another key, and cannot remove one: that gets a 403.
   */
  async update(
    itemId: number,
    body: Schemas["APIKeyRecordCreate"] = {},
    options: CallOptions & IfMatch = {},
  ): Promise<Received<Schemas["APIKeyRecordRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "PATCH",
      path: "/v1/api-keys/{item_id}",
      parameters: { item_id: itemId },
      body,
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    return received("APIKeyRecordRead", reply);
  }

  /**
   * Delete an API key.
   *
   * Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps it.
   * A key that may do more than the caller gets a 403.
   */
  async delete(
    itemId: number,
    options: CallOptions & Query<"deleteApiKey"> & IfMatch = {},
  ): Promise<void> {
    const reply = await this.#transport.send(options, {
      method: "DELETE",
      path: "/v1/api-keys/{item_id}",
      parameters: { item_id: itemId },
      query: { wait_until_effective: options.wait_until_effective },
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    nothing(reply);
  }
}

/** `create`, `list`, `get`, `update`. */
export class Projects {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a project.
   *
   * Creates a project. Its slug is immutable. Settings that are absent have their defaults.
   */
  async create(
    body: Schemas["ProjectCreate"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["Project"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/projects",
      body,
      retry: "rejected",
    });
    return received("Project", reply);
  }

  /**
   * List projects.
   *
   * Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass `next_cursor` as
   * `cursor` to get the next page, until it is `null`.
   *
   * Iterates over the items of all pages, each of which is requested when it is needed.
   */
  list(
    options: CallOptions & Query<"listProjects"> = {},
  ): AsyncGenerator<Schemas["Project"], void, undefined> {
    return pages("Project", "cursor", (cursor) =>
      this.#transport.send(options, {
        method: "GET",
        path: "/v1/projects",
        query: { limit: options.limit, cursor },
        retry: "repeatable",
      }),
    );
  }

  /**
   * Get a project.
   *
   * Returns a project with its settings. A project that the caller does not belong to gets a 404.
   */
  async get(
    project: string,
    options: CallOptions = {},
  ): Promise<Received<Schemas["Project"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/projects/{project}",
      parameters: { project },
      retry: "repeatable",
    });
    return received("Project", reply);
  }

  /**
   * Update a project.
   *
   * Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key of a
   * disabled project is valid. The project `default` cannot be disabled.
   */
  async update(
    project: string,
    body: Schemas["ProjectUpdate"] = {},
    options: CallOptions & IfMatch = {},
  ): Promise<Received<Schemas["Project"]>> {
    const reply = await this.#transport.send(options, {
      method: "PATCH",
      path: "/v1/projects/{project}",
      parameters: { project },
      body,
      headers: { "If-Match": options.ifMatch },
      retry: options.ifMatch === undefined ? "repeatable" : "rejected",
    });
    return received("Project", reply);
  }
}

/** `upsert`, `list`, `get`, `delete`, `createToken`. */
export class Owners {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create or update an owner.
   *
   * Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not
   * change. External ids are compared byte for byte. A disabled owner has no valid key.
   */
  async upsert(
    project: string,
    body: Schemas["OwnerUpsert"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["Owner"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/projects/{project}/owners",
      parameters: { project },
      body,
      retry: "repeatable",
    });
    return received("Owner", reply);
  }

  /**
   * List owners.
   *
   * Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as `cursor`
   * to get the next page, until it is `null`.
   *
   * Iterates over the items of all pages, each of which is requested when it is needed.
   */
  list(
    project: string,
    options: CallOptions & Query<"listOwners"> = {},
  ): AsyncGenerator<Schemas["Owner"], void, undefined> {
    return pages("Owner", "cursor", (cursor) =>
      this.#transport.send(options, {
        method: "GET",
        path: "/v1/projects/{project}/owners",
        parameters: { project },
        query: { limit: options.limit, external_id: options.external_id, cursor },
        retry: "repeatable",
      }),
    );
  }

  /**
   * Get an owner.
   *
   * Returns an owner of the project.
   */
  async get(
    project: string,
    ownerId: number,
    options: CallOptions = {},
  ): Promise<Received<Schemas["Owner"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/projects/{project}/owners/{owner_id}",
      parameters: { project, owner_id: ownerId },
      retry: "repeatable",
    });
    return received("Owner", reply);
  }

  /**
   * Delete an owner.
   *
   * Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys, which
   * are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can then name a
   * new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.
   */
  async delete(
    project: string,
    ownerId: number,
    options: CallOptions = {},
  ): Promise<void> {
    const reply = await this.#transport.send(options, {
      method: "DELETE",
      path: "/v1/projects/{project}/owners/{owner_id}",
      parameters: { project, owner_id: ownerId },
      retry: "repeatable",
    });
    nothing(reply);
  }

  /**
   * Create an owner token.
   *
   * Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of the
   * owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the caller or
   * the API key that created it is disabled, or the caller may no longer change owners. A browser may use it on pages
   * of the allowed origins of the project.
   */
  async createToken(
    project: string,
    body: Schemas["OwnerTokenCreate"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["TokenResponse"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/projects/{project}/owner-tokens",
      parameters: { project },
      body,
      retry: "repeatable",
    });
    return received("TokenResponse", reply);
  }
}

/** `list`, `set`, `remove`. */
export class Members {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List members.
   *
   * Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page, until
   * it is `null`. Administrators reach every project and are not listed for it.
   *
   * Iterates over the items of all pages, each of which is requested when it is needed.
   */
  list(
    project: string,
    options: CallOptions & Query<"listMembers"> = {},
  ): AsyncGenerator<Schemas["Member"], void, undefined> {
    return pages("Member", "cursor", (cursor) =>
      this.#transport.send(options, {
        method: "GET",
        path: "/v1/projects/{project}/members",
        parameters: { project },
        query: { limit: options.limit, cursor },
        retry: "repeatable",
      }),
    );
  }

  /**
   * Give a user a role.
   *
   * Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens and
   * API keys that exist. A service account that was removed cannot become a member again.
   */
  async set(
    project: string,
    userId: number,
    body: Schemas["MemberSet"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["Member"]>> {
    const reply = await this.#transport.send(options, {
      method: "PUT",
      path: "/v1/projects/{project}/members/{user_id}",
      parameters: { project, user_id: userId },
      body,
      retry: "repeatable",
    });
    return received("Member", reply);
  }

  /**
   * Remove a member.
   *
   * Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid. What is
   * no member is 404.
   */
  async remove(
    project: string,
    userId: number,
    options: CallOptions = {},
  ): Promise<void> {
    const reply = await this.#transport.send(options, {
      method: "DELETE",
      path: "/v1/projects/{project}/members/{user_id}",
      parameters: { project, user_id: userId },
      retry: "repeatable",
    });
    nothing(reply);
  }
}

/** `create`. */
export class ServiceAccounts {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Create a service account.
   *
   * Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API keys,
   * which do what their scopes and the role permit.
   */
  async create(
    project: string,
    body: Schemas["ServiceAccountCreate"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["Member"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/projects/{project}/service-accounts",
      parameters: { project },
      body,
      retry: "rejected",
    });
    return received("Member", reply);
  }
}

/** `events`. */
export class Audit {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List audit events.
   *
   * Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of a
   * scope. Administrators read all events, members those of the projects in which their role permits it. A change and
   * its event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as `cursor` to
   * get the next page, until it is `null`.
   *
   * Iterates over the items of all pages, each of which is requested when it is needed.
   */
  events(
    options: CallOptions & Query<"listAuditEvents"> = {},
  ): AsyncGenerator<Schemas["AuditEvent"], void, undefined> {
    return pages("AuditEvent", "cursor", (cursor) =>
      this.#transport.send(options, {
        method: "GET",
        path: "/v1/audit/events",
        query: { limit: options.limit, key_id: options.key_id, actor_user_id: options.actor_user_id, action: options.action, since: options.since, until: options.until, cursor },
        retry: "repeatable",
      }),
    );
  }
}

/** `list`, `create`, `get`, `update`, `changePassword`. */
export class Users {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * List users.
   *
   * Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only
   * administrators manage users.
   *
   * Iterates over the items of all pages, each of which is requested when it is needed.
   */
  list(
    options: CallOptions & Query<"listUsers"> = {},
  ): AsyncGenerator<Schemas["User"], void, undefined> {
    return pages("User", "cursor", (cursor) =>
      this.#transport.send(options, {
        method: "GET",
        path: "/v1/users",
        query: { username: options.username, limit: options.limit, cursor },
        retry: "repeatable",
      }),
    );
  }

  /**
   * Create a user.
   *
   * Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be given
   * before. `setMember` gives a user roles in projects.
   */
  async create(
    body: Schemas["UserCreate"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["User"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/users",
      body,
      retry: "rejected",
    });
    return received("User", reply);
  }

  /**
   * Get a user.
   *
   * Returns a user, also a disabled one. Service accounts and owners are 404.
   */
  async get(
    userId: number,
    options: CallOptions = {},
  ): Promise<Received<Schemas["User"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/users/{user_id}",
      parameters: { user_id: userId },
      retry: "repeatable",
    });
    return received("User", reply);
  }

  /**
   * Change a user.
   *
   * Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens of the
   * user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are revoked
   * for good, after everything else: if that fails, the rest is done, and the request can be repeated. The last
   * administrator who is enabled can neither be disabled nor be made an ordinary user (409).
   */
  async update(
    userId: number,
    body: Schemas["UserUpdate"] = {},
    options: CallOptions = {},
  ): Promise<Received<Schemas["User"]>> {
    const reply = await this.#transport.send(options, {
      method: "PATCH",
      path: "/v1/users/{user_id}",
      parameters: { user_id: userId },
      body,
      retry: "repeatable",
    });
    return received("User", reply);
  }

  /**
   * Change the password of the current user.
   *
   * Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay valid.
   * It takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and restricted
   * tokens get a 403. The current password is checked like that of `issueToken`, under the same limits on failed
   * attempts.
   */
  async changePassword(
    body: Schemas["PasswordChange"],
    options: CallOptions = {},
  ): Promise<void> {
    const reply = await this.#transport.send(options, {
      method: "PUT",
      path: "/v1/users/me/password",
      body,
      retry: "rejected",
    });
    nothing(reply);
  }
}

/**
 * A Latchkey at a URL, called with one credential.
 *
 * The last argument of every method has the optional parameters, and `timeout`, `retry` and `signal`.
 */
export class Latchkey {
  readonly #transport: Transport;
  readonly keys: Keys;
  readonly projects: Projects;
  readonly owners: Owners;
  readonly members: Members;
  readonly serviceAccounts: ServiceAccounts;
  readonly audit: Audit;
  readonly users: Users;

  constructor(options: LatchkeyOptions = {}) {
    this.#transport = new Transport(options);
    this.keys = new Keys(this.#transport);
    this.projects = new Projects(this.#transport);
    this.owners = new Owners(this.#transport);
    this.members = new Members(this.#transport);
    this.serviceAccounts = new ServiceAccounts(this.#transport);
    this.audit = new Audit(this.#transport);
    this.users = new Users(this.#transport);
  }

  [inspect](): string {
    return this.#transport.toString();
  }

  /**
   * Get the current user.
   *
   * Returns the user that the credential of the request belongs to.
   */
  async whoami(
    options: CallOptions = {},
  ): Promise<Received<Schemas["UserRead"]>> {
    const reply = await this.#transport.send(options, {
      method: "GET",
      path: "/v1/users/me",
      retry: "repeatable",
    });
    return received("UserRead", reply);
  }

  /**
   * Verify an API key.
   *
   * Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the
   * decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no node
   * reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was made
   * from the key cache. Every verification counts towards the key's usage, and one that is otherwise valid towards its
   * rate limit.
   */
  async verify(
    body: Schemas["APIKeyVerify"],
    options: CallOptions = {},
  ): Promise<Received<Schemas["APIKeyVerification"]>> {
    const reply = await this.#transport.send(options, {
      method: "POST",
      path: "/v1/api-keys/verify",
      body,
      retry: "rejected",
    });
    return received("APIKeyVerification", reply);
  }
}
