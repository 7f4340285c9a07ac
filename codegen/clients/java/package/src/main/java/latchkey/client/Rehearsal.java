package latchkey.client;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import latchkey.client.model.APIKeyVerification;

/**
 * Verifies a key without a server, once for all clients. This loads and links the classes of a verification in one
 * thread, when a client is made. Otherwise the first calls would do so, all at once and within their time limit.
 */
final class Rehearsal {
  private static final HttpHeaders NO_HEADERS = HttpHeaders.of(Map.of(), (name, value) -> true);
  private static final Reply REPLY = new Reply(200, NO_HEADERS, new byte[] {'{', '}'});

  static {
    var credential = Credential.fixed("API key", "X-API-Key", "none");
    Sender sender = request -> CompletableFuture.supplyAsync(() -> REPLY);
    try (var latchkey = new Latchkey(new Transport("http://localhost", credential, Duration.ofSeconds(5), 0, sender))) {
      latchkey.verify("none");
    } catch (LatchkeyException expected) {
      // The reply is no verification, so this has read none yet.
      new Shape<>(APIKeyVerification.class).read(REPLY);
    }
  }

  private Rehearsal() {}

  /** Rehearses, if that was not done yet. */
  static void once() {}
}
