import { setImmediate as afterIo } from 'node:timers/promises';

/** Holds the receive loop while the consumer has as many deliveries as it may. */
export class Backpressure {
  readonly #isFull: () => boolean;
  #release: (() => void) | undefined;

  constructor(isFull: () => boolean) {
    this.#isFull = isFull;
  }

  /** Releases the receive loop if there is room. Called whenever the consumer may have fewer deliveries than before. */
  check(): void {
    if (!this.#isFull()) this.#release?.();
  }

  /**
   * Resolves when there is room or the signal fires, and at once while there is. After a wait it resolves in the next tick
   * of the event loop, so that the room is that of many events and not of one.
   */
  async whileFull(abortSignal: AbortSignal): Promise<void> {
    if (abortSignal.aborted || !this.#isFull()) return;
    await new Promise<void>((resolve) => {
      const release = () => {
        this.#release = undefined;
        abortSignal.removeEventListener('abort', release);
        resolve();
      };
      this.#release = release;
      abortSignal.addEventListener('abort', release, { once: true });
    });
    await afterIo();
  }
}
