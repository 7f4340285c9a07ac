package latchkey.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Bounds how many requests are sent at once; the others wait in order.
 *
 * <p>{@code java.net.http} has no such bound. A thousand requests at once would open as many connections with HTTP/1.1,
 * and exceed the streams that a server permits with HTTP/2. There are few slots at first, and one more for each request
 * that ends: connections are made one after the other then, and most requests find one that is open.
 */
final class Slots {
  private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private final int most;
  private int count;
  private int free;

  Slots(int first, int most) {
    this.most = most;
    count = first;
    free = first;
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
    var next = new ArrayList<CompletableFuture<Void>>();
    synchronized (this) {
      var isMore = count < most;
      count += isMore ? 1 : 0;
      free += isMore ? 2 : 1;
      for (; free > 0 && !waiting.isEmpty(); free--) {
        next.add(waiting.remove());
      }
    }
    next.forEach(turn -> turn.completeAsync(() -> null));
  }

  private synchronized boolean isWaiting(CompletableFuture<Void> turn) {
    return waiting.remove(turn);
  }
}
