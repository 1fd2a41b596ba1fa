/** Where loops wait until something may have changed. What is rung while nobody waits is not lost. */
export class Bell {
  readonly #waiting = new Set<() => void>();
  #rings = 0;

  ring(): void {
    this.#rings += 1;
    for (const wake of this.#waiting) wake();
  }

  /** What to give `wait`: taken before looking, so that a ring between looking and waiting is heard. */
  get rings(): number {
    return this.#rings;
  }

  /** Resolves once it rings, at once if it did since `rings` was taken, or when the signal fires. */
  wait(rings: number, abortSignal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        abortSignal.removeEventListener('abort', done);
        resolve();
      };
      if (abortSignal.aborted || rings !== this.#rings) return done();
      this.#waiting.add(done);
      abortSignal.addEventListener('abort', done, { once: true });
    });
  }
}
