package latchkey.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** A response that was read as a whole. */
final class Reply {
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  Reply(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  String header(String name) {
    return headers.firstValue(name).orElse(null);
  }

  /** The JSON of the body; a missing node if it is none. */
  JsonNode json() {
    try {
      return Json.MAPPER.readTree(body);
    } catch (IOException noJson) {
      return MissingNode.getInstance();
    }
  }

  /** {@code Retry-After} from now, of seconds or a date; null if it is neither. */
  Duration retryAfter() {
    var text = header("Retry-After");
    if (text == null) {
      return null;
    }
    try {
      if (text.chars().allMatch(character -> character >= '0' && character <= '9')) {
        return Duration.ofSeconds(Long.parseLong(text));
      }
      var at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var left = Duration.between(Instant.now(), at);
      // Whole seconds, rounded up.
      return left.isNegative() ? Duration.ZERO : Duration.ofSeconds(left.plusNanos(999_999_999).getSeconds());
    } catch (DateTimeException | NumberFormatException noTime) {
      return null;
    }
  }
}
