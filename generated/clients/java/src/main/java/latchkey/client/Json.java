package latchkey.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import latchkey.client.model.APIKeyVerification;
import latchkey.client.model.APIKeyVerify;

/** JSON as the generated core reads and writes it; one mapper for all clients, as it learns the models by reflection. */
final class Json {
  static final ObjectMapper MAPPER = ApiClient.createDefaultObjectMapper();

  private Json() {}

  /** Learns what verifications need: not within the time limit of the first call, in as many threads as there are calls. */
  static void prepare() {
    try {
      MAPPER.treeToValue(MAPPER.readTree("{\"valid\": false}"), APIKeyVerification.class);
      write(new APIKeyVerify());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  static byte[] write(Object model) {
    try {
      return MAPPER.writeValueAsBytes(model);
    } catch (JsonProcessingException exception) {
      throw new IllegalArgumentException("The request cannot be written as JSON.", exception);
    }
  }
}
