import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import latchkey.client.CallOptions;
import latchkey.client.Latchkey;
import latchkey.client.model.APIKeyCreate;
import latchkey.client.model.APIKeyFilter;
import latchkey.client.model.APIKeyIssue;
import latchkey.client.model.APIKeyMetadata;
import latchkey.client.model.APIKeyMetadataRead;
import latchkey.client.model.APIKeyPolicy;
import latchkey.client.model.APIKeyPolicyRead;
import latchkey.client.model.APIKeyRecordCreate;
import latchkey.client.model.APIKeyRecordRead;
import latchkey.client.model.APIKeyRevocation;
import latchkey.client.model.APIKeyRevocationResult;
import latchkey.client.model.APIKeyRevoke;
import latchkey.client.model.APIKeyRotate;
import latchkey.client.model.APIKeyStatus;
import latchkey.client.model.APIKeyUsage;
import latchkey.client.model.APIKeyVerification;
import latchkey.client.model.APIKeyVerify;
import latchkey.client.model.AuditChanges;
import latchkey.client.model.AuditEvent;
import latchkey.client.model.AuditEventPage;
import latchkey.client.model.DefaultPolicy;
import latchkey.client.model.DefaultPolicyRead;
import latchkey.client.model.DurationChange;
import latchkey.client.model.FlagChange;
import latchkey.client.model.FoundAPIKey;
import latchkey.client.model.FoundAPIKeyPage;
import latchkey.client.model.GrantType;
import latchkey.client.model.HTTPValidationError;
import latchkey.client.model.IdChange;
import latchkey.client.model.ListChange;
import latchkey.client.model.Member;
import latchkey.client.model.MemberPage;
import latchkey.client.model.MemberRole;
import latchkey.client.model.MemberSet;
import latchkey.client.model.Owner;
import latchkey.client.model.OwnerPage;
import latchkey.client.model.OwnerTokenCreate;
import latchkey.client.model.OwnerUpsert;
import latchkey.client.model.PasswordChange;
import latchkey.client.model.Problem;
import latchkey.client.model.Project;
import latchkey.client.model.ProjectCreate;
import latchkey.client.model.ProjectPage;
import latchkey.client.model.ProjectRole;
import latchkey.client.model.ProjectSettings;
import latchkey.client.model.ProjectSettingsUpdate;
import latchkey.client.model.ProjectUpdate;
import latchkey.client.model.RateLimit;
import latchkey.client.model.RateLimitChange;
import latchkey.client.model.RateLimitRead;
import latchkey.client.model.ServiceAccountCreate;
import latchkey.client.model.TextChange;
import latchkey.client.model.TimeChange;
import latchkey.client.model.TokenError;
import latchkey.client.model.TokenIntrospection;
import latchkey.client.model.TokenResponse;
import latchkey.client.model.User;
import latchkey.client.model.UserCreate;
import latchkey.client.model.UserPage;
import latchkey.client.model.UserRead;
import latchkey.client.model.UserUpdate;
import latchkey.client.model.ValidationError;

/** Calls every method of the Java client, with arguments and results as JSON. Generated; do not edit. */
final class Methods {
  private Methods() {}

  /** What a method returns: a value, or a list in pages; null if it has nothing to return. */
  static Object call(Latchkey client, String method, JsonNode a, Consumer<CallOptions> settings) {
    var body = a.path("body");
    switch (method) {
      case "whoami":
        return client.whoami(
            options -> {
              settings.accept(options);
            });
      case "keys.create":
        return client.keys().create(
            options -> {
              Calls.set(body, "expires_at", options::expiresAt, Calls::time);
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(body, "policy", options::policy, Calls::buildAPIKeyPolicy);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(a, "Idempotency-Key", options::idempotencyKey, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.list":
        return client.keys().list(
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              Calls.set(a, "status", options::status, node -> APIKeyStatus.fromValue(node.textValue()));
              settings.accept(options);
            });
      case "verify":
        return client.verify(
            Calls.given(body, "key", JsonNode::textValue),
            options -> {
              Calls.set(body, "scopes", options::scopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "ip", options::ip, JsonNode::textValue);
              settings.accept(options);
            });
      case "projects.create":
        return client.projects().create(
            Calls.given(body, "slug", JsonNode::textValue),
            options -> {
              Calls.set(body, "settings", options::settings, Calls::buildProjectSettingsUpdate);
              settings.accept(options);
            });
      case "projects.list":
        return client.projects().list(
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "projects.get":
        return client.projects().get(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              settings.accept(options);
            });
      case "projects.update":
        return client.projects().update(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(body, "settings", options::settings, Calls::buildProjectSettingsUpdate);
              Calls.set(body, "disabled", options::disabled, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "owners.upsert":
        return client.owners().upsert(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "external_id", JsonNode::textValue),
            options -> {
              Calls.set(body, "display_name", options::displayName, JsonNode::textValue);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(body, "disabled", options::disabled, JsonNode::booleanValue);
              settings.accept(options);
            });
      case "owners.list":
        return client.owners().list(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              Calls.set(a, "external_id", options::externalId, JsonNode::textValue);
              settings.accept(options);
            });
      case "owners.get":
        return client.owners().get(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "owner_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "owners.delete":
        client.owners().delete(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "owner_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
        return null;
      case "keys.issue":
        return client.keys().issue(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(body, "external_id", options::externalId, JsonNode::textValue);
              Calls.set(body, "service_account", options::serviceAccount, JsonNode::textValue);
              Calls.set(body, "expires_at", options::expiresAt, Calls::time);
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(body, "policy", options::policy, Calls::buildAPIKeyPolicy);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(a, "Idempotency-Key", options::idempotencyKey, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.search":
        return client.keys().search(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(body, "key", options::key, JsonNode::textValue);
              Calls.set(body, "owner", options::owner, JsonNode::textValue);
              Calls.set(body, "status", options::status, node -> APIKeyStatus.fromValue(node.textValue()));
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(body, "expires_after", options::expiresAfter, Calls::time);
              Calls.set(body, "expires_before", options::expiresBefore, Calls::time);
              Calls.set(body, "created_before", options::createdBefore, Calls::time);
              Calls.set(body, "unused_since", options::unusedSince, Calls::time);
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "keys.revoke_matching":
        return client.keys().revokeMatching(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "filter", Calls::buildAPIKeyFilter),
            Calls.given(body, "dry_run", JsonNode::booleanValue),
            Calls.given(body, "limit", JsonNode::longValue),
            options -> {
              Calls.set(body, "reason", options::reason, JsonNode::textValue);
              Calls.set(body, "cursor", options::cursor, JsonNode::textValue);
              settings.accept(options);
            });
      case "members.list":
        return client.members().list(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "members.set":
        return client.members().set(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "user_id", JsonNode::longValue),
            Calls.given(body, "role", node -> MemberRole.fromValue(node.textValue())),
            options -> {
              settings.accept(options);
            });
      case "members.remove":
        client.members().remove(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "user_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
        return null;
      case "service_accounts.create":
        return client.serviceAccounts().create(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "name", JsonNode::textValue),
            Calls.given(body, "role", node -> MemberRole.fromValue(node.textValue())),
            options -> {
              settings.accept(options);
            });
      case "owners.create_token":
        return client.owners().createToken(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "external_id", JsonNode::textValue),
            options -> {
              Calls.set(body, "scopes", options::scopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "key_scopes", options::keyScopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "expires_in", options::expiresIn, JsonNode::longValue);
              settings.accept(options);
            });
      case "keys.policy.get":
        return client.keys().policy().get(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.policy.set":
        return client.keys().policy().set(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "scopes", options::scopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "networks", options::networks, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "not_before", options::notBefore, Calls::time);
              Calls.set(body, "rate_limit", options::rateLimit, Calls::buildRateLimit);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.metadata.get":
        return client.keys().metadata().get(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.metadata.set":
        return client.keys().metadata().set(
            Calls.given(a, "item_id", JsonNode::longValue),
            Calls.given(body, "metadata", Calls::texts),
            options -> {
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.usage":
        return client.keys().usage(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.disable":
        return client.keys().disable(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(a, "wait_until_effective", options::waitUntilEffective, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.enable":
        return client.keys().enable(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.rotate":
        return client.keys().rotate(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "grace_period_seconds", options::gracePeriodSeconds, JsonNode::longValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              Calls.set(a, "Idempotency-Key", options::idempotencyKey, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.revoke":
        return client.keys().revoke(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "reason", options::reason, JsonNode::textValue);
              Calls.set(a, "wait_until_effective", options::waitUntilEffective, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.get":
        return client.keys().get(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.update":
        return client.keys().update(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "expires_at", options::expiresAt, Calls::time);
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.delete":
        client.keys().delete(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(a, "wait_until_effective", options::waitUntilEffective, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
        return null;
      case "audit.events":
        return client.audit().events(
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              Calls.set(a, "key_id", options::keyId, JsonNode::longValue);
              Calls.set(a, "actor_user_id", options::actorUserId, JsonNode::longValue);
              Calls.set(a, "action", options::action, JsonNode::textValue);
              Calls.set(a, "since", options::since, Calls::time);
              Calls.set(a, "until", options::until, Calls::time);
              settings.accept(options);
            });
      case "users.list":
        return client.users().list(
            options -> {
              Calls.set(a, "username", options::username, JsonNode::textValue);
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "users.create":
        return client.users().create(
            Calls.given(body, "username", JsonNode::textValue),
            options -> {
              Calls.set(body, "password", options::password, JsonNode::textValue);
              Calls.set(body, "administrator", options::administrator, JsonNode::booleanValue);
              settings.accept(options);
            });
      case "users.get":
        return client.users().get(
            Calls.given(a, "user_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "users.update":
        return client.users().update(
            Calls.given(a, "user_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "password", options::password, JsonNode::textValue);
              Calls.set(body, "administrator", options::administrator, JsonNode::booleanValue);
              Calls.set(body, "disabled", options::disabled, JsonNode::booleanValue);
              Calls.set(body, "revoke_keys", options::revokeKeys, JsonNode::booleanValue);
              settings.accept(options);
            });
      case "users.change_password":
        client.users().changePassword(
            Calls.given(body, "current", JsonNode::textValue),
            Calls.given(body, "new", JsonNode::textValue),
            options -> {
              settings.accept(options);
            });
        return null;
      default:
        throw new IllegalArgumentException("no such method: " + method);
    }
  }

  /** As {@code call}, with a future in place of a value. */
  static Object callAsync(Latchkey client, String method, JsonNode a, Consumer<CallOptions> settings) {
    var body = a.path("body");
    switch (method) {
      case "whoami":
        return client.whoamiAsync(
            options -> {
              settings.accept(options);
            });
      case "keys.create":
        return client.keys().createAsync(
            options -> {
              Calls.set(body, "expires_at", options::expiresAt, Calls::time);
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(body, "policy", options::policy, Calls::buildAPIKeyPolicy);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(a, "Idempotency-Key", options::idempotencyKey, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.list":
        return client.keys().list(
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              Calls.set(a, "status", options::status, node -> APIKeyStatus.fromValue(node.textValue()));
              settings.accept(options);
            });
      case "verify":
        return client.verifyAsync(
            Calls.given(body, "key", JsonNode::textValue),
            options -> {
              Calls.set(body, "scopes", options::scopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "ip", options::ip, JsonNode::textValue);
              settings.accept(options);
            });
      case "projects.create":
        return client.projects().createAsync(
            Calls.given(body, "slug", JsonNode::textValue),
            options -> {
              Calls.set(body, "settings", options::settings, Calls::buildProjectSettingsUpdate);
              settings.accept(options);
            });
      case "projects.list":
        return client.projects().list(
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "projects.get":
        return client.projects().getAsync(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              settings.accept(options);
            });
      case "projects.update":
        return client.projects().updateAsync(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(body, "settings", options::settings, Calls::buildProjectSettingsUpdate);
              Calls.set(body, "disabled", options::disabled, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "owners.upsert":
        return client.owners().upsertAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "external_id", JsonNode::textValue),
            options -> {
              Calls.set(body, "display_name", options::displayName, JsonNode::textValue);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(body, "disabled", options::disabled, JsonNode::booleanValue);
              settings.accept(options);
            });
      case "owners.list":
        return client.owners().list(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              Calls.set(a, "external_id", options::externalId, JsonNode::textValue);
              settings.accept(options);
            });
      case "owners.get":
        return client.owners().getAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "owner_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "owners.delete":
        return client.owners().deleteAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "owner_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.issue":
        return client.keys().issueAsync(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(body, "external_id", options::externalId, JsonNode::textValue);
              Calls.set(body, "service_account", options::serviceAccount, JsonNode::textValue);
              Calls.set(body, "expires_at", options::expiresAt, Calls::time);
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(body, "policy", options::policy, Calls::buildAPIKeyPolicy);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(a, "Idempotency-Key", options::idempotencyKey, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.search":
        return client.keys().search(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(body, "key", options::key, JsonNode::textValue);
              Calls.set(body, "owner", options::owner, JsonNode::textValue);
              Calls.set(body, "status", options::status, node -> APIKeyStatus.fromValue(node.textValue()));
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(body, "metadata", options::metadata, Calls::texts);
              Calls.set(body, "expires_after", options::expiresAfter, Calls::time);
              Calls.set(body, "expires_before", options::expiresBefore, Calls::time);
              Calls.set(body, "created_before", options::createdBefore, Calls::time);
              Calls.set(body, "unused_since", options::unusedSince, Calls::time);
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "keys.revoke_matching":
        return client.keys().revokeMatchingAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "filter", Calls::buildAPIKeyFilter),
            Calls.given(body, "dry_run", JsonNode::booleanValue),
            Calls.given(body, "limit", JsonNode::longValue),
            options -> {
              Calls.set(body, "reason", options::reason, JsonNode::textValue);
              Calls.set(body, "cursor", options::cursor, JsonNode::textValue);
              settings.accept(options);
            });
      case "members.list":
        return client.members().list(
            Calls.given(a, "project", JsonNode::textValue),
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "members.set":
        return client.members().setAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "user_id", JsonNode::longValue),
            Calls.given(body, "role", node -> MemberRole.fromValue(node.textValue())),
            options -> {
              settings.accept(options);
            });
      case "members.remove":
        return client.members().removeAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(a, "user_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "service_accounts.create":
        return client.serviceAccounts().createAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "name", JsonNode::textValue),
            Calls.given(body, "role", node -> MemberRole.fromValue(node.textValue())),
            options -> {
              settings.accept(options);
            });
      case "owners.create_token":
        return client.owners().createTokenAsync(
            Calls.given(a, "project", JsonNode::textValue),
            Calls.given(body, "external_id", JsonNode::textValue),
            options -> {
              Calls.set(body, "scopes", options::scopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "key_scopes", options::keyScopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "expires_in", options::expiresIn, JsonNode::longValue);
              settings.accept(options);
            });
      case "keys.policy.get":
        return client.keys().policy().getAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.policy.set":
        return client.keys().policy().setAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "scopes", options::scopes, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "networks", options::networks, values -> Calls.items(values, JsonNode::textValue));
              Calls.set(body, "not_before", options::notBefore, Calls::time);
              Calls.set(body, "rate_limit", options::rateLimit, Calls::buildRateLimit);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.metadata.get":
        return client.keys().metadata().getAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.metadata.set":
        return client.keys().metadata().setAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            Calls.given(body, "metadata", Calls::texts),
            options -> {
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.usage":
        return client.keys().usageAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.disable":
        return client.keys().disableAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(a, "wait_until_effective", options::waitUntilEffective, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.enable":
        return client.keys().enableAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.rotate":
        return client.keys().rotateAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "grace_period_seconds", options::gracePeriodSeconds, JsonNode::longValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              Calls.set(a, "Idempotency-Key", options::idempotencyKey, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.revoke":
        return client.keys().revokeAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "reason", options::reason, JsonNode::textValue);
              Calls.set(a, "wait_until_effective", options::waitUntilEffective, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.get":
        return client.keys().getAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "keys.update":
        return client.keys().updateAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "expires_at", options::expiresAt, Calls::time);
              Calls.set(body, "description", options::description, JsonNode::textValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "keys.delete":
        return client.keys().deleteAsync(
            Calls.given(a, "item_id", JsonNode::longValue),
            options -> {
              Calls.set(a, "wait_until_effective", options::waitUntilEffective, JsonNode::booleanValue);
              Calls.set(a, "If-Match", options::ifMatch, JsonNode::textValue);
              settings.accept(options);
            });
      case "audit.events":
        return client.audit().events(
            options -> {
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              Calls.set(a, "key_id", options::keyId, JsonNode::longValue);
              Calls.set(a, "actor_user_id", options::actorUserId, JsonNode::longValue);
              Calls.set(a, "action", options::action, JsonNode::textValue);
              Calls.set(a, "since", options::since, Calls::time);
              Calls.set(a, "until", options::until, Calls::time);
              settings.accept(options);
            });
      case "users.list":
        return client.users().list(
            options -> {
              Calls.set(a, "username", options::username, JsonNode::textValue);
              Calls.set(a, "limit", options::limit, JsonNode::longValue);
              settings.accept(options);
            });
      case "users.create":
        return client.users().createAsync(
            Calls.given(body, "username", JsonNode::textValue),
            options -> {
              Calls.set(body, "password", options::password, JsonNode::textValue);
              Calls.set(body, "administrator", options::administrator, JsonNode::booleanValue);
              settings.accept(options);
            });
      case "users.get":
        return client.users().getAsync(
            Calls.given(a, "user_id", JsonNode::longValue),
            options -> {
              settings.accept(options);
            });
      case "users.update":
        return client.users().updateAsync(
            Calls.given(a, "user_id", JsonNode::longValue),
            options -> {
              Calls.set(body, "password", options::password, JsonNode::textValue);
              Calls.set(body, "administrator", options::administrator, JsonNode::booleanValue);
              Calls.set(body, "disabled", options::disabled, JsonNode::booleanValue);
              Calls.set(body, "revoke_keys", options::revokeKeys, JsonNode::booleanValue);
              settings.accept(options);
            });
      case "users.change_password":
        return client.users().changePasswordAsync(
            Calls.given(body, "current", JsonNode::textValue),
            Calls.given(body, "new", JsonNode::textValue),
            options -> {
              settings.accept(options);
            });
      default:
        throw new IllegalArgumentException("no such method: " + method);
    }
  }

  /** The properties of a value that a method has returned. */
  static JsonNode read(Object value) {
    if (value instanceof TokenResponse) {
      return Calls.readTokenResponse((TokenResponse) value);
    }
    if (value instanceof ProjectRole) {
      return Calls.readProjectRole((ProjectRole) value);
    }
    if (value instanceof UserRead) {
      return Calls.readUserRead((UserRead) value);
    }
    if (value instanceof APIKeyRecordRead) {
      return Calls.readAPIKeyRecordRead((APIKeyRecordRead) value);
    }
    if (value instanceof APIKeyVerification) {
      return Calls.readAPIKeyVerification((APIKeyVerification) value);
    }
    if (value instanceof TokenIntrospection) {
      return Calls.readTokenIntrospection((TokenIntrospection) value);
    }
    if (value instanceof RateLimitRead) {
      return Calls.readRateLimitRead((RateLimitRead) value);
    }
    if (value instanceof DefaultPolicyRead) {
      return Calls.readDefaultPolicyRead((DefaultPolicyRead) value);
    }
    if (value instanceof ProjectSettings) {
      return Calls.readProjectSettings((ProjectSettings) value);
    }
    if (value instanceof Project) {
      return Calls.readProject((Project) value);
    }
    if (value instanceof ProjectPage) {
      return Calls.readProjectPage((ProjectPage) value);
    }
    if (value instanceof Owner) {
      return Calls.readOwner((Owner) value);
    }
    if (value instanceof OwnerPage) {
      return Calls.readOwnerPage((OwnerPage) value);
    }
    if (value instanceof FoundAPIKey) {
      return Calls.readFoundAPIKey((FoundAPIKey) value);
    }
    if (value instanceof FoundAPIKeyPage) {
      return Calls.readFoundAPIKeyPage((FoundAPIKeyPage) value);
    }
    if (value instanceof APIKeyRevocationResult) {
      return Calls.readAPIKeyRevocationResult((APIKeyRevocationResult) value);
    }
    if (value instanceof Member) {
      return Calls.readMember((Member) value);
    }
    if (value instanceof MemberPage) {
      return Calls.readMemberPage((MemberPage) value);
    }
    if (value instanceof APIKeyPolicyRead) {
      return Calls.readAPIKeyPolicyRead((APIKeyPolicyRead) value);
    }
    if (value instanceof APIKeyMetadataRead) {
      return Calls.readAPIKeyMetadataRead((APIKeyMetadataRead) value);
    }
    if (value instanceof APIKeyUsage) {
      return Calls.readAPIKeyUsage((APIKeyUsage) value);
    }
    if (value instanceof TextChange) {
      return Calls.readTextChange((TextChange) value);
    }
    if (value instanceof TimeChange) {
      return Calls.readTimeChange((TimeChange) value);
    }
    if (value instanceof FlagChange) {
      return Calls.readFlagChange((FlagChange) value);
    }
    if (value instanceof ListChange) {
      return Calls.readListChange((ListChange) value);
    }
    if (value instanceof RateLimitChange) {
      return Calls.readRateLimitChange((RateLimitChange) value);
    }
    if (value instanceof IdChange) {
      return Calls.readIdChange((IdChange) value);
    }
    if (value instanceof DurationChange) {
      return Calls.readDurationChange((DurationChange) value);
    }
    if (value instanceof AuditChanges) {
      return Calls.readAuditChanges((AuditChanges) value);
    }
    if (value instanceof AuditEvent) {
      return Calls.readAuditEvent((AuditEvent) value);
    }
    if (value instanceof AuditEventPage) {
      return Calls.readAuditEventPage((AuditEventPage) value);
    }
    if (value instanceof User) {
      return Calls.readUser((User) value);
    }
    if (value instanceof UserPage) {
      return Calls.readUserPage((UserPage) value);
    }
    if (value instanceof ValidationError) {
      return Calls.readValidationError((ValidationError) value);
    }
    if (value instanceof HTTPValidationError) {
      return Calls.readHTTPValidationError((HTTPValidationError) value);
    }
    if (value instanceof Problem) {
      return Calls.readProblem((Problem) value);
    }
    if (value instanceof TokenError) {
      return Calls.readTokenError((TokenError) value);
    }
    throw new IllegalArgumentException("no model: " + value.getClass());
  }
}
