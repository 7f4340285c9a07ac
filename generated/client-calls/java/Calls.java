import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import latchkey.client.ApiClient;
import latchkey.client.ApiException;
import latchkey.client.ApiResponse;
import latchkey.client.api.ApiKeyLifecycleApi;
import latchkey.client.api.ApiKeyPoliciesApi;
import latchkey.client.api.ApiKeySearchApi;
import latchkey.client.api.ApiKeysApi;
import latchkey.client.api.AuditApi;
import latchkey.client.api.MembersApi;
import latchkey.client.api.OwnersApi;
import latchkey.client.api.ProjectsApi;
import latchkey.client.api.TokensApi;
import latchkey.client.api.UsersApi;
import latchkey.client.api.VerificationApi;
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

/** Calls every operation of the Java client, with arguments and responses as JSON. Generated; do not edit. */
@SuppressWarnings("deprecation")
final class Calls {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Calls() {}

  /** A value in the client's type; null if it is absent or null. */
  static <T> T given(JsonNode values, String name, Function<JsonNode, T> convert) {
    return values.hasNonNull(name) ? convert.apply(values.get(name)) : null;
  }

  static OffsetDateTime time(JsonNode value) {
    return OffsetDateTime.parse(value.textValue());
  }

  static <T> List<T> items(JsonNode values, Function<JsonNode, T> convert) {
    var items = new ArrayList<T>();
    values.forEach(value -> items.add(convert.apply(value)));
    return items;
  }

  static Map<String, String> texts(JsonNode values) {
    var texts = new LinkedHashMap<String, String>();
    values.fields().forEachRemaining(member -> texts.put(member.getKey(), member.getValue().textValue()));
    return texts;
  }

  /** Sets a property that is present, also to null. */
  static <T> void set(JsonNode body, String name, Consumer<T> setter, Function<JsonNode, T> convert) {
    if (body.has(name)) {
      setter.accept(given(body, name, convert));
    }
  }

  private static JsonNode text(OffsetDateTime time) {
    return time == null ? JSON.nullNode() : JSON.getNodeFactory().textNode(time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
  }

  private static JsonNode plain(Object value) {
    return JSON.valueToTree(value);
  }

  private static <T> JsonNode one(T value, Function<T, ObjectNode> read) {
    return value == null ? JSON.nullNode() : read.apply(value);
  }

  private static <T> JsonNode each(List<T> values, Function<T, ObjectNode> read) {
    if (values == null) {
      return JSON.nullNode();
    }
    ArrayNode items = JSON.createArrayNode();
    values.forEach(value -> items.add(read.apply(value)));
    return items;
  }

  static RateLimit buildRateLimit(JsonNode body) {
    var model = new RateLimit();
    set(body, "requests", model::setRequests, JsonNode::longValue);
    set(body, "seconds", model::setSeconds, JsonNode::longValue);
    return model;
  }

  static APIKeyPolicy buildAPIKeyPolicy(JsonNode body) {
    var model = new APIKeyPolicy();
    set(body, "scopes", model::setScopes, values -> items(values, JsonNode::textValue));
    set(body, "networks", model::setNetworks, values -> items(values, JsonNode::textValue));
    set(body, "not_before", model::setNotBefore, Calls::time);
    set(body, "rate_limit", model::setRateLimit, Calls::buildRateLimit);
    return model;
  }

  static APIKeyCreate buildAPIKeyCreate(JsonNode body) {
    var model = new APIKeyCreate();
    set(body, "expires_at", model::setExpiresAt, Calls::time);
    set(body, "description", model::setDescription, JsonNode::textValue);
    set(body, "policy", model::setPolicy, Calls::buildAPIKeyPolicy);
    set(body, "metadata", model::setMetadata, Calls::texts);
    return model;
  }

  static APIKeyVerify buildAPIKeyVerify(JsonNode body) {
    var model = new APIKeyVerify();
    set(body, "key", model::setKey, JsonNode::textValue);
    set(body, "scopes", model::setScopes, values -> items(values, JsonNode::textValue));
    set(body, "ip", model::setIp, JsonNode::textValue);
    return model;
  }

  static DefaultPolicy buildDefaultPolicy(JsonNode body) {
    var model = new DefaultPolicy();
    set(body, "scopes", model::setScopes, values -> items(values, JsonNode::textValue));
    set(body, "networks", model::setNetworks, values -> items(values, JsonNode::textValue));
    set(body, "rate_limit", model::setRateLimit, Calls::buildRateLimit);
    return model;
  }

  static ProjectSettingsUpdate buildProjectSettingsUpdate(JsonNode body) {
    var model = new ProjectSettingsUpdate();
    set(body, "key_prefix", model::setKeyPrefix, JsonNode::textValue);
    set(body, "default_policy", model::setDefaultPolicy, Calls::buildDefaultPolicy);
    set(body, "default_lifetime_seconds", model::setDefaultLifetimeSeconds, JsonNode::longValue);
    set(body, "max_lifetime_seconds", model::setMaxLifetimeSeconds, JsonNode::longValue);
    set(body, "allowed_origins", model::setAllowedOrigins, values -> items(values, JsonNode::textValue));
    return model;
  }

  static ProjectCreate buildProjectCreate(JsonNode body) {
    var model = new ProjectCreate();
    set(body, "slug", model::setSlug, JsonNode::textValue);
    set(body, "settings", model::setSettings, Calls::buildProjectSettingsUpdate);
    return model;
  }

  static ProjectUpdate buildProjectUpdate(JsonNode body) {
    var model = new ProjectUpdate();
    set(body, "settings", model::setSettings, Calls::buildProjectSettingsUpdate);
    set(body, "disabled", model::setDisabled, JsonNode::booleanValue);
    return model;
  }

  static OwnerUpsert buildOwnerUpsert(JsonNode body) {
    var model = new OwnerUpsert();
    set(body, "external_id", model::setExternalId, JsonNode::textValue);
    set(body, "display_name", model::setDisplayName, JsonNode::textValue);
    set(body, "metadata", model::setMetadata, Calls::texts);
    set(body, "disabled", model::setDisabled, JsonNode::booleanValue);
    return model;
  }

  static APIKeyIssue buildAPIKeyIssue(JsonNode body) {
    var model = new APIKeyIssue();
    set(body, "external_id", model::setExternalId, JsonNode::textValue);
    set(body, "service_account", model::setServiceAccount, JsonNode::textValue);
    set(body, "expires_at", model::setExpiresAt, Calls::time);
    set(body, "description", model::setDescription, JsonNode::textValue);
    set(body, "policy", model::setPolicy, Calls::buildAPIKeyPolicy);
    set(body, "metadata", model::setMetadata, Calls::texts);
    return model;
  }

  static APIKeyFilter buildAPIKeyFilter(JsonNode body) {
    var model = new APIKeyFilter();
    set(body, "key", model::setKey, JsonNode::textValue);
    set(body, "owner", model::setOwner, JsonNode::textValue);
    set(body, "status", model::setStatus, node -> APIKeyStatus.fromValue(node.textValue()));
    set(body, "description", model::setDescription, JsonNode::textValue);
    set(body, "metadata", model::setMetadata, Calls::texts);
    set(body, "expires_after", model::setExpiresAfter, Calls::time);
    set(body, "expires_before", model::setExpiresBefore, Calls::time);
    set(body, "created_before", model::setCreatedBefore, Calls::time);
    set(body, "unused_since", model::setUnusedSince, Calls::time);
    return model;
  }

  static APIKeyRevocation buildAPIKeyRevocation(JsonNode body) {
    var model = new APIKeyRevocation();
    set(body, "filter", model::setFilter, Calls::buildAPIKeyFilter);
    set(body, "dry_run", model::setDryRun, JsonNode::booleanValue);
    set(body, "limit", model::setLimit, JsonNode::longValue);
    set(body, "reason", model::setReason, JsonNode::textValue);
    set(body, "cursor", model::setCursor, JsonNode::textValue);
    return model;
  }

  static MemberSet buildMemberSet(JsonNode body) {
    var model = new MemberSet();
    set(body, "role", model::setRole, node -> MemberRole.fromValue(node.textValue()));
    return model;
  }

  static ServiceAccountCreate buildServiceAccountCreate(JsonNode body) {
    var model = new ServiceAccountCreate();
    set(body, "name", model::setName, JsonNode::textValue);
    set(body, "role", model::setRole, node -> MemberRole.fromValue(node.textValue()));
    return model;
  }

  static OwnerTokenCreate buildOwnerTokenCreate(JsonNode body) {
    var model = new OwnerTokenCreate();
    set(body, "external_id", model::setExternalId, JsonNode::textValue);
    set(body, "scopes", model::setScopes, values -> items(values, JsonNode::textValue));
    set(body, "key_scopes", model::setKeyScopes, values -> items(values, JsonNode::textValue));
    set(body, "expires_in", model::setExpiresIn, JsonNode::longValue);
    return model;
  }

  static APIKeyMetadata buildAPIKeyMetadata(JsonNode body) {
    var model = new APIKeyMetadata();
    set(body, "metadata", model::setMetadata, Calls::texts);
    return model;
  }

  static APIKeyRotate buildAPIKeyRotate(JsonNode body) {
    var model = new APIKeyRotate();
    set(body, "grace_period_seconds", model::setGracePeriodSeconds, JsonNode::longValue);
    return model;
  }

  static APIKeyRevoke buildAPIKeyRevoke(JsonNode body) {
    var model = new APIKeyRevoke();
    set(body, "reason", model::setReason, JsonNode::textValue);
    return model;
  }

  static APIKeyRecordCreate buildAPIKeyRecordCreate(JsonNode body) {
    var model = new APIKeyRecordCreate();
    set(body, "expires_at", model::setExpiresAt, Calls::time);
    set(body, "description", model::setDescription, JsonNode::textValue);
    return model;
  }

  static UserCreate buildUserCreate(JsonNode body) {
    var model = new UserCreate();
    set(body, "username", model::setUsername, JsonNode::textValue);
    set(body, "password", model::setPassword, JsonNode::textValue);
    set(body, "administrator", model::setAdministrator, JsonNode::booleanValue);
    return model;
  }

  static UserUpdate buildUserUpdate(JsonNode body) {
    var model = new UserUpdate();
    set(body, "password", model::setPassword, JsonNode::textValue);
    set(body, "administrator", model::setAdministrator, JsonNode::booleanValue);
    set(body, "disabled", model::setDisabled, JsonNode::booleanValue);
    set(body, "revoke_keys", model::setRevokeKeys, JsonNode::booleanValue);
    return model;
  }

  static PasswordChange buildPasswordChange(JsonNode body) {
    var model = new PasswordChange();
    set(body, "current", model::setCurrent, JsonNode::textValue);
    set(body, "new", model::setNew, JsonNode::textValue);
    return model;
  }

  static ObjectNode readTokenResponse(TokenResponse model) {
    var members = JSON.createObjectNode();
    members.set("access_token", plain(model.getAccessToken()));
    members.set("token_type", plain(model.getTokenType()));
    members.set("expires_in", plain(model.getExpiresIn()));
    members.set("scope", plain(model.getScope()));
    return members;
  }

  static ObjectNode readProjectRole(ProjectRole model) {
    var members = JSON.createObjectNode();
    members.set("project", plain(model.getProject()));
    members.set("role", plain(model.getRole()));
    return members;
  }

  static ObjectNode readUserRead(UserRead model) {
    var members = JSON.createObjectNode();
    members.set("id", plain(model.getId()));
    members.set("username", plain(model.getUsername()));
    members.set("role", plain(model.getRole()));
    members.set("kind", plain(model.getKind()));
    members.set("project", plain(model.getProject()));
    members.set("roles", each(model.getRoles(), Calls::readProjectRole));
    members.set("created_at", text(model.getCreatedAt()));
    return members;
  }

  static ObjectNode readAPIKeyRecordRead(APIKeyRecordRead model) {
    var members = JSON.createObjectNode();
    members.set("id", plain(model.getId()));
    members.set("key_prefix", plain(model.getKeyPrefix()));
    members.set("user_id", plain(model.getUserId()));
    members.set("status", plain(model.getStatus()));
    members.set("created_at", text(model.getCreatedAt()));
    members.set("expires_at", text(model.getExpiresAt()));
    members.set("description", plain(model.getDescription()));
    if (model.getFullKey_JsonNullable().isPresent()) {
      members.set("full_key", plain(model.getFullKey()));
    }
    return members;
  }

  static ObjectNode readAPIKeyVerification(APIKeyVerification model) {
    var members = JSON.createObjectNode();
    members.set("valid", plain(model.getValid()));
    members.set("code", plain(model.getCode()));
    members.set("stale", plain(model.getStale()));
    members.set("unrestricted", plain(model.getUnrestricted()));
    if (model.getKeyId() != null) {
      members.set("key_id", plain(model.getKeyId()));
    }
    if (model.getUserId() != null) {
      members.set("user_id", plain(model.getUserId()));
    }
    if (model.getUsername() != null) {
      members.set("username", plain(model.getUsername()));
    }
    if (model.getProject() != null) {
      members.set("project", plain(model.getProject()));
    }
    if (model.getOwnerExternalId() != null) {
      members.set("owner_external_id", plain(model.getOwnerExternalId()));
    }
    if (model.getScopes() != null) {
      members.set("scopes", plain(model.getScopes()));
    }
    if (model.getExpiresAt() != null) {
      members.set("expires_at", text(model.getExpiresAt()));
    }
    if (model.getMetadata() != null) {
      members.set("metadata", plain(model.getMetadata()));
    }
    if (model.getOwnerMetadata() != null) {
      members.set("owner_metadata", plain(model.getOwnerMetadata()));
    }
    if (model.getRetryAfterSeconds() != null) {
      members.set("retry_after_seconds", plain(model.getRetryAfterSeconds()));
    }
    return members;
  }

  static ObjectNode readTokenIntrospection(TokenIntrospection model) {
    var members = JSON.createObjectNode();
    members.set("active", plain(model.getActive()));
    if (model.getScope() != null) {
      members.set("scope", plain(model.getScope()));
    }
    if (model.getUsername() != null) {
      members.set("username", plain(model.getUsername()));
    }
    if (model.getClientId() != null) {
      members.set("client_id", plain(model.getClientId()));
    }
    if (model.getProject() != null) {
      members.set("project", plain(model.getProject()));
    }
    if (model.getTokenType() != null) {
      members.set("token_type", plain(model.getTokenType()));
    }
    if (model.getExp() != null) {
      members.set("exp", plain(model.getExp()));
    }
    if (model.getIat() != null) {
      members.set("iat", plain(model.getIat()));
    }
    if (model.getNbf() != null) {
      members.set("nbf", plain(model.getNbf()));
    }
    if (model.getSub() != null) {
      members.set("sub", plain(model.getSub()));
    }
    if (model.getJti() != null) {
      members.set("jti", plain(model.getJti()));
    }
    if (model.getStale() != null) {
      members.set("stale", plain(model.getStale()));
    }
    return members;
  }

  static ObjectNode readRateLimitRead(RateLimitRead model) {
    var members = JSON.createObjectNode();
    members.set("requests", plain(model.getRequests()));
    members.set("seconds", plain(model.getSeconds()));
    return members;
  }

  static ObjectNode readDefaultPolicyRead(DefaultPolicyRead model) {
    var members = JSON.createObjectNode();
    members.set("scopes", plain(model.getScopes()));
    members.set("networks", plain(model.getNetworks()));
    members.set("rate_limit", one(model.getRateLimit(), Calls::readRateLimitRead));
    return members;
  }

  static ObjectNode readProjectSettings(ProjectSettings model) {
    var members = JSON.createObjectNode();
    members.set("key_prefix", plain(model.getKeyPrefix()));
    members.set("default_policy", one(model.getDefaultPolicy(), Calls::readDefaultPolicyRead));
    members.set("default_lifetime_seconds", plain(model.getDefaultLifetimeSeconds()));
    members.set("max_lifetime_seconds", plain(model.getMaxLifetimeSeconds()));
    members.set("allowed_origins", plain(model.getAllowedOrigins()));
    return members;
  }

  static ObjectNode readProject(Project model) {
    var members = JSON.createObjectNode();
    members.set("slug", plain(model.getSlug()));
    members.set("settings", one(model.getSettings(), Calls::readProjectSettings));
    members.set("disabled", plain(model.getDisabled()));
    members.set("created_at", text(model.getCreatedAt()));
    return members;
  }

  static ObjectNode readProjectPage(ProjectPage model) {
    var members = JSON.createObjectNode();
    members.set("items", each(model.getItems(), Calls::readProject));
    members.set("next_cursor", plain(model.getNextCursor()));
    return members;
  }

  static ObjectNode readOwner(Owner model) {
    var members = JSON.createObjectNode();
    members.set("id", plain(model.getId()));
    members.set("external_id", plain(model.getExternalId()));
    members.set("display_name", plain(model.getDisplayName()));
    members.set("metadata", plain(model.getMetadata()));
    members.set("disabled", plain(model.getDisabled()));
    members.set("created_at", text(model.getCreatedAt()));
    return members;
  }

  static ObjectNode readOwnerPage(OwnerPage model) {
    var members = JSON.createObjectNode();
    members.set("items", each(model.getItems(), Calls::readOwner));
    members.set("next_cursor", plain(model.getNextCursor()));
    return members;
  }

  static ObjectNode readFoundAPIKey(FoundAPIKey model) {
    var members = JSON.createObjectNode();
    members.set("key", one(model.getKey(), Calls::readAPIKeyRecordRead));
    members.set("owner_external_id", plain(model.getOwnerExternalId()));
    members.set("metadata", plain(model.getMetadata()));
    members.set("last_used_at", text(model.getLastUsedAt()));
    return members;
  }

  static ObjectNode readFoundAPIKeyPage(FoundAPIKeyPage model) {
    var members = JSON.createObjectNode();
    members.set("items", each(model.getItems(), Calls::readFoundAPIKey));
    members.set("next_cursor", plain(model.getNextCursor()));
    return members;
  }

  static ObjectNode readAPIKeyRevocationResult(APIKeyRevocationResult model) {
    var members = JSON.createObjectNode();
    members.set("matched", plain(model.getMatched()));
    members.set("revoked", plain(model.getRevoked()));
    members.set("next_cursor", plain(model.getNextCursor()));
    return members;
  }

  static ObjectNode readMember(Member model) {
    var members = JSON.createObjectNode();
    members.set("user_id", plain(model.getUserId()));
    members.set("kind", plain(model.getKind()));
    members.set("name", plain(model.getName()));
    members.set("role", plain(model.getRole()));
    return members;
  }

  static ObjectNode readMemberPage(MemberPage model) {
    var members = JSON.createObjectNode();
    members.set("items", each(model.getItems(), Calls::readMember));
    members.set("next_cursor", plain(model.getNextCursor()));
    return members;
  }

  static ObjectNode readAPIKeyPolicyRead(APIKeyPolicyRead model) {
    var members = JSON.createObjectNode();
    members.set("scopes", plain(model.getScopes()));
    members.set("networks", plain(model.getNetworks()));
    members.set("not_before", text(model.getNotBefore()));
    members.set("rate_limit", one(model.getRateLimit(), Calls::readRateLimitRead));
    return members;
  }

  static ObjectNode readAPIKeyMetadataRead(APIKeyMetadataRead model) {
    var members = JSON.createObjectNode();
    members.set("metadata", plain(model.getMetadata()));
    return members;
  }

  static ObjectNode readAPIKeyUsage(APIKeyUsage model) {
    var members = JSON.createObjectNode();
    members.set("key_id", plain(model.getKeyId()));
    members.set("valid_count", plain(model.getValidCount()));
    members.set("invalid_count", plain(model.getInvalidCount()));
    members.set("last_used_at", text(model.getLastUsedAt()));
    return members;
  }

  static ObjectNode readTextChange(TextChange model) {
    var members = JSON.createObjectNode();
    members.set("before", plain(model.getBefore()));
    members.set("after", plain(model.getAfter()));
    return members;
  }

  static ObjectNode readTimeChange(TimeChange model) {
    var members = JSON.createObjectNode();
    members.set("before", text(model.getBefore()));
    members.set("after", text(model.getAfter()));
    return members;
  }

  static ObjectNode readFlagChange(FlagChange model) {
    var members = JSON.createObjectNode();
    members.set("before", plain(model.getBefore()));
    members.set("after", plain(model.getAfter()));
    return members;
  }

  static ObjectNode readListChange(ListChange model) {
    var members = JSON.createObjectNode();
    members.set("before", plain(model.getBefore()));
    members.set("after", plain(model.getAfter()));
    return members;
  }

  static ObjectNode readRateLimitChange(RateLimitChange model) {
    var members = JSON.createObjectNode();
    members.set("before", one(model.getBefore(), Calls::readRateLimitRead));
    members.set("after", one(model.getAfter(), Calls::readRateLimitRead));
    return members;
  }

  static ObjectNode readIdChange(IdChange model) {
    var members = JSON.createObjectNode();
    members.set("before", plain(model.getBefore()));
    members.set("after", plain(model.getAfter()));
    return members;
  }

  static ObjectNode readDurationChange(DurationChange model) {
    var members = JSON.createObjectNode();
    members.set("before", plain(model.getBefore()));
    members.set("after", plain(model.getAfter()));
    return members;
  }

  static ObjectNode readAuditChanges(AuditChanges model) {
    var members = JSON.createObjectNode();
    if (model.getDescription() != null) {
      members.set("description", one(model.getDescription(), Calls::readTextChange));
    }
    if (model.getExpiresAt() != null) {
      members.set("expires_at", one(model.getExpiresAt(), Calls::readTimeChange));
    }
    if (model.getNotBefore() != null) {
      members.set("not_before", one(model.getNotBefore(), Calls::readTimeChange));
    }
    if (model.getDisabled() != null) {
      members.set("disabled", one(model.getDisabled(), Calls::readFlagChange));
    }
    if (model.getRevoked() != null) {
      members.set("revoked", one(model.getRevoked(), Calls::readFlagChange));
    }
    if (model.getRevocationReason() != null) {
      members.set("revocation_reason", one(model.getRevocationReason(), Calls::readTextChange));
    }
    if (model.getDeleted() != null) {
      members.set("deleted", one(model.getDeleted(), Calls::readFlagChange));
    }
    if (model.getScopes() != null) {
      members.set("scopes", one(model.getScopes(), Calls::readListChange));
    }
    if (model.getNetworks() != null) {
      members.set("networks", one(model.getNetworks(), Calls::readListChange));
    }
    if (model.getRateLimit() != null) {
      members.set("rate_limit", one(model.getRateLimit(), Calls::readRateLimitChange));
    }
    if (model.getSuccessorId() != null) {
      members.set("successor_id", one(model.getSuccessorId(), Calls::readIdChange));
    }
    if (model.getManaged() != null) {
      members.set("managed", one(model.getManaged(), Calls::readFlagChange));
    }
    if (model.getUsername() != null) {
      members.set("username", one(model.getUsername(), Calls::readTextChange));
    }
    if (model.getRole() != null) {
      members.set("role", one(model.getRole(), Calls::readTextChange));
    }
    if (model.getKeyPrefix() != null) {
      members.set("key_prefix", one(model.getKeyPrefix(), Calls::readTextChange));
    }
    if (model.getDefaultLifetimeSeconds() != null) {
      members.set("default_lifetime_seconds", one(model.getDefaultLifetimeSeconds(), Calls::readDurationChange));
    }
    if (model.getMaxLifetimeSeconds() != null) {
      members.set("max_lifetime_seconds", one(model.getMaxLifetimeSeconds(), Calls::readDurationChange));
    }
    if (model.getAllowedOrigins() != null) {
      members.set("allowed_origins", one(model.getAllowedOrigins(), Calls::readListChange));
    }
    return members;
  }

  static ObjectNode readAuditEvent(AuditEvent model) {
    var members = JSON.createObjectNode();
    members.set("id", plain(model.getId()));
    members.set("occurred_at", text(model.getOccurredAt()));
    members.set("action", plain(model.getAction()));
    members.set("subject_type", plain(model.getSubjectType()));
    members.set("subject_id", plain(model.getSubjectId()));
    members.set("key_id", plain(model.getKeyId()));
    members.set("actor_user_id", plain(model.getActorUserId()));
    members.set("actor_key_id", plain(model.getActorKeyId()));
    members.set("credential_type", plain(model.getCredentialType()));
    members.set("client_ip", plain(model.getClientIp()));
    if (model.getOperation() != null) {
      members.set("operation", plain(model.getOperation()));
    }
    if (model.getProject() != null) {
      members.set("project", plain(model.getProject()));
    }
    if (model.getPrincipalId() != null) {
      members.set("principal_id", plain(model.getPrincipalId()));
    }
    if (model.getMintedBy() != null) {
      members.set("minted_by", plain(model.getMintedBy()));
    }
    members.set("changes", one(model.getChanges(), Calls::readAuditChanges));
    return members;
  }

  static ObjectNode readAuditEventPage(AuditEventPage model) {
    var members = JSON.createObjectNode();
    members.set("items", each(model.getItems(), Calls::readAuditEvent));
    members.set("next_cursor", plain(model.getNextCursor()));
    return members;
  }

  static ObjectNode readUser(User model) {
    var members = JSON.createObjectNode();
    members.set("id", plain(model.getId()));
    members.set("username", plain(model.getUsername()));
    members.set("administrator", plain(model.getAdministrator()));
    members.set("disabled", plain(model.getDisabled()));
    members.set("has_password", plain(model.getHasPassword()));
    members.set("roles", each(model.getRoles(), Calls::readProjectRole));
    members.set("created_at", text(model.getCreatedAt()));
    return members;
  }

  static ObjectNode readUserPage(UserPage model) {
    var members = JSON.createObjectNode();
    members.set("items", each(model.getItems(), Calls::readUser));
    members.set("next_cursor", plain(model.getNextCursor()));
    return members;
  }

  static ObjectNode readValidationError(ValidationError model) {
    var members = JSON.createObjectNode();
    members.set("loc", plain(model.getLoc()));
    members.set("msg", plain(model.getMsg()));
    members.set("type", plain(model.getType()));
    return members;
  }

  static ObjectNode readHTTPValidationError(HTTPValidationError model) {
    var members = JSON.createObjectNode();
    if (model.getDetail() != null) {
      members.set("detail", each(model.getDetail(), Calls::readValidationError));
    }
    return members;
  }

  static ObjectNode readProblem(Problem model) {
    var members = JSON.createObjectNode();
    members.set("type", plain(model.getType()));
    members.set("title", plain(model.getTitle()));
    members.set("status", plain(model.getStatus()));
    members.set("detail", plain(model.getDetail()));
    members.set("code", plain(model.getCode()));
    return members;
  }

  static ObjectNode readTokenError(TokenError model) {
    var members = JSON.createObjectNode();
    members.set("error", plain(model.getError()));
    members.set("error_description", plain(model.getErrorDescription()));
    return members;
  }

  /** The content of an error response as its schema; null if the client decoded it as none. */
  static ObjectNode readError(Object error) {
    if (error instanceof HTTPValidationError) {
      return readHTTPValidationError((HTTPValidationError) error);
    }
    if (error instanceof Problem) {
      return readProblem((Problem) error);
    }
    if (error instanceof TokenError) {
      return readTokenError((TokenError) error);
    }
    return null;
  }

  /** The response with its content as JSON. */
  private static <T> ApiResponse<JsonNode> read(ApiResponse<T> response, Function<T, JsonNode> read) {
    return new ApiResponse<>(response.getStatusCode(), response.getHeaders(), read.apply(response.getData()));
  }

  /** Calls an operation; it throws a `DateTimeParseException` if a time has no offset. */
  static ApiResponse<JsonNode> call(ApiClient api, String operation, JsonNode a) throws ApiException {
    var body = a.path("body");
    switch (operation) {
      case "issueToken":
        return read(
            new TokensApi(api).issueTokenWithHttpInfo(
                TokensApi.APIIssueTokenRequest.newBuilder()
                    .grantType(given(body, "grant_type", node -> GrantType.fromValue(node.textValue())))
                    .username(given(body, "username", JsonNode::textValue))
                    .password(given(body, "password", JsonNode::textValue))
                    .scope(given(body, "scope", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readTokenResponse));
      case "getCurrentUser":
        return read(
            new UsersApi(api).getCurrentUserWithHttpInfo(),
            data -> one(data, Calls::readUserRead));
      case "createApiKey":
        return read(
            new ApiKeysApi(api).createApiKeyWithHttpInfo(
                ApiKeysApi.APICreateApiKeyRequest.newBuilder()
                    .idempotencyKey(given(a, "Idempotency-Key", JsonNode::textValue))
                    .body(buildAPIKeyCreate(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "listApiKeys":
        return read(
            new ApiKeysApi(api).listApiKeysWithHttpInfo(
                ApiKeysApi.APIListApiKeysRequest.newBuilder()
                    .limit(given(a, "limit", JsonNode::longValue))
                    .cursor(given(a, "cursor", JsonNode::textValue))
                    .status(given(a, "status", node -> APIKeyStatus.fromValue(node.textValue())))
                    .build()),
            data -> each(data, Calls::readAPIKeyRecordRead));
      case "verifyApiKey":
        return read(
            new VerificationApi(api).verifyApiKeyWithHttpInfo(
                VerificationApi.APIVerifyApiKeyRequest.newBuilder()
                    .body(buildAPIKeyVerify(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyVerification));
      case "introspectToken":
        return read(
            new VerificationApi(api).introspectTokenWithHttpInfo(
                VerificationApi.APIIntrospectTokenRequest.newBuilder()
                    .token(given(body, "token", JsonNode::textValue))
                    .tokenTypeHint(given(body, "token_type_hint", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readTokenIntrospection));
      case "forwardAuth":
        return read(
            new VerificationApi(api).forwardAuthWithHttpInfo(
                VerificationApi.APIForwardAuthRequest.newBuilder()
                    .scope(given(a, "scope", JsonNode::textValue))
                    .metadata(given(a, "metadata", JsonNode::textValue))
                    .build()),
            nothing -> null);
      case "projectForwardAuth":
        return read(
            new VerificationApi(api).projectForwardAuthWithHttpInfo(
                VerificationApi.APIProjectForwardAuthRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .scope(given(a, "scope", JsonNode::textValue))
                    .metadata(given(a, "metadata", JsonNode::textValue))
                    .build()),
            nothing -> null);
      case "createProject":
        return read(
            new ProjectsApi(api).createProjectWithHttpInfo(
                ProjectsApi.APICreateProjectRequest.newBuilder()
                    .body(buildProjectCreate(body))
                    .build()),
            data -> one(data, Calls::readProject));
      case "listProjects":
        return read(
            new ProjectsApi(api).listProjectsWithHttpInfo(
                ProjectsApi.APIListProjectsRequest.newBuilder()
                    .limit(given(a, "limit", JsonNode::longValue))
                    .cursor(given(a, "cursor", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readProjectPage));
      case "getProject":
        return read(
            new ProjectsApi(api).getProjectWithHttpInfo(
                ProjectsApi.APIGetProjectRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readProject));
      case "updateProject":
        return read(
            new ProjectsApi(api).updateProjectWithHttpInfo(
                ProjectsApi.APIUpdateProjectRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .body(buildProjectUpdate(body))
                    .build()),
            data -> one(data, Calls::readProject));
      case "upsertOwner":
        return read(
            new OwnersApi(api).upsertOwnerWithHttpInfo(
                OwnersApi.APIUpsertOwnerRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .body(buildOwnerUpsert(body))
                    .build()),
            data -> one(data, Calls::readOwner));
      case "listOwners":
        return read(
            new OwnersApi(api).listOwnersWithHttpInfo(
                OwnersApi.APIListOwnersRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .limit(given(a, "limit", JsonNode::longValue))
                    .cursor(given(a, "cursor", JsonNode::textValue))
                    .externalId(given(a, "external_id", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readOwnerPage));
      case "getOwner":
        return read(
            new OwnersApi(api).getOwnerWithHttpInfo(
                OwnersApi.APIGetOwnerRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .ownerId(given(a, "owner_id", JsonNode::longValue))
                    .build()),
            data -> one(data, Calls::readOwner));
      case "deleteOwner":
        return read(
            new OwnersApi(api).deleteOwnerWithHttpInfo(
                OwnersApi.APIDeleteOwnerRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .ownerId(given(a, "owner_id", JsonNode::longValue))
                    .build()),
            nothing -> null);
      case "issueApiKey":
        return read(
            new OwnersApi(api).issueApiKeyWithHttpInfo(
                OwnersApi.APIIssueApiKeyRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .idempotencyKey(given(a, "Idempotency-Key", JsonNode::textValue))
                    .body(buildAPIKeyIssue(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "searchApiKeys":
        return read(
            new ApiKeySearchApi(api).searchApiKeysWithHttpInfo(
                ApiKeySearchApi.APISearchApiKeysRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .limit(given(a, "limit", JsonNode::longValue))
                    .cursor(given(a, "cursor", JsonNode::textValue))
                    .body(buildAPIKeyFilter(body))
                    .build()),
            data -> one(data, Calls::readFoundAPIKeyPage));
      case "revokeApiKeys":
        return read(
            new ApiKeySearchApi(api).revokeApiKeysWithHttpInfo(
                ApiKeySearchApi.APIRevokeApiKeysRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .body(buildAPIKeyRevocation(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyRevocationResult));
      case "listMembers":
        return read(
            new MembersApi(api).listMembersWithHttpInfo(
                MembersApi.APIListMembersRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .limit(given(a, "limit", JsonNode::longValue))
                    .cursor(given(a, "cursor", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readMemberPage));
      case "setMember":
        return read(
            new MembersApi(api).setMemberWithHttpInfo(
                MembersApi.APISetMemberRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .userId(given(a, "user_id", JsonNode::longValue))
                    .body(buildMemberSet(body))
                    .build()),
            data -> one(data, Calls::readMember));
      case "removeMember":
        return read(
            new MembersApi(api).removeMemberWithHttpInfo(
                MembersApi.APIRemoveMemberRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .userId(given(a, "user_id", JsonNode::longValue))
                    .build()),
            nothing -> null);
      case "createServiceAccount":
        return read(
            new MembersApi(api).createServiceAccountWithHttpInfo(
                MembersApi.APICreateServiceAccountRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .body(buildServiceAccountCreate(body))
                    .build()),
            data -> one(data, Calls::readMember));
      case "createOwnerToken":
        return read(
            new OwnersApi(api).createOwnerTokenWithHttpInfo(
                OwnersApi.APICreateOwnerTokenRequest.newBuilder()
                    .project(given(a, "project", JsonNode::textValue))
                    .body(buildOwnerTokenCreate(body))
                    .build()),
            data -> one(data, Calls::readTokenResponse));
      case "revokeToken":
        return read(
            new TokensApi(api).revokeTokenWithHttpInfo(
                TokensApi.APIRevokeTokenRequest.newBuilder()
                    .token(given(body, "token", JsonNode::textValue))
                    .tokenTypeHint(given(body, "token_type_hint", JsonNode::textValue))
                    .build()),
            nothing -> null);
      case "getApiKeyPolicy":
        return read(
            new ApiKeyPoliciesApi(api).getApiKeyPolicyWithHttpInfo(
                ApiKeyPoliciesApi.APIGetApiKeyPolicyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .build()),
            data -> one(data, Calls::readAPIKeyPolicyRead));
      case "setApiKeyPolicy":
        return read(
            new ApiKeyPoliciesApi(api).setApiKeyPolicyWithHttpInfo(
                ApiKeyPoliciesApi.APISetApiKeyPolicyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .body(buildAPIKeyPolicy(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyPolicyRead));
      case "getApiKeyMetadata":
        return read(
            new ApiKeysApi(api).getApiKeyMetadataWithHttpInfo(
                ApiKeysApi.APIGetApiKeyMetadataRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .build()),
            data -> one(data, Calls::readAPIKeyMetadataRead));
      case "setApiKeyMetadata":
        return read(
            new ApiKeysApi(api).setApiKeyMetadataWithHttpInfo(
                ApiKeysApi.APISetApiKeyMetadataRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .body(buildAPIKeyMetadata(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyMetadataRead));
      case "getApiKeyUsage":
        return read(
            new ApiKeysApi(api).getApiKeyUsageWithHttpInfo(
                ApiKeysApi.APIGetApiKeyUsageRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .build()),
            data -> one(data, Calls::readAPIKeyUsage));
      case "disableApiKey":
        return read(
            new ApiKeyLifecycleApi(api).disableApiKeyWithHttpInfo(
                ApiKeyLifecycleApi.APIDisableApiKeyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .waitUntilEffective(given(a, "wait_until_effective", JsonNode::booleanValue))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "enableApiKey":
        return read(
            new ApiKeyLifecycleApi(api).enableApiKeyWithHttpInfo(
                ApiKeyLifecycleApi.APIEnableApiKeyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "rotateApiKey":
        return read(
            new ApiKeyLifecycleApi(api).rotateApiKeyWithHttpInfo(
                ApiKeyLifecycleApi.APIRotateApiKeyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .idempotencyKey(given(a, "Idempotency-Key", JsonNode::textValue))
                    .body(buildAPIKeyRotate(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "revokeApiKey":
        return read(
            new ApiKeyLifecycleApi(api).revokeApiKeyWithHttpInfo(
                ApiKeyLifecycleApi.APIRevokeApiKeyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .waitUntilEffective(given(a, "wait_until_effective", JsonNode::booleanValue))
                    .body(buildAPIKeyRevoke(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "getApiKey":
        return read(
            new ApiKeysApi(api).getApiKeyWithHttpInfo(
                ApiKeysApi.APIGetApiKeyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "updateApiKey":
        return read(
            new ApiKeysApi(api).updateApiKeyWithHttpInfo(
                ApiKeysApi.APIUpdateApiKeyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .body(buildAPIKeyRecordCreate(body))
                    .build()),
            data -> one(data, Calls::readAPIKeyRecordRead));
      case "deleteApiKey":
        return read(
            new ApiKeysApi(api).deleteApiKeyWithHttpInfo(
                ApiKeysApi.APIDeleteApiKeyRequest.newBuilder()
                    .itemId(given(a, "item_id", JsonNode::longValue))
                    .ifMatch(given(a, "If-Match", JsonNode::textValue))
                    .waitUntilEffective(given(a, "wait_until_effective", JsonNode::booleanValue))
                    .build()),
            nothing -> null);
      case "listAuditEvents":
        return read(
            new AuditApi(api).listAuditEventsWithHttpInfo(
                AuditApi.APIListAuditEventsRequest.newBuilder()
                    .limit(given(a, "limit", JsonNode::longValue))
                    .cursor(given(a, "cursor", JsonNode::textValue))
                    .keyId(given(a, "key_id", JsonNode::longValue))
                    .actorUserId(given(a, "actor_user_id", JsonNode::longValue))
                    .action(given(a, "action", JsonNode::textValue))
                    .since(given(a, "since", Calls::time))
                    .until(given(a, "until", Calls::time))
                    .build()),
            data -> one(data, Calls::readAuditEventPage));
      case "listUsers":
        return read(
            new UsersApi(api).listUsersWithHttpInfo(
                UsersApi.APIListUsersRequest.newBuilder()
                    .username(given(a, "username", JsonNode::textValue))
                    .limit(given(a, "limit", JsonNode::longValue))
                    .cursor(given(a, "cursor", JsonNode::textValue))
                    .build()),
            data -> one(data, Calls::readUserPage));
      case "createUser":
        return read(
            new UsersApi(api).createUserWithHttpInfo(
                UsersApi.APICreateUserRequest.newBuilder()
                    .body(buildUserCreate(body))
                    .build()),
            data -> one(data, Calls::readUser));
      case "getUser":
        return read(
            new UsersApi(api).getUserWithHttpInfo(
                UsersApi.APIGetUserRequest.newBuilder()
                    .userId(given(a, "user_id", JsonNode::longValue))
                    .build()),
            data -> one(data, Calls::readUser));
      case "updateUser":
        return read(
            new UsersApi(api).updateUserWithHttpInfo(
                UsersApi.APIUpdateUserRequest.newBuilder()
                    .userId(given(a, "user_id", JsonNode::longValue))
                    .body(buildUserUpdate(body))
                    .build()),
            data -> one(data, Calls::readUser));
      case "changePassword":
        return read(
            new UsersApi(api).changePasswordWithHttpInfo(
                UsersApi.APIChangePasswordRequest.newBuilder()
                    .body(buildPasswordChange(body))
                    .build()),
            nothing -> null);
      default:
        throw new IllegalArgumentException("no such operation: " + operation);
    }
  }
}
