package latchkey.client;

/** When a request is repeated. */
enum Retry {
  /** Repeating is safe, also after a response was lost. */
  REPEATABLE,
  /** An {@code Idempotency-Key} makes repeating as safe. */
  KEYED,
  /** It is repeated only if the server surely did not act. */
  REJECTED,
  NEVER;

  /** The rule of a conditional request: once the server has acted, the ETag is another, and a repetition fails. */
  static Retry conditional(String ifMatch) {
    return ifMatch == null ? REPEATABLE : REJECTED;
  }
}
