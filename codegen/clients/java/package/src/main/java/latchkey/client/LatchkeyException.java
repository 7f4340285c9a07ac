package latchkey.client;

import jakarta.annotation.Nullable;
import java.time.Duration;
import java.util.List;
import latchkey.client.model.ValidationError;

/**
 * A call that failed. Its subclasses say why. Other statuses, and responses that cannot be read, are of this class.
 *
 * <p>What is not known is null, and {@link #getErrors()} is empty then.
 */
public class LatchkeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  LatchkeyException(Failure failure) {
    super(failure.message, failure.cause);
    this.failure = failure;
  }

  Failure failure() {
    // It is lost when the exception is serialized.
    return failure == null ? new Failure(getMessage()) : failure;
  }

  /** The status of the response; null if there was none. */
  @Nullable
  public Integer getStatus() {
    return failure().status;
  }

  /** The cause, as {@code code} of a problem document has it. */
  @Nullable
  public String getCode() {
    return failure().code;
  }

  @Nullable
  public String getTitle() {
    return failure().title;
  }

  @Nullable
  public String getDetail() {
    return failure().detail;
  }

  /** What is wrong with the request, of a 422. */
  public List<ValidationError> getErrors() {
    return failure().errors;
  }

  /** The id that the server's log has for the request. */
  @Nullable
  public String getRequestId() {
    return failure().requestId;
  }

  /** After what time the server wants to be asked again. */
  @Nullable
  public Duration getRetryAfter() {
    return failure().retryAfter;
  }

  /** 401: the credential is missing or invalid; or a login was refused. */
  public static final class Authentication extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    Authentication(Failure failure) {
      super(failure);
    }
  }

  /** 403: the credential does not permit the call. */
  public static final class PermissionDenied extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    PermissionDenied(Failure failure) {
      super(failure);
    }
  }

  /** 404: what the call is about does not exist, or the caller may not see it. */
  public static final class NotFound extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    NotFound(Failure failure) {
      super(failure);
    }
  }

  /** 409: the call does not fit to the state of what it is about. */
  public static final class Conflict extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    Conflict(Failure failure) {
      super(failure);
    }
  }

  /** 412: what the call is about has changed since its ETag was read. */
  public static final class PreconditionFailed extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    PreconditionFailed(Failure failure) {
      super(failure);
    }
  }

  /** 422: the request violates the contract; {@link #getErrors()} says where. */
  public static final class InvalidRequest extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    InvalidRequest(Failure failure) {
      super(failure);
    }
  }

  /** 429: there were too many requests. */
  public static final class RateLimited extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    RateLimited(Failure failure) {
      super(failure);
    }
  }

  /** 5xx: the server, or a proxy before it, cannot respond now. */
  public static final class Server extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    Server(Failure failure) {
      super(failure);
    }
  }

  /** There was no response: the server cannot be reached, or the connection was lost. */
  public static final class Connection extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    Connection(Failure failure) {
      super(failure);
    }
  }

  /** There was no response within the time limit of the call. */
  public static final class Timeout extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    Timeout(Failure failure) {
      super(failure);
    }
  }

  /** The calling thread was interrupted, which cancels the call. The thread stays interrupted. */
  public static final class Interrupted extends LatchkeyException {
    private static final long serialVersionUID = 1L;

    Interrupted(Failure failure) {
      super(failure);
    }
  }
}
