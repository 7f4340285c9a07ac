package latchkey.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/** The attempts of a call, all within one time limit, and what is repeated when. */
final class Attempts {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  // The server did not act.
  private static final Set<Integer> REJECTED = Set.of(408, 429, 503);
  private static final Set<Integer> TRANSIENT = Set.of(408, 429, 502, 503, 504);

  private final Retry retry;
  private final int retries;
  private final Duration timeout;
  private final long end;
  private int waits;
  private Future<?> running;
  private boolean hasEnded;

  Attempts(Retry retry, int retries, Duration timeout) {
    this.retry = retry;
    this.retries = retry == Retry.NEVER ? 0 : retries;
    this.timeout = timeout;
    this.end = System.nanoTime() + timeout.toNanos();
  }

  /** The nanoseconds that are left. */
  long left() {
    return end - System.nanoTime();
  }

  /** The time that is left; it throws the exception if there is none, or if the call has ended. */
  synchronized Duration remaining() {
    if (hasEnded) {
      throw new CancellationException();
    }
    var left = left();
    if (left <= 0) {
      throw timedOut();
    }
    return Duration.ofNanos(left);
  }

  /** What to wait before the request is repeated; null if the reply is the last one. */
  Duration waitAfter(Reply reply) {
    if (!(retry == Retry.REJECTED ? REJECTED : TRANSIENT).contains(reply.status())) {
      return null;
    }
    var retryAfter = reply.retryAfter();
    return next(retryAfter == null ? Duration.ZERO : retryAfter);
  }

  /** What to wait before the request is repeated; it throws the exception if it is not repeated. */
  Duration waitAfter(Throwable failure) {
    var cause = causeOf(failure);
    if (!(cause instanceof IOException)) {
      throw error(cause);
    }
    // Another HttpTimeoutException is that of a connection, too, which was made at the same moment.
    var isNotSent =
        cause instanceof ConnectException
            || cause instanceof HttpConnectTimeoutException
            || cause instanceof SSLHandshakeException;
    var wait = retry != Retry.REJECTED || isNotSent ? next(Duration.ZERO) : null;
    if (wait == null) {
      throw error(cause);
    }
    return wait;
  }

  private Duration next(Duration retryAfter) {
    if (waits == retries || retryAfter.compareTo(LONGEST_WAIT) > 0) {
      return null;
    }
    var backoff = (long) ((FIRST_BACKOFF.toNanos() << waits) * ThreadLocalRandom.current().nextDouble(0.5, 1));
    waits++;
    var wait = Duration.ofNanos(Math.max(retryAfter.toNanos(), backoff));
    return wait.toNanos() < left() ? wait : null;
  }

  /** What a call throws for a failure. */
  RuntimeException error(Throwable failure) {
    var cause = causeOf(failure);
    if (cause instanceof TimeoutException) {
      return timedOut();
    }
    if (cause instanceof IOException) {
      var text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      return new LatchkeyException.Connection(new Failure("no response: " + text).because(cause));
    }
    return cause instanceof RuntimeException ? (RuntimeException) cause : new CompletionException(cause);
  }

  private LatchkeyException timedOut() {
    return new LatchkeyException.Timeout(new Failure("no response within " + timeout.toMillis() + " ms"));
  }

  static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
  }

  /** Takes note of what the call waits for, so that it ends with the call. */
  synchronized <F extends Future<?>> F track(F future) {
    running = future;
    if (hasEnded) {
      future.cancel(true);
    }
    return future;
  }

  /** Ends the call: it has its result, its time is up, or it is cancelled. */
  void end() {
    Future<?> last;
    synchronized (this) {
      hasEnded = true;
      last = running;
    }
    if (last != null) {
      last.cancel(true);
    }
  }
}
