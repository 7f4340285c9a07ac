package latchkey.client;

import jakarta.annotation.Nullable;
import java.net.http.HttpHeaders;

/** The status and the headers of a response. */
public final class ResponseInfo {
  private final int status;
  private final HttpHeaders headers;

  ResponseInfo(Reply reply) {
    status = reply.status();
    headers = reply.headers();
  }

  public int getStatus() {
    return status;
  }

  /** The headers, whose names match in any case. */
  public HttpHeaders getHeaders() {
    return headers;
  }

  /** The version of what the response has, for {@code ifMatch}; null if it has none. */
  @Nullable
  public String getEtag() {
    return headers.firstValue("ETag").orElse(null);
  }

  /** The id that the server's log has for the request. */
  @Nullable
  public String getRequestId() {
    return headers.firstValue("X-Request-Id").orElse(null);
  }
}
