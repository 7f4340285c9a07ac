// The time limit of a call, and its cancellation.
import { TimedOutError } from "./errors.js";

// Timers with longer delays fire at once.
const LONGEST = 2 ** 31 - 1;

/** The time that a call may take, all attempts included; `close` must be called at its end. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #timeout: number;
  readonly #caller: AbortSignal | undefined;
  readonly #end: number;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #abort = () => this.#controller.abort();

  /** `timeout` is in milliseconds, `caller` the signal by which the caller cancels. */
  constructor(timeout: number, caller?: AbortSignal) {
    caller?.throwIfAborted();
    this.#timeout = timeout;
    this.#caller = caller;
    this.#end = performance.now() + timeout;
    this.#timer = setTimeout(this.#abort, Math.min(timeout, LONGEST));
    caller?.addEventListener("abort", this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the caller has cancelled the call. */
  get isCancelled(): boolean {
    return this.#caller?.aborted ?? false;
  }

  /** The milliseconds that are left. */
  get remaining(): number {
    return this.#end - performance.now();
  }

  /** The result of `work`; as soon as the call is over, `TimedOutError` or the reason that the caller gave. */
  async within<T>(work: Promise<T>): Promise<T> {
    let stop = () => {};
    const stopped = new Promise<never>((_, reject) => (stop = () => reject(this.signal.reason)));
    if (this.signal.aborted) stop();
    this.signal.addEventListener("abort", stop);
    try {
      return await Promise.race([work, stopped]);
    } catch (failure) {
      if (!this.signal.aborted) throw failure;
      if (this.isCancelled) throw this.#caller?.reason;
      throw new TimedOutError(`no response within ${this.#timeout / 1000} s`);
    } finally {
      this.signal.removeEventListener("abort", stop);
    }
  }

  async sleep(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await this.within(new Promise<void>((wake) => (timer = setTimeout(wake, milliseconds))));
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#abort);
  }
}
