package latchkey.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The connections of a client: an {@link HttpClient} of its own, or that of the user, which it does not close. */
final class Connections implements Sender {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  // The server closes idle connections after 30 s, unless it is configured otherwise. There is no other setting.
  private static final String IDLE_SECONDS = "jdk.httpclient.keepalive.timeout";

  private final boolean isOwn;
  private volatile HttpClient http;

  private Connections(HttpClient http, boolean isOwn) {
    this.http = http;
    this.isOwn = isOwn;
  }

  static Connections of(HttpClient injected) {
    return new Connections(injected, false);
  }

  static Connections to(URI url) {
    if (System.getProperty(IDLE_SECONDS) == null) {
      System.setProperty(IDLE_SECONDS, "15");
    }
    var builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
    if (url.getScheme().equals("http")) {
      // Without TLS, each connection would ask for an upgrade to HTTP/2 first.
      builder.version(HttpClient.Version.HTTP_1_1);
    }
    return new Connections(builder.build(), true);
  }

  @Override
  public CompletableFuture<Reply> send(HttpRequest request) {
    var open = http;
    if (open == null) {
      throw new IllegalStateException("This client is closed.");
    }
    // What is derived from a future of HttpClient cancels the request as well, since Java 16.
    return open.sendAsync(request, BodyHandlers.ofByteArray())
        .thenApply(response -> new Reply(response.statusCode(), response.headers(), response.body()));
  }

  @Override
  public void close() {
    var closed = http;
    http = null;
    // Before Java 21, a client is closed when nothing refers to it.
    if (isOwn && closed instanceof AutoCloseable) {
      try {
        ((AutoCloseable) closed).close();
      } catch (Exception exception) {
        throw new IllegalStateException(exception);
      }
    }
  }
}
