package latchkey.client;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import latchkey.client.model.TokenResponse;

/** A user's name and password, and the present token, which is renewed in time. A refused login is not repeated. */
final class Login implements Credential {
  private static final Duration LONGEST_MARGIN = Duration.ofSeconds(60);
  private static final Shape<TokenResponse> TOKEN = new Shape<>(TokenResponse.class, "access_token", "expires_in");
  private static final Set<Integer> REFUSED = Set.of(400, 401, 403);

  private final String username;
  private final String password;
  // The token, or that which is being issued, for all calls.
  private CompletableFuture<Token> token;
  private LatchkeyException refusal;

  Login(String username, String password) {
    this.username = username;
    this.password = password;
  }

  @Override
  public synchronized CompletableFuture<Map.Entry<String, String>> header(
      Function<Request, CompletableFuture<Reply>> send) {
    if (refusal != null) {
      return CompletableFuture.failedFuture(Failure.refused(refusal));
    }
    if (token == null || token.isCompletedExceptionally() || token.isDone() && token.join().isLate()) {
      var requestedAt = System.nanoTime();
      token = send.apply(request()).thenApply(reply -> accept(reply, requestedAt));
    }
    // A call that is cancelled does not cancel the login, which is for others as well.
    return token.thenApply(issued -> issued.header);
  }

  private Request request() {
    var user = "&username=" + ApiClient.urlEncode(username) + "&password=" + ApiClient.urlEncode(password);
    return new Request("POST", "/token", Retry.REJECTED, new CallOptions()).form("grant_type=password" + user);
  }

  private Token accept(Reply reply, long requestedAt) {
    try {
      var issued = TOKEN.read(reply);
      if (!Credential.isSendable(issued.getAccessToken())) {
        throw Shape.unreadable(reply);
      }
      return new Token(issued, requestedAt);
    } catch (LatchkeyException error) {
      if (REFUSED.contains(reply.status())) {
        synchronized (this) {
          refusal = error;
        }
        throw Failure.refused(error);
      }
      throw error;
    }
  }

  @Override
  public synchronized boolean renew(Map.Entry<String, String> rejected) {
    // Another call may have renewed it meanwhile.
    if (token != null && token.isDone() && !token.isCompletedExceptionally() && token.join().header.equals(rejected)) {
      token = null;
    }
    return true;
  }

  @Override
  public String toString() {
    return "user " + username;
  }

  private static final class Token {
    private final Map.Entry<String, String> header;
    private final long renewedAt;

    Token(TokenResponse response, long requestedAt) {
      var lifetime = Duration.ofSeconds(response.getExpiresIn());
      var tenth = lifetime.dividedBy(10);
      var margin = tenth.compareTo(LONGEST_MARGIN) < 0 ? tenth : LONGEST_MARGIN;
      header = Map.entry("Authorization", "Bearer " + response.getAccessToken());
      renewedAt = requestedAt + lifetime.minus(margin).toNanos();
    }

    boolean isLate() {
      return System.nanoTime() - renewedAt >= 0;
    }
  }
}
