package latchkey.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A request of a method, without its credential. */
final class Request {
  static final String USER_AGENT = "latchkey-java/@VERSION@";

  // The call ends by itself in time; this ends its request, which cannot be cancelled before Java 16.
  private static final Duration GRACE = Duration.ofSeconds(1);

  final CallOptions options;
  final Retry retry;
  private final String method;
  private final Map<String, String> query = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String path;
  private byte[] body;

  Request(String method, String path, Retry retry, CallOptions options) {
    this.method = method;
    this.path = path;
    this.retry = options.retryOr(retry);
    this.options = options;
    headers.put("User-Agent", USER_AGENT);
    headers.put("Accept", "application/json, application/problem+json");
  }

  Request path(String name, Object value) {
    var text = String.valueOf(Objects.requireNonNull(value, name));
    if (text.isEmpty() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException(name + " is no segment of a path.");
    }
    path = path.replace("{" + name + "}", ApiClient.urlEncode(text));
    return this;
  }

  /** Sets a parameter of the query, if there is a value. */
  Request query(String name, Object value) {
    if (value != null) {
      query.put(name, ApiClient.urlEncode(name) + "=" + ApiClient.urlEncode(ApiClient.valueToString(value)));
    }
    return this;
  }

  /** The request of another page. */
  Request withCursor(String cursor) {
    var other = new Request(method, path, retry, options);
    other.query.putAll(query);
    other.headers.putAll(headers);
    other.body = body;
    return other.query("cursor", cursor);
  }

  /** Sets a header, if there is a value. */
  Request header(String name, Object value) {
    if (value != null) {
      headers.put(name, ApiClient.valueToString(value));
    }
    return this;
  }

  /** Sets the {@code Idempotency-Key}, which is the same for all attempts. */
  Request idempotencyKey(String key) {
    return header("Idempotency-Key", key == null ? UUID.randomUUID() : key);
  }

  Request json(Object model) {
    body = Json.write(model);
    return header("Content-Type", "application/json");
  }

  Request form(String form) {
    body = form.getBytes(UTF_8);
    return header("Content-Type", "application/x-www-form-urlencoded");
  }

  HttpRequest build(String baseUrl, Map.Entry<String, String> credential, Duration timeout) {
    var target = baseUrl + path + (query.isEmpty() ? "" : "?" + String.join("&", query.values()));
    var builder = HttpRequest.newBuilder(URI.create(target)).timeout(timeout.plus(GRACE));
    headers.forEach(builder::setHeader);
    if (credential != null) {
      builder.setHeader(credential.getKey(), credential.getValue());
    }
    var publisher =
        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
    return builder.method(method, publisher).build();
  }

  /** The method and the path, which have no secrets. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
