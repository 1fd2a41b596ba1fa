import { type Deferred, deferred } from '@openedx-ts/events-core/bus';

/** A line that the bus refused. */
export interface RefusedLine {
  readonly number: number;
  readonly error: unknown;
}

/**
 * The lines that are under way: enough to fill requests, and few enough that memory stays small however long the input
 * is.
 */
export class SendWindow {
  readonly #failed = new AbortController();
  readonly #firstAnswer = deferred();
  readonly #onAccepted: (accepted: number) => void;
  readonly #underWay = new Set<Promise<void>>();
  #characters = 0;
  #room: Deferred<void> | undefined;
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

  /** The last line that was accepted; 0 for none. */
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

  /** Fires when a line was refused: nothing behind it should be sent. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Resolves when the bus has said anything of any line. */
  get firstAnswer(): Promise<void> {
    return this.#firstAnswer.promise;
  }

  /** Counts a line whose send has begun. When there is no room for the next, returns a promise of it. */
  add(number: number, characters: number, sending: Promise<unknown>): Promise<void> | undefined {
    this.#characters += characters;
    const settled = sending.then(
      () => this.#accept(number),
      (error: unknown) => this.#refuse({ number, error }),
    );
    const line = settled.then(() => {
      this.#characters -= characters;
      this.#underWay.delete(line);
      this.#firstAnswer.resolve();
      if (!this.#isFull()) this.#room?.resolve();
    });
    this.#underWay.add(line);
    if (!this.#isFull()) return undefined;
    this.#room = deferred();
    return this.#room.promise;
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #isFull(): boolean {
    return this.#underWay.size >= MAX_LINES || this.#characters >= MAX_CHARACTERS;
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
