package latchkey.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Sends the requests of the methods: authenticates them, repeats them, and ends them in time. */
final class Transport implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("latchkey.client");
  private static final int FIRST_REQUESTS = 8;
  private static final int REQUESTS_AT_ONCE = 100;
  private static final String VERSION = "@VERSION@";
  private static final AtomicBoolean HAS_WARNED = new AtomicBoolean();

  final String url;
  final Credential credential;
  private final Duration timeout;
  private final int retries;
  private final Slots slots = new Slots(FIRST_REQUESTS, REQUESTS_AT_ONCE);
  private final Sender sender;

  Transport(String url, Credential credential, Duration timeout, int retries, Sender sender) {
    this.url = url;
    this.credential = credential;
    this.timeout = timeout;
    this.retries = retries;
    this.sender = sender;
  }

  @Override
  public void close() {
    sender.close();
  }

  <T> T call(Request request, Shape<T> shape) {
    return await(start(request, shape::read));
  }

  <T> CompletableFuture<T> callAsync(Request request, Shape<T> shape) {
    return start(request, shape::read);
  }

  /** The response with a page of a list. */
  Reply page(Request request) {
    return await(start(request, Function.identity()));
  }

  private static <T> T await(CompletableFuture<T> result) {
    try {
      return result.get();
    } catch (InterruptedException interruption) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      throw new LatchkeyException.Interrupted(new Failure("the thread was interrupted").because(interruption));
    } catch (ExecutionException failure) {
      var cause = failure.getCause();
      if (cause instanceof LatchkeyException) {
        // The stack of the caller says more than that of a thread of the HTTP client.
        cause.fillInStackTrace();
      }
      throw cause instanceof RuntimeException ? (RuntimeException) cause : new IllegalStateException(cause);
    }
  }

  /** Makes a call. Cancelling the returned future cancels the call. */
  private <T> CompletableFuture<T> start(Request request, Function<Reply, T> read) {
    var attempts = new Attempts(request.retry, retries, request.options.timeoutOr(timeout));
    return bounded(send(request, attempts), attempts, read);
  }

  /** The result of a call, which has one at the end of its time at the latest. */
  private static <T> CompletableFuture<T> bounded(
      CompletableFuture<Reply> sent, Attempts attempts, Function<Reply, T> read) {
    CompletableFuture<T> result =
        sent.orTimeout(attempts.left(), NANOSECONDS)
            .handle(
                (reply, failure) -> {
                  if (failure != null) {
                    throw attempts.error(failure);
                  }
                  return read.apply(reply);
                });
    result.whenComplete((value, failure) -> attempts.end());
    return result;
  }

  private CompletableFuture<Reply> send(Request request, Attempts attempts) {
    return authorize(attempts)
        .thenCompose(
            header ->
                repeat(request, header, attempts)
                    .thenCompose(
                        reply -> {
                          // The server did not act. The token may have ended early: once, another may help.
                          if (reply.status() != 401 || !credential.renew(header)) {
                            return CompletableFuture.completedFuture(reply);
                          }
                          return authorize(attempts).thenCompose(renewed -> repeat(request, renewed, attempts));
                        }));
  }

  private CompletableFuture<Map.Entry<String, String>> authorize(Attempts attempts) {
    return attempts.track(credential.header(this::logIn));
  }

  /** Requests a token. The time limit is the login's own, as it is for other calls as well. */
  private CompletableFuture<Reply> logIn(Request request) {
    var attempts = new Attempts(request.retry, retries, timeout);
    return bounded(repeat(request, null, attempts), attempts, Function.identity());
  }

  private CompletableFuture<Reply> repeat(Request request, Map.Entry<String, String> header, Attempts attempts) {
    return attempt(request, header, attempts)
        .handle(
            (reply, failure) -> {
              var wait = failure == null ? attempts.waitAfter(reply) : attempts.waitAfter(failure);
              if (wait == null) {
                return CompletableFuture.completedFuture(reply);
              }
              var later = CompletableFuture.delayedExecutor(wait.toNanos(), NANOSECONDS);
              return attempts
                  .track(CompletableFuture.runAsync(() -> {}, later))
                  .thenCompose(nothing -> repeat(request, header, attempts));
            })
        .thenCompose(Function.identity());
  }

  private CompletableFuture<Reply> attempt(Request request, Map.Entry<String, String> header, Attempts attempts) {
    return attempts
        .track(slots.take())
        .thenCompose(
            slot -> {
              var started = System.nanoTime();
              return sendOnce(request, header, attempts)
                  .whenComplete(
                      (reply, failure) -> {
                        slots.release();
                        observe(request, reply, failure, Duration.ofNanos(System.nanoTime() - started));
                      });
            });
  }

  private CompletableFuture<Reply> sendOnce(
      Request request, Map.Entry<String, String> header, Attempts attempts) {
    try {
      return attempts.track(sender.send(request.build(url, header, attempts.remaining())));
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  /** Logs one line for each attempt, without headers, queries and bodies, which have secrets. */
  private static void observe(Request request, Reply reply, Throwable failure, Duration elapsed) {
    if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
      var outcome = reply == null ? Attempts.causeOf(failure).getClass().getSimpleName() : reply.status();
      var id = reply == null ? null : reply.header("X-Request-Id");
      LOG.log(System.Logger.Level.DEBUG, request + ": " + outcome + " in " + elapsed.toMillis() + " ms, request " + id);
    }
    var version = reply == null ? null : reply.header("Latchkey-Version");
    if (version != null && !major(version).equals(major(VERSION)) && HAS_WARNED.compareAndSet(false, true)) {
      var text = "the server has version " + version + " of Latchkey, this client is of version " + VERSION;
      LOG.log(System.Logger.Level.WARNING, text);
    }
  }

  private static String major(String version) {
    return version.split("\\.", 2)[0];
  }
}
