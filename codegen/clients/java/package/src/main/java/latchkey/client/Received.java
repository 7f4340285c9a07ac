package latchkey.client;

import jakarta.annotation.Nullable;

/** What models have beyond their properties: the response that they were in. */
public abstract class Received {
  private transient ResponseInfo response;

  /** The response that had this as its body; null for what is inside of a body, such as an item of a list. */
  @Nullable
  public final ResponseInfo response() {
    return response;
  }

  final void receivedIn(Reply reply) {
    response = new ResponseInfo(reply);
  }
}
