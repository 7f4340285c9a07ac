package latchkey.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;

/** What a method returns: a model, and the properties that it must have, not null. */
final class Shape<T> {
  /** That of methods that return nothing. */
  static final Shape<Void> NOTHING = new Shape<>(Void.class);

  private final Class<T> model;
  private final String[] required;

  Shape(Class<T> model, String... required) {
    this.model = model;
    this.required = required;
  }

  /** The model in the response; it throws the exception that the response stands for. */
  T read(Reply reply) {
    var json = accepted(reply);
    if (model == Void.class) {
      return null;
    }
    var value = read(json, reply);
    if (value instanceof Received) {
      ((Received) value).receivedIn(reply);
    }
    return value;
  }

  T read(JsonNode json, Reply reply) {
    if (!json.isObject() || !Stream.of(required).allMatch(json::hasNonNull)) {
      throw unreadable(reply);
    }
    try {
      return Json.MAPPER.treeToValue(json, model);
    } catch (JsonProcessingException exception) {
      // Its text and its source may have secrets of the response.
      throw unreadable(reply);
    }
  }

  /** The JSON of a successful response; it throws the exception that any other one stands for. */
  static JsonNode accepted(Reply reply) {
    if (reply.status() / 100 != 2) {
      throw Failure.of(reply);
    }
    var json = reply.json();
    if (json.isMissingNode() && reply.status() != 204) {
      throw unreadable(reply);
    }
    return json;
  }

  static LatchkeyException unreadable(Reply reply) {
    var what = "the response is not what the contract says; is this the address of a Latchkey?";
    return Failure.unreadable(reply, what);
  }
}
