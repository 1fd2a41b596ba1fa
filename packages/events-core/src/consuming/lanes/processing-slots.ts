/** The slots of one lane: so many of its events are processed at once. Events that back off occupy none. */
export class ProcessingSlots<T> {
  readonly #size: number;
  #occupied = 0;
  #backingOff = 0;
  readonly #returning: ((value: T) => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  get hasFree(): boolean {
    return this.#occupied < this.#size;
  }

  /** How many events are being processed. */
  get occupied(): number {
    return this.#occupied;
  }

  /** How many events have started and not ended: those being processed and those that back off. */
  get running(): number {
    return this.#occupied + this.#backingOff;
  }

  /** Whether an event that backed off waits for a slot. It is older than those that have not started. */
  get hasReturning(): boolean {
    return this.#returning.length > 0;
  }

  occupy(): void {
    this.#occupied += 1;
  }

  free(): void {
    this.#occupied -= 1;
  }

  /** Frees the slot of an event that backs off. */
  backOff(): void {
    this.#occupied -= 1;
    this.#backingOff += 1;
  }

  /** Queues an event that has backed off for long enough; `onReturn` is called once it has a slot again. */
  awaitReturn(onReturn: (value: T) => void): void {
    this.#returning.push(onReturn);
  }

  /** Gives a slot to the first event that waits for one. */
  returnNext(value: T): void {
    const onReturn = this.#returning.shift();
    if (onReturn === undefined) return;
    this.#backingOff -= 1;
    this.#occupied += 1;
    onReturn(value);
  }
}
