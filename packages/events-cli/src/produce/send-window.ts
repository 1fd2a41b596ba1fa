import { type Deferred, deferred } from '@openedx-ts/events-core/bus';

/** A line that the bus refused. */
export interface RefusedLine {
  readonly number: number;
  readonly error: unknown;
}

/**
 * The lines in flight: enough to fill requests, and at most 1,000 lines or 16 Mi characters, so that memory stays small
 * however long the input is.
 */
export class SendWindow {
  readonly #failed = new AbortController();
  readonly #firstAnswer = deferred();
  readonly #onAccepted: (accepted: number) => void;
  readonly #inFlight = new Set<Promise<void>>();
  #characters = 0;
  #roomFreed: Deferred<void> | undefined;
  #accepted = 0;
  #lastAccepted = 0;
  #refused: RefusedLine | undefined;
  #refusedCount = 0;

  constructor(onAccepted: (accepted: number) => void) {
    this.#onAccepted = onAccepted;
  }

  get accepted(): number {
    return this.#accepted;
  }

  /** The number of the last line that was accepted; 0 for none. */
  get lastAccepted(): number {
    return this.#lastAccepted;
  }

  /** The first line that was refused. */
  get refused(): RefusedLine | undefined {
    return this.#refused;
  }

  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** Aborted when a line was refused: no later line should be sent. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Resolves when the bus has accepted or refused a line. */
  get firstAnswer(): Promise<void> {
    return this.#firstAnswer.promise;
  }

  /** Adds a line that is being sent. When the window is full, returns a promise that resolves when it has room. */
  add(number: number, characters: number, sending: Promise<unknown>): Promise<void> | undefined {
    this.#characters += characters;
    const settled = sending.then(
      () => this.#accept(number),
      (error: unknown) => this.#refuse({ number, error }),
    );
    const line = settled.then(() => {
      this.#characters -= characters;
      this.#inFlight.delete(line);
      this.#firstAnswer.resolve();
      if (!this.#isFull()) this.#roomFreed?.resolve();
    });
    this.#inFlight.add(line);
    if (!this.#isFull()) return undefined;
    this.#roomFreed = deferred();
    return this.#roomFreed.promise;
  }

  /** Resolves when no line is in flight. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  #isFull(): boolean {
    return this.#inFlight.size >= MAX_LINES || this.#characters >= MAX_CHARACTERS;
  }

  #accept(number: number): void {
    this.#accepted += 1;
    this.#lastAccepted = Math.max(this.#lastAccepted, number);
    this.#onAccepted(this.#accepted);
  }

  #refuse(line: RefusedLine): void {
    this.#refusedCount += 1;
    if (this.#refused === undefined || line.number < this.#refused.number) this.#refused = line;
    this.#failed.abort();
  }
}

const MAX_LINES = 1_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;
