import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import latchkey.client.CallOptions;
import latchkey.client.Latchkey;
import latchkey.client.LatchkeyException;
import latchkey.client.Pages;
import latchkey.client.Received;

/** Executes the steps of methods.yaml with the Java client; ../README.md describes the protocol. */
final class MethodSteps {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<Class<?>, String> KINDS =
      Map.ofEntries(
          Map.entry(LatchkeyException.Authentication.class, "authentication"),
          Map.entry(LatchkeyException.PermissionDenied.class, "permission_denied"),
          Map.entry(LatchkeyException.NotFound.class, "not_found"),
          Map.entry(LatchkeyException.Conflict.class, "conflict"),
          Map.entry(LatchkeyException.PreconditionFailed.class, "precondition_failed"),
          Map.entry(LatchkeyException.InvalidRequest.class, "validation"),
          Map.entry(LatchkeyException.RateLimited.class, "rate_limited"),
          Map.entry(LatchkeyException.Server.class, "server"),
          Map.entry(LatchkeyException.Connection.class, "connection"),
          Map.entry(LatchkeyException.Timeout.class, "timeout"),
          Map.entry(LatchkeyException.class, "error"));

  private final Map<String, Latchkey> clients = new HashMap<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, MethodSteps::daemon);
  private final StringBuffer printed = new StringBuffer();
  // Kept, as the log manager only has weak references.
  private final Logger logger = Logger.getLogger("latchkey.client");

  MethodSteps() {
    logger.setLevel(Level.ALL);
    logger.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            printed.append(line.getMessage()).append('\n');
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
  }

  private static Thread daemon(Runnable run) {
    var thread = new Thread(run);
    thread.setDaemon(true);
    return thread;
  }

  JsonNode execute(JsonNode request) throws Exception {
    printed.setLength(0);
    ObjectNode result = JSON.createObjectNode();
    try {
      var value = call(request);
      printed.append(value).append('\n');
      result.set("body", value == null ? null : value instanceof List ? each((List<?>) value) : Methods.read(value));
      if (value instanceof Received) {
        var headers = result.putObject("headers");
        ((Received) value)
            .response()
            .getHeaders()
            .map()
            .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
      }
    } catch (LatchkeyException.Interrupted interrupted) {
      result.put("cancelled", Thread.interrupted());
    } catch (CancellationException cancelled) {
      result.put("cancelled", true);
    } catch (LatchkeyException error) {
      var trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      printed.append(error).append(trace);
      encode(error, result);
    }
    return result.put("printed", printed.toString());
  }

  private static JsonNode each(List<?> values) {
    var items = JSON.createArrayNode();
    values.forEach(value -> items.add(Methods.read(value)));
    return items;
  }

  private static void encode(LatchkeyException error, ObjectNode result) {
    result.put("error", KINDS.get(error.getClass()));
    result.put("status", error.getStatus());
    result.put("code", error.getCode());
    result.put("title", error.getTitle());
    result.put("detail", error.getDetail());
    var errors = result.putArray("errors");
    error.getErrors().forEach(each -> errors.add(Calls.readValidationError(each)));
    result.put("request_id", error.getRequestId());
    result.put("retry_after", error.getRetryAfter() == null ? null : error.getRetryAfter().toSeconds());
  }

  private Object call(JsonNode request) throws Exception {
    var client = clients.computeIfAbsent(request.get("client").textValue(), name -> connect(request.get("settings")));
    printed.append(client).append('\n');
    if (request.has("concurrently")) {
      return concurrently(client, request, request.get("concurrently").intValue());
    }
    var end = System.nanoTime() + (long) (request.path("for_seconds").doubleValue() * 1e9);
    Object value;
    do {
      value = once(client, request);
    } while (System.nanoTime() < end);
    return value;
  }

  private static Latchkey connect(JsonNode settings) {
    if (settings.isEmpty()) {
      return Latchkey.fromEnvironment();
    }
    var builder = Latchkey.builder().url(settings.get("url").textValue());
    if (settings.has("api_key")) {
      builder.apiKey(settings.get("api_key").textValue());
    } else if (settings.has("token")) {
      builder.token(settings.get("token").textValue());
    } else {
      builder.login(settings.get("username").textValue(), settings.get("password").textValue());
    }
    return builder.build();
  }

  private static Consumer<CallOptions> options(JsonNode request) {
    var given = request.get("options");
    return options -> {
      if (given.has("retry")) {
        options.retry(given.get("retry").booleanValue());
      }
      if (given.has("timeout")) {
        options.timeout(Duration.ofMillis((long) (given.get("timeout").doubleValue() * 1000)));
      }
    };
  }

  private Object once(Latchkey client, JsonNode request) throws Exception {
    if (isAsync(request)) {
      var result = start(client, request);
      if (request.has("cancel_after")) {
        after(request.get("cancel_after"), () -> ((Future<?>) result).cancel(true));
      }
      return result instanceof Future ? await((Future<?>) result) : items(result, request);
    }
    if (request.has("cancel_after")) {
      after(request.get("cancel_after"), Thread.currentThread()::interrupt);
    }
    return items(callNow(client, request), request);
  }

  private static boolean isAsync(JsonNode request) {
    return request.get("mode").textValue().equals("async");
  }

  private void after(JsonNode seconds, Runnable run) {
    timer.schedule(run, (long) (seconds.doubleValue() * 1000), TimeUnit.MILLISECONDS);
  }

  private static Object callNow(Latchkey client, JsonNode request) {
    return Methods.call(client, request.get("method").textValue(), request.get("arguments"), options(request));
  }

  private static Object start(Latchkey client, JsonNode request) {
    return Methods.callAsync(client, request.get("method").textValue(), request.get("arguments"), options(request));
  }

  private static Object items(Object value, JsonNode request) {
    if (!(value instanceof Pages)) {
      return value;
    }
    var take = request.path("take").asLong(Long.MAX_VALUE);
    return ((Pages<?>) value).stream().limit(take).collect(Collectors.toList());
  }

  private static Object concurrently(Latchkey client, JsonNode request, int count) throws Exception {
    var results = new ArrayList<Future<?>>();
    if (isAsync(request)) {
      for (var number = 0; number < count; number++) {
        results.add((CompletableFuture<?>) start(client, request));
      }
      return last(results);
    }
    var threads = Executors.newFixedThreadPool(count, MethodSteps::daemon);
    try {
      for (var number = 0; number < count; number++) {
        results.add(threads.submit((Callable<Object>) () -> callNow(client, request)));
      }
      return last(results);
    } finally {
      threads.shutdown();
    }
  }

  private static Object last(List<Future<?>> results) throws Exception {
    Object value = null;
    for (var result : results) {
      value = await(result);
    }
    return value;
  }

  private static Object await(Future<?> result) throws Exception {
    try {
      return result.get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof LatchkeyException ? (LatchkeyException) failure.getCause() : failure;
    }
  }
}
