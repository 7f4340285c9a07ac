package latchkey.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What a client authenticates with. Its text has no secrets. */
interface Credential {
  /** The header of a request; {@code send} sends another one, if a token must be issued first. */
  CompletableFuture<Map.Entry<String, String>> header(Function<Request, CompletableFuture<Reply>> send);

  /** Whether another header may help after this one was rejected. */
  boolean renew(Map.Entry<String, String> header);

  /** Whether a header can have the value; if not, {@code java.net.http} throws an exception that prints it. */
  static boolean isSendable(String value) {
    return value.chars().allMatch(character -> character >= ' ' && character <= '~');
  }

  /** An API key or a token. */
  static Credential fixed(String kind, String name, String value) {
    if (!isSendable(value)) {
      throw new IllegalArgumentException("The " + kind + " has characters that cannot be sent.");
    }
    var header = CompletableFuture.completedFuture(Map.entry(name, value));
    return new Credential() {
      @Override
      public CompletableFuture<Map.Entry<String, String>> header(Function<Request, CompletableFuture<Reply>> send) {
        return header;
      }

      @Override
      public boolean renew(Map.Entry<String, String> rejected) {
        return false;
      }

      @Override
      public String toString() {
        return kind;
      }
    };
  }
}
