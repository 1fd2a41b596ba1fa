/** Where the receive loop waits while too many deliveries are in hand. */
export class WaitingRoom {
  readonly #isFull: () => boolean;
  #leave: (() => void) | undefined;

  constructor(isFull: () => boolean) {
    this.#isFull = isFull;
  }

  /** To be called whenever there may be less in hand. */
  check(): void {
    if (!this.#isFull()) this.#leave?.();
  }

  /** Resolves when there is room, or the signal fires. */
  async whileFull(abortSignal: AbortSignal): Promise<void> {
    if (abortSignal.aborted || !this.#isFull()) return;
    await new Promise<void>((resolve) => {
      const leave = () => {
        this.#leave = undefined;
        abortSignal.removeEventListener('abort', leave);
        resolve();
      };
      this.#leave = leave;
      abortSignal.addEventListener('abort', leave, { once: true });
    });
  }
}
