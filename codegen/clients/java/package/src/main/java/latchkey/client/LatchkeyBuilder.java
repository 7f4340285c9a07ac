package latchkey.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

/** The settings of a {@link Latchkey}. Its text has no secrets. */
public final class LatchkeyBuilder {
  private String url = System.getenv("LATCHKEY_URL");
  private String apiKey;
  private String token;
  private Login login;
  private Duration timeout = Duration.ofSeconds(5);
  private int retries = 2;
  private HttpClient httpClient;

  LatchkeyBuilder() {}

  /** The address, such as {@code https://keys.example.com}; {@code LATCHKEY_URL} of the environment by default. */
  public LatchkeyBuilder url(String url) {
    this.url = url;
    return this;
  }

  /** The API key that the client authenticates with; {@code LATCHKEY_API_KEY} if there is no credential at all. */
  public LatchkeyBuilder apiKey(String apiKey) {
    this.apiKey = Objects.requireNonNull(apiKey, "apiKey");
    return this;
  }

  /** A bearer token, in place of an API key. */
  public LatchkeyBuilder token(String token) {
    this.token = Objects.requireNonNull(token, "token");
    return this;
  }

  /** A user, in place of both: the client logs in, and renews the token in time. */
  public LatchkeyBuilder login(String username, String password) {
    this.login = new Login(Objects.requireNonNull(username, "username"), Objects.requireNonNull(password, "password"));
    return this;
  }

  /** The time that a call may take, with all that is repeated; 5 s by default. */
  public LatchkeyBuilder timeout(Duration timeout) {
    this.timeout = positive(timeout);
    return this;
  }

  /** How often a request is repeated at most; twice by default. */
  public LatchkeyBuilder retries(int retries) {
    this.retries = retries;
    return this;
  }

  /** An HTTP client of your own, with its own connect timeout, proxy and TLS. Closing the Latchkey leaves it open. */
  public LatchkeyBuilder httpClient(HttpClient httpClient) {
    this.httpClient = httpClient;
    return this;
  }

  public Latchkey build() {
    var baseUrl = baseUrl();
    var sender = httpClient == null ? Connections.to(URI.create(baseUrl)) : Connections.of(httpClient);
    var transport = new Transport(baseUrl, credential(), timeout, retries, sender);
    Rehearsal.once();
    return new Latchkey(transport);
  }

  private String baseUrl() {
    if (url == null || url.isEmpty()) {
      throw new IllegalStateException("There is no URL of a Latchkey: give one, or set LATCHKEY_URL.");
    }
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException noUri) {
      // Its text has the URL, which may have a password.
      throw wrongUrl();
    }
    var isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!isHttp || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
      throw wrongUrl();
    }
    return url.replaceAll("/+$", "");
  }

  private static IllegalArgumentException wrongUrl() {
    return new IllegalArgumentException(
        "The URL of a Latchkey is like https://keys.example.com, without a user, a password and a query.");
  }

  private Credential credential() {
    if (Stream.of(apiKey, token, login).filter(Objects::nonNull).count() > 1) {
      throw new IllegalStateException("Give one of an API key, a token, or a login.");
    }
    if (login != null) {
      return login;
    }
    if (token != null) {
      return Credential.fixed("token", "Authorization", "Bearer " + token);
    }
    var key = apiKey == null ? System.getenv("LATCHKEY_API_KEY") : apiKey;
    if (key == null || key.isEmpty()) {
      throw new IllegalStateException("There is no credential: give one, or set LATCHKEY_API_KEY.");
    }
    return Credential.fixed("API key", "X-API-Key", key);
  }

  static Duration positive(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("A timeout is longer than nothing.");
    }
    return timeout;
  }
}
