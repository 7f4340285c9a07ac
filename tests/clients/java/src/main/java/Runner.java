import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import latchkey.client.ApiClient;
import latchkey.client.ApiException;

/** Executes the steps of the scenario with the Java client; ../README.md describes the protocol. */
final class Runner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String text(JsonNode members, String name) {
    return members.path(name).textValue();
  }

  private static ObjectNode encode(int status, Map<String, List<String>> headers, JsonNode body) {
    var result = JSON.createObjectNode().put("status", status);
    var named = result.putObject("headers");
    headers.forEach((name, values) -> named.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    if (body != null) {
      result.set("body", body);
    }
    return result;
  }

  private static ObjectNode execute(JsonNode request) {
    var api = new ApiClient();
    api.updateBaseUri(text(request, "base_url"));
    var bearer = text(request.get("credentials"), "bearer");
    var key = text(request.get("credentials"), "api_key");
    if (bearer != null) {
      api.setRequestInterceptor(http -> http.header("Authorization", "Bearer " + bearer));
    } else if (key != null) {
      api.setRequestInterceptor(http -> http.header("X-API-Key", key));
    }
    try {
      var response = Calls.call(api, text(request, "operation"), request.get("arguments"));
      return encode(response.getStatusCode(), response.getHeaders(), response.getData());
    } catch (DateTimeParseException naive) {
      return JSON.createObjectNode().put("rejected", "a time without an offset is no OffsetDateTime");
    } catch (ApiException error) {
      if (error.getResponseHeaders() == null) {
        return JSON.createObjectNode().put("failure", error.toString());
      }
      var result = encode(error.getCode(), error.getResponseHeaders().map(), Calls.readError(error.getError()));
      return result.put("error", result.has("body") ? error.getError().getClass().getSimpleName() : "unknown");
    } catch (RuntimeException failure) {
      return JSON.createObjectNode().put("failure", failure.toString());
    }
  }

  private static JsonNode execute(MethodSteps methods, JsonNode request) {
    try {
      return methods.execute(request);
    } catch (Exception failure) {
      return JSON.createObjectNode().put("failure", failure.toString());
    }
  }

  public static void main(String[] arguments) throws IOException {
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var responses = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var methods = new MethodSteps();
    for (String line; (line = requests.readLine()) != null; ) {
      var request = JSON.readTree(line);
      responses.println(request.has("method") ? execute(methods, request) : execute(request));
    }
  }
}
