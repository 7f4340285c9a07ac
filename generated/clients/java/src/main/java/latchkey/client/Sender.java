package latchkey.client;

import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;

/** Sends a request, once. */
interface Sender {
  /** Cancelling the future closes the connection. */
  CompletableFuture<Reply> send(HttpRequest request);

  default void close() {}
}
