import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import latchkey.client.ApiClient;
import latchkey.client.ApiException;
import latchkey.client.ApiResponse;
import latchkey.client.api.ApiKeysApi;
import latchkey.client.api.AuditApi;
import latchkey.client.api.LifecycleApi;
import latchkey.client.api.TokensApi;
import latchkey.client.api.UsersApi;
import latchkey.client.api.VerificationApi;
import latchkey.client.model.APIKeyPolicy;
import latchkey.client.model.APIKeyRecordCreate;
import latchkey.client.model.APIKeyRevoke;
import latchkey.client.model.APIKeyRotate;
import latchkey.client.model.APIKeyStatus;
import latchkey.client.model.APIKeyVerify;
import latchkey.client.model.AuditAction;
import latchkey.client.model.GrantType;
import latchkey.client.model.HTTPValidationError;
import latchkey.client.model.Problem;
import latchkey.client.model.RateLimit;
import latchkey.client.model.TokenError;

/** Executes the steps of the scenario with the Java client; ../README.md describes the protocol. */
final class Runner {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A property as a Java value; null when it is absent or null. */
  private static <T> T value(JsonNode members, String name, Function<JsonNode, T> reader) {
    return members.hasNonNull(name) ? reader.apply(members.get(name)) : null;
  }

  private static String text(JsonNode members, String name) {
    return value(members, name, JsonNode::textValue);
  }

  private static Long number(JsonNode members, String name) {
    return value(members, name, JsonNode::longValue);
  }

  private static OffsetDateTime time(JsonNode members, String name) {
    return value(members, name, node -> OffsetDateTime.parse(node.textValue()));
  }

  private static List<String> texts(JsonNode members, String name) {
    return value(members, name, node ->
        StreamSupport.stream(node.spliterator(), false).map(JsonNode::textValue).collect(Collectors.toList()));
  }

  /** Sets a property that is present, also to null. */
  private static <T> void set(JsonNode members, String name, T value, Consumer<T> setter) {
    if (members.has(name)) {
      setter.accept(value);
    }
  }

  private static APIKeyRecordCreate record(JsonNode body) {
    var created = new APIKeyRecordCreate();
    set(body, "expires_at", time(body, "expires_at"), created::setExpiresAt);
    set(body, "description", text(body, "description"), created::setDescription);
    return created;
  }

  private static APIKeyPolicy policy(JsonNode body) {
    var created = new APIKeyPolicy();
    var limit = value(
        body, "rate_limit", node -> new RateLimit().requests(number(node, "requests")).seconds(number(node, "seconds")));
    set(body, "scopes", texts(body, "scopes"), created::setScopes);
    set(body, "networks", texts(body, "networks"), created::setNetworks);
    set(body, "not_before", time(body, "not_before"), created::setNotBefore);
    set(body, "rate_limit", limit, created::setRateLimit);
    return created;
  }

  private static APIKeyVerify verification(JsonNode body) {
    var created = new APIKeyVerify().key(text(body, "key"));
    set(body, "scopes", texts(body, "scopes"), created::setScopes);
    set(body, "ip", text(body, "ip"), created::setIp);
    return created;
  }

  private static APIKeyRotate rotation(JsonNode body) {
    return new APIKeyRotate().overlapSeconds(number(body, "overlap_seconds"));
  }

  private static APIKeyRevoke revocation(JsonNode body) {
    var created = new APIKeyRevoke();
    set(body, "reason", text(body, "reason"), created::setReason);
    return created;
  }

  private static ApiResponse<?> call(ApiClient api, String operation, JsonNode a) throws ApiException {
    var id = number(a, "item_id");
    var limit = number(a, "limit");
    var cursor = text(a, "cursor");
    var ifMatch = text(a, "If-Match");
    var idempotencyKey = text(a, "Idempotency-Key");
    var body = a.path("body");
    var keys = new ApiKeysApi(api);
    var life = new LifecycleApi(api);
    var verification = new VerificationApi(api);
    switch (operation) {
      case "issueToken":
        return new TokensApi(api).issueTokenWithHttpInfo(
            GrantType.fromValue(text(body, "grant_type")), text(body, "username"), text(body, "password"), text(body, "scope"));
      case "getCurrentUser":
        return new UsersApi(api).getCurrentUserWithHttpInfo(null);
      case "createApiKey":
        return keys.createApiKeyWithHttpInfo(record(body), null, idempotencyKey);
      case "listApiKeys":
        return keys.listApiKeysWithHttpInfo(
            limit, cursor, value(a, "status", node -> APIKeyStatus.fromValue(node.textValue())), null);
      case "getApiKey":
        return keys.getApiKeyWithHttpInfo(id, null);
      case "updateApiKey":
        return keys.updateApiKeyWithHttpInfo(id, record(body), null, ifMatch);
      case "deleteApiKey":
        return keys.deleteApiKeyWithHttpInfo(id, null);
      case "verifyApiKey":
        return verification.verifyApiKeyWithHttpInfo(verification(body), null);
      case "introspectToken":
        return verification.introspectTokenWithHttpInfo(
            text(body, "token"), null, text(body, "token_type_hint"));
      case "forwardAuth":
        return verification.forwardAuthWithHttpInfo(text(a, "scope"));
      case "revokeToken":
        return verification.revokeTokenWithHttpInfo(text(body, "token"), null);
      case "getApiKeyPolicy":
        return life.getApiKeyPolicyWithHttpInfo(id, null);
      case "setApiKeyPolicy":
        return life.setApiKeyPolicyWithHttpInfo(id, policy(body), null, ifMatch);
      case "getApiKeyUsage":
        return life.getApiKeyUsageWithHttpInfo(id, null);
      case "disableApiKey":
        return life.disableApiKeyWithHttpInfo(id, null);
      case "enableApiKey":
        return life.enableApiKeyWithHttpInfo(id, null);
      case "rotateApiKey":
        return life.rotateApiKeyWithHttpInfo(id, rotation(body), null, idempotencyKey);
      case "revokeApiKey":
        return life.revokeApiKeyWithHttpInfo(id, revocation(body), null);
      case "listAuditEvents":
        return new AuditApi(api).listAuditEventsWithHttpInfo(
            limit, cursor, number(a, "key_id"), number(a, "actor_user_id"),
            value(a, "action", node -> AuditAction.fromValue(node.textValue())), null);
      default:
        throw new IllegalArgumentException("no such operation: " + operation);
    }
  }

  /** The name of the schema that the client decoded an error as. */
  private static String schemaName(Object error) {
    if (error instanceof HTTPValidationError || error instanceof Problem || error instanceof TokenError) {
      return error.getClass().getSimpleName();
    }
    return "unknown";
  }

  private static ObjectNode encode(ApiClient api, int status, Map<String, List<String>> headers, Object body) {
    var result = JSON.createObjectNode().put("status", status);
    var named = result.putObject("headers");
    headers.forEach((name, values) -> named.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    if (body != null) {
      result.set("body", api.getObjectMapper().valueToTree(body));
    }
    return result;
  }

  private static ObjectNode execute(JsonNode request) {
    var api = new ApiClient();
    api.updateBaseUri(text(request, "base_url"));
    var bearer = text(request.get("credentials"), "bearer");
    var key = text(request.get("credentials"), "api_key");
    if (bearer != null) {
      api.setRequestInterceptor(http -> http.header("Authorization", "Bearer " + bearer));
    } else if (key != null) {
      api.setRequestInterceptor(http -> http.header("X-API-Key", key));
    }
    try {
      var response = call(api, text(request, "operation"), request.get("arguments"));
      return encode(api, response.getStatusCode(), response.getHeaders(), response.getData());
    } catch (DateTimeParseException naive) {
      return JSON.createObjectNode().put("rejected", "a time without an offset is no OffsetDateTime");
    } catch (ApiException error) {
      if (error.getResponseHeaders() == null) {
        return JSON.createObjectNode().put("failure", error.toString());
      }
      var result = encode(api, error.getCode(), error.getResponseHeaders().map(), error.getError());
      return result.put("error", schemaName(error.getError()));
    } catch (RuntimeException failure) {
      return JSON.createObjectNode().put("failure", failure.toString());
    }
  }

  public static void main(String[] arguments) throws IOException {
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var responses = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line; (line = requests.readLine()) != null; ) {
      responses.println(execute(JSON.readTree(line)));
    }
  }
}
