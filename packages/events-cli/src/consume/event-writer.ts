import type { Writable } from 'node:stream';
import { InfrastructureError, runtime } from '@openedx-ts/events-core';

/** Nothing more is written, so nothing more may be acknowledged: the consumer leaves the event where it is. */
export class NotWritten extends InfrastructureError {}

export interface EventWriterOptions {
  readonly stdout: Writable;
  /** Events to write; undefined for no limit. */
  readonly count: number | undefined;
  /** Write nothing, and count. */
  readonly quiet: boolean;
  /** Ends the writing; a line that is under way gets a moment. */
  readonly abortSignal: AbortSignal;
  /** Called once, when nothing more will be written: enough, or the stream fails. */
  readonly onEnd: () => void;
}

/** Writes lines and says of each whether it arrived, so that no event is acknowledged that nobody got. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  #begun = 0;
  #written = 0;
  readonly #underWay = new Set<(error: Error) => void>();
  #failure: { readonly error: unknown } | undefined;

  constructor(options: EventWriterOptions) {
    this.#options = options;
    options.stdout.on('error', (error) => this.#fail(error));
    options.abortSignal.addEventListener('abort', () => void this.#letGo(), { once: true });
  }

  get written(): number {
    return this.#written;
  }

  /** Why it ended, when something failed. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /**
   * Resolves when the line was written.
   *
   * @throws NotWritten when it was not
   */
  async write(line: () => string): Promise<void> {
    const { count = Infinity, quiet, abortSignal, onEnd } = this.#options;
    if (this.#failure !== undefined || abortSignal.aborted || this.#begun >= count)
      throw new NotWritten('nothing more is written');
    this.#begun += 1;
    try {
      if (!quiet) await this.#writeText(`${line()}\n`);
    } catch (error) {
      if (!(error instanceof NotWritten)) this.#fail(error);
      throw error instanceof NotWritten ? error : new NotWritten('a line was not written', { cause: error });
    }
    this.#written += 1;
    if (this.#written === count) onEnd();
  }

  #writeText(text: string): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#underWay.add(reject);
      this.#options.stdout.write(text, (error) => {
        this.#underWay.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** A reader that stands still must not keep the command from ending. */
  async #letGo(): Promise<void> {
    await runtime().clock.sleep(GRACE_MS);
    for (const reject of this.#underWay) reject(new NotWritten('the reader stands still'));
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#options.onEnd();
  }
}

/** How long a line that is under way may still take when the command is to end. */
const GRACE_MS = 500;
