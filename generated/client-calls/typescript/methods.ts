// Calls every method of the TypeScript client, with arguments and results as JSON. Generated; do not edit.
import type { CallOptions, Latchkey } from "latchkey-client";
import { pick, buildAPIKeyCreate, buildAPIKeyVerify, buildProjectCreate, buildProjectUpdate, buildOwnerUpsert, buildAPIKeyIssue, buildAPIKeyFilter, buildAPIKeyRevocation, buildMemberSet, buildServiceAccountCreate, buildOwnerTokenCreate, buildAPIKeyPolicy, buildAPIKeyMetadata, buildAPIKeyRotate, buildAPIKeyRevoke, buildAPIKeyRecordCreate, buildUserCreate, buildUserUpdate, buildPasswordChange, readUserRead, readAPIKeyRecordRead, readAPIKeyVerification, readProject, readOwner, readFoundAPIKey, readAPIKeyRevocationResult, readMember, readTokenResponse, readAPIKeyPolicyRead, readAPIKeyMetadataRead, readAPIKeyUsage, readAuditEvent, readUser, type Query, type Values } from "./calls.js";

export interface Method {
  /** The result, or an iterator over the items of all pages. */
  call: (client: Latchkey, a: Values, options: CallOptions) => Promise<unknown> | AsyncIterable<unknown>;
  /** The properties of a result or an item. */
  read: (value: any) => unknown;
}

export const methods: Record<string, Method> = {
  "whoami": {
    call: (client, _, options) =>
      client.whoami(
        { ...options },
      ),
    read: readUserRead,
  },
  "keys.create": {
    call: (client, a, options) =>
      client.keys.create(
        buildAPIKeyCreate(a.body),
        { ...options, idempotencyKey: a["Idempotency-Key"] },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.list": {
    call: (client, a, options) =>
      client.keys.list(
        { ...options, ...pick<Query<"listApiKeys">>(a, "limit", "status") },
      ),
    read: readAPIKeyRecordRead,
  },
  "verify": {
    call: (client, a, options) =>
      client.verify(
        buildAPIKeyVerify(a.body),
        { ...options },
      ),
    read: readAPIKeyVerification,
  },
  "projects.create": {
    call: (client, a, options) =>
      client.projects.create(
        buildProjectCreate(a.body),
        { ...options },
      ),
    read: readProject,
  },
  "projects.list": {
    call: (client, a, options) =>
      client.projects.list(
        { ...options, ...pick<Query<"listProjects">>(a, "limit") },
      ),
    read: readProject,
  },
  "projects.get": {
    call: (client, a, options) =>
      client.projects.get(
        a.project,
        { ...options },
      ),
    read: readProject,
  },
  "projects.update": {
    call: (client, a, options) =>
      client.projects.update(
        a.project,
        buildProjectUpdate(a.body),
        { ...options, ifMatch: a["If-Match"] },
      ),
    read: readProject,
  },
  "owners.upsert": {
    call: (client, a, options) =>
      client.owners.upsert(
        a.project,
        buildOwnerUpsert(a.body),
        { ...options },
      ),
    read: readOwner,
  },
  "owners.list": {
    call: (client, a, options) =>
      client.owners.list(
        a.project,
        { ...options, ...pick<Query<"listOwners">>(a, "limit", "external_id") },
      ),
    read: readOwner,
  },
  "owners.get": {
    call: (client, a, options) =>
      client.owners.get(
        a.project,
        a.owner_id,
        { ...options },
      ),
    read: readOwner,
  },
  "owners.delete": {
    call: (client, a, options) =>
      client.owners.delete(
        a.project,
        a.owner_id,
        { ...options },
      ),
    read: () => undefined,
  },
  "keys.issue": {
    call: (client, a, options) =>
      client.keys.issue(
        a.project,
        buildAPIKeyIssue(a.body),
        { ...options, idempotencyKey: a["Idempotency-Key"] },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.search": {
    call: (client, a, options) =>
      client.keys.search(
        a.project,
        buildAPIKeyFilter(a.body),
        { ...options, ...pick<Query<"searchApiKeys">>(a, "limit") },
      ),
    read: readFoundAPIKey,
  },
  "keys.revoke_matching": {
    call: (client, a, options) =>
      client.keys.revokeMatching(
        a.project,
        buildAPIKeyRevocation(a.body),
        { ...options },
      ),
    read: readAPIKeyRevocationResult,
  },
  "members.list": {
    call: (client, a, options) =>
      client.members.list(
        a.project,
        { ...options, ...pick<Query<"listMembers">>(a, "limit") },
      ),
    read: readMember,
  },
  "members.set": {
    call: (client, a, options) =>
      client.members.set(
        a.project,
        a.user_id,
        buildMemberSet(a.body),
        { ...options },
      ),
    read: readMember,
  },
  "members.remove": {
    call: (client, a, options) =>
      client.members.remove(
        a.project,
        a.user_id,
        { ...options },
      ),
    read: () => undefined,
  },
  "service_accounts.create": {
    call: (client, a, options) =>
      client.serviceAccounts.create(
        a.project,
        buildServiceAccountCreate(a.body),
        { ...options },
      ),
    read: readMember,
  },
  "owners.create_token": {
    call: (client, a, options) =>
      client.owners.createToken(
        a.project,
        buildOwnerTokenCreate(a.body),
        { ...options },
      ),
    read: readTokenResponse,
  },
  "keys.policy.get": {
    call: (client, a, options) =>
      client.keys.policy.get(
        a.item_id,
        { ...options },
      ),
    read: readAPIKeyPolicyRead,
  },
  "keys.policy.set": {
    call: (client, a, options) =>
      client.keys.policy.set(
        a.item_id,
        buildAPIKeyPolicy(a.body),
        { ...options, ifMatch: a["If-Match"] },
      ),
    read: readAPIKeyPolicyRead,
  },
  "keys.metadata.get": {
    call: (client, a, options) =>
      client.keys.metadata.get(
        a.item_id,
        { ...options },
      ),
    read: readAPIKeyMetadataRead,
  },
  "keys.metadata.set": {
    call: (client, a, options) =>
      client.keys.metadata.set(
        a.item_id,
        buildAPIKeyMetadata(a.body),
        { ...options, ifMatch: a["If-Match"] },
      ),
    read: readAPIKeyMetadataRead,
  },
  "keys.usage": {
    call: (client, a, options) =>
      client.keys.usage(
        a.item_id,
        { ...options },
      ),
    read: readAPIKeyUsage,
  },
  "keys.disable": {
    call: (client, a, options) =>
      client.keys.disable(
        a.item_id,
        { ...options, ...pick<Query<"disableApiKey">>(a, "wait_until_effective"), ifMatch: a["If-Match"] },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.enable": {
    call: (client, a, options) =>
      client.keys.enable(
        a.item_id,
        { ...options, ifMatch: a["If-Match"] },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.rotate": {
    call: (client, a, options) =>
      client.keys.rotate(
        a.item_id,
        buildAPIKeyRotate(a.body),
        { ...options, ifMatch: a["If-Match"], idempotencyKey: a["Idempotency-Key"] },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.revoke": {
    call: (client, a, options) =>
      client.keys.revoke(
        a.item_id,
        buildAPIKeyRevoke(a.body),
        { ...options, ...pick<Query<"revokeApiKey">>(a, "wait_until_effective"), ifMatch: a["If-Match"] },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.get": {
    call: (client, a, options) =>
      client.keys.get(
        a.item_id,
        { ...options },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.update": {
    call: (client, a, options) =>
      client.keys.update(
        a.item_id,
        buildAPIKeyRecordCreate(a.body),
        { ...options, ifMatch: a["If-Match"] },
      ),
    read: readAPIKeyRecordRead,
  },
  "keys.delete": {
    call: (client, a, options) =>
      client.keys.delete(
        a.item_id,
        { ...options, ...pick<Query<"deleteApiKey">>(a, "wait_until_effective"), ifMatch: a["If-Match"] },
      ),
    read: () => undefined,
  },
  "audit.events": {
    call: (client, a, options) =>
      client.audit.events(
        { ...options, ...pick<Query<"listAuditEvents">>(a, "limit", "key_id", "actor_user_id", "action", "since", "until") },
      ),
    read: readAuditEvent,
  },
  "users.list": {
    call: (client, a, options) =>
      client.users.list(
        { ...options, ...pick<Query<"listUsers">>(a, "username", "limit") },
      ),
    read: readUser,
  },
  "users.create": {
    call: (client, a, options) =>
      client.users.create(
        buildUserCreate(a.body),
        { ...options },
      ),
    read: readUser,
  },
  "users.get": {
    call: (client, a, options) =>
      client.users.get(
        a.user_id,
        { ...options },
      ),
    read: readUser,
  },
  "users.update": {
    call: (client, a, options) =>
      client.users.update(
        a.user_id,
        buildUserUpdate(a.body),
        { ...options },
      ),
    read: readUser,
  },
  "users.change_password": {
    call: (client, a, options) =>
      client.users.changePassword(
        buildPasswordChange(a.body),
        { ...options },
      ),
    read: () => undefined,
  },
};
