import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import latchkey.client.Latchkey;
import latchkey.client.LatchkeyBuilder;
import latchkey.client.LatchkeyException;
import latchkey.client.model.APIKeyVerification;

/** The tests of what only the Java runtime has; those that all clients share are in methods.yaml. */
final class RuntimeTest {
  private static final String VALID =
      "{\"valid\": true, \"code\": \"valid\", \"stale\": false, \"unrestricted\": true}";
  private static final String USER =
      "{\"id\": 1, \"username\": \"a\", \"role\": \"user\", \"kind\": \"user\", \"project\": \"default\","
          + " \"roles\": [], \"created_at\": \"2031-06-30T10:00:00Z\"}";
  private static final String SECRET = "lk_secret_of_the_test";

  private RuntimeTest() {}

  /** Responds to one request. */
  private interface Responder {
    void respond(HttpExchange exchange) throws IOException, InterruptedException;
  }

  /** A test, and its name. */
  private interface Body {
    void run() throws Exception;
  }

  private static void test(String name, Body body) throws Exception {
    try {
      body.run();
    } catch (Throwable failure) {
      throw new AssertionError(name, failure);
    }
  }

  private static void check(boolean isTrue, Object shown) {
    if (!isTrue) {
      throw new AssertionError(String.valueOf(shown));
    }
  }

  private static <E extends Throwable> E thrown(Class<E> kind, Callable<?> call) throws Exception {
    try {
      throw new AssertionError("it returned " + call.call());
    } catch (Throwable error) {
      if (kind.isInstance(error)) {
        return kind.cast(error);
      }
      throw new AssertionError(error);
    }
  }

  /** A server that counts its requests. */
  private static final class Stub implements AutoCloseable {
    final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;

    Stub(Responder responder) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
      server.setExecutor(
          Executors.newCachedThreadPool(
              run -> {
                var thread = new Thread(run);
                thread.setDaemon(true);
                return thread;
              }));
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            requests.incrementAndGet();
            try {
              responder.respond(exchange);
            } catch (InterruptedException impossible) {
              throw new IllegalStateException(impossible);
            }
          });
      server.start();
    }

    LatchkeyBuilder client() {
      var url = "http://127.0.0.1:" + server.getAddress().getPort();
      return Latchkey.builder().url(url).timeout(Duration.ofSeconds(30));
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    var body = json.getBytes();
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void callsLogInOnce() throws Exception {
    var logins = new AtomicInteger();
    Responder responder =
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/token")) {
            logins.incrementAndGet();
            Thread.sleep(200);
            send(
                exchange,
                200,
                "{\"access_token\": \"t\", \"token_type\": \"bearer\", \"expires_in\": 3600, \"scope\": \"\"}");
          } else {
            send(exchange, 200, USER);
          }
        };
    try (var stub = new Stub(responder);
        var latchkey = stub.client().login("a", SECRET).build()) {
      var calls = new ArrayList<CompletableFuture<?>>();
      for (var number = 0; number < 20; number++) {
        calls.add(latchkey.whoamiAsync());
      }
      // It does not take the login from the others.
      calls.remove(0).cancel(true);
      calls.forEach(CompletableFuture::join);
      check(logins.get() == 1, logins);
    }
  }

  private static void aLoginThatStallsIsAttemptedAgain() throws Exception {
    var isStalled = new AtomicInteger(1);
    Responder responder =
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals("/token")) {
            send(exchange, 200, USER);
          } else if (isStalled.getAndDecrement() > 0) {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
          } else {
            send(
                exchange,
                200,
                "{\"access_token\": \"t\", \"token_type\": \"bearer\", \"expires_in\": 3600, \"scope\": \"\"}");
          }
        };
    try (var stub = new Stub(responder);
        var latchkey = stub.client().login("a", SECRET).timeout(Duration.ofSeconds(2)).build()) {
      thrown(LatchkeyException.Timeout.class, latchkey::whoami);
      // The login may end a moment after the call.
      Thread.sleep(500);
      check(latchkey.whoami(options -> options.timeout(Duration.ofSeconds(30))).getId() == 1, "whoami");
    }
  }

  private static void aTokenThatNoHeaderCanHaveIsNotPrinted() throws Exception {
    Responder responder =
        exchange ->
            send(exchange, 200, "{\"access_token\": \"" + SECRET + "\\n\", \"expires_in\": 1, \"token_type\": \"b\"}");
    try (var stub = new Stub(responder);
        var latchkey = stub.client().login("a", SECRET).build()) {
      var error = thrown(LatchkeyException.class, latchkey::whoami);
      check(error.getStatus() == 200 && !error.toString().contains(SECRET), "the token was printed");
    }
  }

  private static void credentialsAreNotPrinted() throws Exception {
    var key = SECRET + "\n";
    var error = thrown(IllegalArgumentException.class, () -> Latchkey.builder().apiKey(key).url("http://a").build());
    check(!error.toString().contains(SECRET), "the key was printed");
    var url = "http://a:" + SECRET + "@b";
    error = thrown(IllegalArgumentException.class, () -> Latchkey.builder().apiKey("lk").url(url).build());
    check(!error.toString().contains(SECRET), "the URL was printed");
    try (var latchkey = Latchkey.builder().url("http://a/b/").token(SECRET).build()) {
      check(latchkey.toString().equals("Latchkey[http://a/b, token]"), "the client was printed otherwise");
    }
  }

  private static void anInterruptedCallIsCancelled() throws Exception {
    var isRequested = new CountDownLatch(1);
    try (var stub = new Stub(exchange -> isRequested.countDown());
        var latchkey = stub.client().apiKey(SECRET).build()) {
      var caller = Thread.currentThread();
      var interrupter =
          CompletableFuture.runAsync(
              () -> {
                try {
                  isRequested.await();
                } catch (InterruptedException impossible) {
                  throw new CompletionException(impossible);
                }
                caller.interrupt();
              });
      thrown(LatchkeyException.Interrupted.class, () -> latchkey.verify("lk"));
      check(Thread.interrupted(), "the thread is not interrupted any more");
      interrupter.join();
    }
  }

  private static void aCancelledCallIsNotRepeated() throws Exception {
    try (var stub = new Stub(exchange -> send(exchange, 503, "{}"));
        var latchkey = stub.client().apiKey(SECRET).build()) {
      var call = latchkey.verifyAsync("lk");
      while (stub.requests.get() == 0) {
        Thread.sleep(1);
      }
      call.cancel(true);
      thrown(CancellationException.class, call::join);
      var others = stub.requests.get();
      Thread.sleep(1500);
      check(stub.requests.get() == others, stub.requests);
    }
  }

  private static void aHundredRequestsAreSentAtOnce() throws Exception {
    var present = new AtomicInteger();
    var most = new AtomicInteger();
    var isFull = new CountDownLatch(100);
    var isCounting = new AtomicBoolean();
    Responder responder =
        exchange -> {
          if (isCounting.get()) {
            most.accumulateAndGet(present.incrementAndGet(), Math::max);
            isFull.countDown();
            isFull.await(20, TimeUnit.SECONDS);
            Thread.sleep(50);
            present.decrementAndGet();
          }
          send(exchange, 200, VALID);
        };
    try (var stub = new Stub(responder);
        var latchkey = stub.client().apiKey(SECRET).build()) {
      // At first they are fewer.
      verifyAtOnce(latchkey, 100);
      isCounting.set(true);
      verifyAtOnce(latchkey, 300);
      check(most.get() == 100, most);
    }
  }

  private static void fewConnectionsAreMadeAtFirst() throws Exception {
    var present = new AtomicInteger();
    var first = new AtomicInteger();
    Responder responder =
        exchange -> {
          present.incrementAndGet();
          Thread.sleep(500);
          first.compareAndSet(0, present.get());
          send(exchange, 200, VALID);
        };
    try (var stub = new Stub(responder);
        var latchkey = stub.client().apiKey(SECRET).build()) {
      verifyAtOnce(latchkey, 50);
      check(first.get() <= 8, first);
    }
  }

  private static void verifyAtOnce(Latchkey latchkey, int count) {
    var calls = new ArrayList<CompletableFuture<APIKeyVerification>>();
    for (var number = 0; number < count; number++) {
      calls.add(latchkey.verifyAsync("lk"));
    }
    calls.forEach(CompletableFuture::join);
  }

  private static void cancelledCallsMakeRoom() throws Exception {
    var isStalling = new AtomicInteger(1);
    Responder responder =
        exchange -> {
          if (isStalling.get() == 0) {
            send(exchange, 200, VALID);
          }
        };
    try (var stub = new Stub(responder);
        var latchkey = stub.client().apiKey(SECRET).build()) {
      var calls = new ArrayList<Future<?>>();
      for (var number = 0; number < 250; number++) {
        calls.add(latchkey.verifyAsync("lk"));
      }
      while (stub.requests.get() < 8) {
        Thread.sleep(1);
      }
      isStalling.set(0);
      calls.forEach(call -> call.cancel(true));
      for (var number = 0; number < 250; number++) {
        calls.set(number, latchkey.verifyAsync("lk"));
      }
      for (var call : calls) {
        call.get();
      }
    }
  }

  private static void otherJsonIsNoVerification() throws Exception {
    for (var json : List.of("{}", VALID.replace("true", "null"), "7")) {
      try (var stub = new Stub(exchange -> send(exchange, 200, json));
          var latchkey = stub.client().apiKey(SECRET).build()) {
        var error = thrown(LatchkeyException.class, () -> latchkey.verify("lk"));
        check(error.getStatus() == 200 && error.getClass() == LatchkeyException.class, json);
      }
    }
  }

  private static void retryAfterIsNoNumber() throws Exception {
    for (var text : List.of("9".repeat(30), "-1", "1.5", "Mon, 99 Foo 2031 00:00:00 GMT")) {
      Responder responder =
          exchange -> {
            exchange.getResponseHeaders().set("Retry-After", text);
            send(exchange, 429, "{}");
          };
      try (var stub = new Stub(responder);
          var latchkey = stub.client().apiKey(SECRET).retries(0).build()) {
        var error = thrown(LatchkeyException.RateLimited.class, () -> latchkey.verify("lk"));
        check(error.getRetryAfter() == null, text);
      }
    }
  }

  private static void segmentsOfThePathAreChecked() throws Exception {
    try (var stub = new Stub(exchange -> send(exchange, 200, exchange.getRequestURI().getRawPath()));
        var latchkey = stub.client().apiKey(SECRET).build()) {
      thrown(IllegalArgumentException.class, () -> latchkey.projects().get(".."));
      thrown(IllegalArgumentException.class, () -> latchkey.projects().get(""));
      check(stub.requests.get() == 0, stub.requests);
    }
  }

  private static void anInjectedClientStaysOpen() throws Exception {
    var http = HttpClient.newHttpClient();
    try (var stub = new Stub(exchange -> send(exchange, 200, VALID))) {
      var latchkey = stub.client().apiKey(SECRET).httpClient(http).build();
      check(latchkey.verify("lk").getValid(), "verify");
      latchkey.close();
      thrown(IllegalStateException.class, () -> latchkey.verify("lk"));
      try (var other = stub.client().apiKey(SECRET).httpClient(http).build()) {
        check(other.verify("lk").getValid(), "verify");
      }
    }
  }

  private static void exceptionsHaveTheStackOfTheCaller() throws Exception {
    try (var stub = new Stub(exchange -> send(exchange, 404, "{}"));
        var latchkey = stub.client().apiKey(SECRET).build()) {
      var error = thrown(LatchkeyException.NotFound.class, () -> latchkey.keys().get(1));
      var isCaller = List.of(error.getStackTrace()).stream().anyMatch(frame -> frame.getMethodName().equals("main"));
      check(isCaller, List.of(error.getStackTrace()));
    }
  }

  public static void main(String[] arguments) throws Exception {
    test("calls log in once", RuntimeTest::callsLogInOnce);
    test("a login that stalls is attempted again", RuntimeTest::aLoginThatStallsIsAttemptedAgain);
    test("a token that no header can have is not printed", RuntimeTest::aTokenThatNoHeaderCanHaveIsNotPrinted);
    test("credentials are not printed", RuntimeTest::credentialsAreNotPrinted);
    test("an interrupted call is cancelled", RuntimeTest::anInterruptedCallIsCancelled);
    test("a cancelled call is not repeated", RuntimeTest::aCancelledCallIsNotRepeated);
    test("a hundred requests are sent at once", RuntimeTest::aHundredRequestsAreSentAtOnce);
    test("few connections are made at first", RuntimeTest::fewConnectionsAreMadeAtFirst);
    test("cancelled calls make room", RuntimeTest::cancelledCallsMakeRoom);
    test("other JSON is no verification", RuntimeTest::otherJsonIsNoVerification);
    test("Retry-After is no number", RuntimeTest::retryAfterIsNoNumber);
    test("segments of the path are checked", RuntimeTest::segmentsOfThePathAreChecked);
    test("an injected client stays open", RuntimeTest::anInjectedClientStaysOpen);
    test("exceptions have the stack of the caller", RuntimeTest::exceptionsHaveTheStackOfTheCaller);
    System.exit(0);
  }
}
