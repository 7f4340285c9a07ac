package latchkey.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import latchkey.client.model.ValidationError;

/** What is known of a call that failed, and the exception that stands for it. */
final class Failure {
  String message;
  Throwable cause;
  Integer status;
  String code;
  String title;
  String detail;
  List<ValidationError> errors = List.of();
  String requestId;
  Duration retryAfter;

  Failure(String message) {
    this.message = message;
  }

  Failure because(Throwable cause) {
    this.cause = cause;
    return this;
  }

  /** The exception that a response with another status than 2xx stands for, from the server or a proxy. */
  static LatchkeyException of(Reply reply) {
    var members = reply.json();
    var failure = new Failure(null);
    failure.status = reply.status();
    // RFC 6749 names them otherwise.
    failure.code = first(text(members, "code"), text(members, "error"));
    failure.title = text(members, "title");
    failure.detail = first(text(members, "detail"), text(members, "error_description"));
    failure.errors = validationErrors(members.path("detail"));
    failure.requestId = reply.header("X-Request-Id");
    failure.retryAfter = reply.retryAfter();
    var what = failure.errors.stream().map(Failure::describe).collect(Collectors.joining("; "));
    failure.message =
        Stream.of(
                String.valueOf(failure.status),
                failure.code,
                first(what.isEmpty() ? null : what, failure.detail, failure.title),
                failure.requestId == null ? null : "request " + failure.requestId)
            .filter(Objects::nonNull)
            .collect(Collectors.joining(", "));
    return kind(failure.status).apply(failure);
  }

  /** The exception for a response that is not what the contract says. */
  static LatchkeyException unreadable(Reply reply, String what) {
    var failure = new Failure(reply.status() + ", " + what);
    failure.status = reply.status();
    failure.requestId = reply.header("X-Request-Id");
    return new LatchkeyException(failure);
  }

  /** The exception for a login that the server has refused. Each call gets a new one. */
  static LatchkeyException refused(LatchkeyException error) {
    var refusal = error.failure();
    var failure = new Failure("the login was refused: " + refusal.message);
    failure.status = refusal.status;
    failure.code = refusal.code;
    failure.title = refusal.title;
    failure.detail = refusal.detail;
    failure.requestId = refusal.requestId;
    return new LatchkeyException.Authentication(failure);
  }

  private static Function<Failure, LatchkeyException> kind(int status) {
    switch (status) {
      case 401:
        return LatchkeyException.Authentication::new;
      case 403:
        return LatchkeyException.PermissionDenied::new;
      case 404:
        return LatchkeyException.NotFound::new;
      case 409:
        return LatchkeyException.Conflict::new;
      case 412:
        return LatchkeyException.PreconditionFailed::new;
      case 422:
        return LatchkeyException.InvalidRequest::new;
      case 429:
        return LatchkeyException.RateLimited::new;
      default:
        return status >= 500 ? LatchkeyException.Server::new : LatchkeyException::new;
    }
  }

  private static String describe(ValidationError error) {
    return error.getLoc().stream().map(String::valueOf).collect(Collectors.joining(".")) + ": " + error.getMsg();
  }

  private static List<ValidationError> validationErrors(JsonNode detail) {
    var errors = new ArrayList<ValidationError>();
    for (var entry : detail.isArray() ? detail : List.<JsonNode>of()) {
      if (entry.isObject()) {
        errors.add(
            new ValidationError()
                .loc(location(entry.path("loc")))
                .msg(Objects.toString(text(entry, "msg"), ""))
                .type(Objects.toString(text(entry, "type"), "")));
      }
    }
    return List.copyOf(errors);
  }

  private static List<Object> location(JsonNode loc) {
    var segments = new ArrayList<Object>();
    for (var segment : loc.isArray() ? loc : List.<JsonNode>of()) {
      if (segment.isTextual()) {
        segments.add(segment.textValue());
      } else if (segment.isIntegralNumber()) {
        segments.add(segment.numberValue());
      }
    }
    return segments;
  }

  private static String text(JsonNode members, String name) {
    return members.path(name).textValue();
  }

  private static String first(String... texts) {
    return Stream.of(texts).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
