package latchkey.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Bounds how many requests are sent at once; the others wait in order.
 *
 * <p>{@code java.net.http} has no such bound. A thousand requests at once would open as many connections with HTTP/1.1, and
 * exceed the streams that a server permits with HTTP/2.
 */
final class Slots {
  private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private int free;

  Slots(int free) {
    this.free = free;
  }

  /** Completes when there is a slot, which must be released. One that is cancelled needs no release. */
  synchronized CompletableFuture<Void> take() {
    if (free > 0) {
      free--;
      return CompletableFuture.completedFuture(null);
    }
    var turn = new CompletableFuture<Void>();
    turn.whenComplete(
        (nothing, cancelled) -> {
          if (cancelled != null && !isWaiting(turn)) {
            release();
          }
        });
    waiting.add(turn);
    return turn;
  }

  void release() {
    CompletableFuture<Void> next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        free++;
      }
    }
    if (next != null) {
      next.completeAsync(() -> null);
    }
  }

  private synchronized boolean isWaiting(CompletableFuture<Void> turn) {
    return waiting.remove(turn);
  }
}
