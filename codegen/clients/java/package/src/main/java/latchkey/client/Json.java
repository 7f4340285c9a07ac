package latchkey.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON as the generated core reads and writes it; one mapper for all clients, as it learns the models slowly. */
final class Json {
  static final ObjectMapper MAPPER = ApiClient.createDefaultObjectMapper();

  private Json() {}

  static byte[] write(Object model) {
    try {
      return MAPPER.writeValueAsBytes(model);
    } catch (JsonProcessingException exception) {
      throw new IllegalArgumentException("The request cannot be written as JSON.", exception);
    }
  }
}
