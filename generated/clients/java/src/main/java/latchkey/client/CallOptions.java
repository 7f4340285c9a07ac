package latchkey.client;

import java.time.Duration;

/** How one call is made. The options of a method also have its optional arguments. */
public class CallOptions {
  private Duration timeout;
  private Boolean retry;

  CallOptions() {}

  /** The time that the call may take, with all that is repeated. */
  public CallOptions timeout(Duration timeout) {
    this.timeout = LatchkeyBuilder.positive(timeout);
    return this;
  }

  /** Whether the request is repeated even if the server may have acted on it, or not repeated at all. */
  public CallOptions retry(boolean retry) {
    this.retry = retry;
    return this;
  }

  Duration timeoutOr(Duration usual) {
    return timeout == null ? usual : timeout;
  }

  Retry retryOr(Retry usual) {
    return retry == null ? usual : retry ? Retry.REPEATABLE : Retry.NEVER;
  }
}
