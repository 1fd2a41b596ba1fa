/** How many events a consumer handles at once, over all its lanes. Who waits longest is served first. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a slot if one is free and nobody waits for it. */
  tryTake(): boolean {
    if (this.#free === 0 || this.#waiting.length > 0) return false;
    this.#free -= 1;
    return true;
  }

  /** Calls back once, with a slot that is then the caller's. */
  whenFree(taken: () => void): void {
    if (this.tryTake()) taken();
    else this.#waiting.push(taken);
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
