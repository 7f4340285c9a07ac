// How many requests there are at the same time.
import type { TimeLimit } from "./limit.js";

/** A bounded number of places, each for one job at a time. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  /** Does a job as soon as there is a place for it, unless the call is over by then. */
  async use<T>(limit: TimeLimit, job: () => Promise<T>): Promise<T> {
    await this.#take(limit);
    try {
      return await job();
    } finally {
      this.#leave();
    }
  }

  async #take(limit: TimeLimit): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const turn = new Promise<void>((begin) => this.#waiting.push(begin));
    // A call that is over passes its place on.
    await limit.within(turn).catch((failure: unknown) => {
      void turn.then(() => this.#leave());
      throw failure;
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
